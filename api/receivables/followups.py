"""What became of a lot, once the ledger has it."""

from api.outbox.models import Operation, OperationState
from api.work import UnitOfWork
from domain.ids import Digest, LotId, receivable_of
from indexer import queries


async def tell_lot(work: UnitOfWork, operation: Operation) -> None:
    """The result of an operation whose intent made or changed a lot: that lot, and its receivable."""
    use = await queries.intent_use(work.mirror, Digest(operation.digest or ""))
    if operation.state != OperationState.DONE or use is None:
        return
    lot = LotId(use.subject)
    operation.result = {"lot_id": str(lot), "receivable_id": str(receivable_of(lot))}
