"""Operations: how far a command has come."""

from typing import Final

from fastapi import Request

from api.auth.caller import Scope
from api.auth.visibility import require_visible
from api.deps import Caller, application_of
from api.http.problems import NOT_FOUND
from api.http.routing import router, wait_seconds
from api.outbox import service
from api.outbox.models import Lane, Operation
from api.outbox.schemas import OperationView
from api.work import Reading
from domain.ids import PartyAddress

ROUTER: Final = router("/operations", "operations")

_OFFICES: Final = {Lane.REGISTRAR: Scope.REGISTER, Lane.SETTLEMENT_BANK: Scope.SETTLE}
"""An office is no party that an operation could name: it sees what goes through its own lane."""


@ROUTER.get("/{operation_id}")
async def get_operation(operation_id: str, caller: Caller, request: Request) -> OperationView:
    """An operation; with `Prefer: wait=10` the answer comes when it is done or failed, or after so many
    seconds.
    """
    application = application_of(request)
    # Closed before waiting: a few patient clients would hold all connections otherwise.
    async with application.resources.databases.reading() as session:
        operation = await service.find(session, operation_id)
    if operation is None:
        raise NOT_FOUND("no such operation")
    office = _OFFICES.get(Lane(operation.lane))
    if office is None or not caller.has(office):
        require_visible(caller, map(PartyAddress, operation.visible_to), "operation")
    wait_s = wait_seconds(request)
    if wait_s:
        operation = await application.outbox.finished(operation_id, wait_s)
    return OperationView.of(operation)


async def render(_reading: Reading, operation: Operation) -> OperationView:
    """The answer of a command that started an operation."""
    return OperationView.of(operation)
