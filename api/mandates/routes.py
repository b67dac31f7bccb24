"""Mandates."""

from typing import Final

from fastapi import Request

from api.auth.caller import Scope
from api.deps import Read, Work, needs
from api.http.pagination import PAGE_DEFAULT, CursorQuery, LimitQuery, PageView, page_view
from api.http.routing import router
from api.intents import repository
from api.intents import service as intents
from api.intents.schemas import IntentView
from api.mandates import service
from api.mandates.schemas import MandateBody, MandateView

ROUTER: Final = router("/mandates", "mandates")

_READERS: Final = needs(Scope.READ, Scope.QUOTE, Scope.FINANCE, Scope.AUDIT)


@ROUTER.post("", status_code=201, dependencies=[needs(Scope.FINANCE)])
async def grant_mandate(body: MandateBody, work: Work) -> IntentView:
    """Let a key of the bank buy alone within limits: an intent that the bank's signers sign (`finance`)."""
    return await intents.view(work, await service.grant(work, body))


@ROUTER.get("", dependencies=[_READERS])
async def list_mandates(
    read: Read, request: Request, cursor: CursorQuery = None, limit: LimitQuery = PAGE_DEFAULT
) -> PageView[MandateView]:
    """The mandates of the caller's bank, those that are over or withdrawn included; all for auditors."""
    page = await service.page(read, cursor, limit)
    return page_view(request, await service.views(read, page.items), page.next_cursor)


@ROUTER.get("/{mandate_id}", dependencies=[_READERS])
async def get_mandate(mandate_id: str, read: Read) -> MandateView:
    """A mandate of the caller's bank."""
    mandate = await service.visible(read, repository.to_digest(mandate_id))
    return (await service.views(read, [mandate]))[0]


@ROUTER.post("/{mandate_id}/revocation", status_code=201, dependencies=[needs(Scope.QUOTE, Scope.FINANCE)])
async def revoke_mandate(mandate_id: str, work: Work) -> IntentView:
    """Take a mandate back: an intent that any one key of the bank signs. What was bought stays bought."""
    return await intents.view(work, await service.withdraw(work, repository.to_digest(mandate_id)))
