"""Operations: how far a command has come."""

from typing import Final

from fastapi import Request

from api.auth.visibility import require_visible
from api.deps import Read, application_of
from api.http.problems import NOT_FOUND
from api.http.routing import router, wait_seconds
from api.outbox import service
from api.outbox.models import Operation
from api.outbox.schemas import OperationView
from api.work import Reading
from domain.ids import PartyAddress

ROUTER: Final = router("/operations", "operations")


@ROUTER.get("/{operation_id}")
async def get_operation(operation_id: str, read: Read, request: Request) -> OperationView:
    """An operation; with `Prefer: wait=10` the answer comes when it is done or failed, or after so many
    seconds.
    """
    operation = await service.find(read.session, operation_id)
    if operation is None:
        raise NOT_FOUND("no such operation")
    require_visible(read.caller, map(PartyAddress, operation.visible_to), "operation")
    wait_s = wait_seconds(request)
    if wait_s:
        operation = await application_of(request).outbox.finished(operation_id, wait_s)
    return OperationView.of(operation)


async def render(_reading: Reading, operation: Operation) -> OperationView:
    """The answer of a command that started an operation."""
    return OperationView.of(operation)
