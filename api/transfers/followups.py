"""What an assignment made, once the ledger has it."""

from typing import Final

from api.outbox.models import Operation, OperationKind, OperationState
from api.outbox.service import Followup
from api.work import UnitOfWork
from domain.ids import Digest, LotId, receivable_of
from indexer import queries


async def _assigned(work: UnitOfWork, operation: Operation) -> None:
    use = await queries.intent_use(work.mirror, Digest(operation.digest or ""))
    if operation.state != OperationState.DONE or use is None:
        return
    child = LotId(use.subject)
    operation.result = {"lot_id": str(child), "receivable_id": str(receivable_of(child))}


FOLLOWUPS: Final[dict[OperationKind, Followup]] = {OperationKind.ASSIGN: _assigned}
