"""Pledges."""

from typing import Final

from api.auth.caller import Scope
from api.deps import Work, needs
from api.http.routing import router
from api.intents import service as intents
from api.intents.schemas import IntentView
from api.pledges import service
from api.pledges.schemas import PledgeBody, RealisationBody, ReleaseBody
from api.receivables.ids import to_lot_id

ROUTER: Final = router("/pledges", "pledges")


@ROUTER.post("", status_code=201, dependencies=[needs(Scope.SUBMIT)])
async def pledge_lot(body: PledgeBody, work: Work) -> IntentView:
    """Pledge one's lot for a loan: an intent that owner and pledgee sign."""
    return await intents.view(work, await service.pledge(work, body))


@ROUTER.post("/{lot_id}/release", status_code=201, dependencies=[needs(Scope.FINANCE)])
async def release_pledge(lot_id: str, body: ReleaseBody, work: Work) -> IntentView:
    """Lower or lift a pledge that the caller has on a lot: an intent that the pledgee signs, and the owner
    where it repays.
    """
    return await intents.view(work, await service.release(work, to_lot_id(lot_id), body))


@ROUTER.post("/{lot_id}/realisation", status_code=201, dependencies=[needs(Scope.FINANCE)])
async def realise_pledge(lot_id: str, body: RealisationBody, work: Work) -> IntentView:
    """Sell a lot that is pledged to the caller: an intent that owner, pledgee and buyer sign."""
    return await intents.view(work, await service.realise(work, to_lot_id(lot_id), body))
