"""Assignments."""

from typing import Final

from api.auth.caller import Scope
from api.deps import Work, needs
from api.http.routing import router
from api.intents import service as intents
from api.intents.schemas import IntentView
from api.transfers import service
from api.transfers.schemas import AssignmentBody

ROUTER: Final = router("/assignments", "assignments")


@ROUTER.post("", status_code=201, dependencies=[needs(Scope.SUBMIT)])
async def assign_lot(body: AssignmentBody, work: Work) -> IntentView:
    """Pass part of a lot on: an intent that owner and receiver sign. It takes effect when both have."""
    return await intents.view(work, await service.assign(work, body))
