"""What becomes of an invoice when the ledger has answered."""

from typing import Final

from api.ids import now_ms
from api.invoices import repository
from api.invoices.models import Invoice
from api.outbox.models import Operation, OperationKind, OperationState
from api.outbox.service import Followup
from api.work import UnitOfWork
from domain.ids import Digest, ReceivableId, lot_id
from domain.invoice import InvoiceState
from indexer import queries


async def _issued(work: UnitOfWork, operation: Operation) -> None:
    invoice = await repository.find_by_digest(work.session, operation.digest or "")
    if invoice is None:
        return
    if operation.state == OperationState.DONE:
        await _bind(work, operation, invoice)
    else:
        # Both sides have signed in vain; the invoice is free to be submitted again.
        invoice.state, invoice.problem = InvoiceState.EXPIRED, operation.problem
    invoice.updated_ms = now_ms()
    await work.session.flush()


async def _bind(work: UnitOfWork, operation: Operation, invoice: Invoice) -> None:
    use = await queries.intent_use(work.mirror, Digest(invoice.intent_digest or ""))
    if use is None:
        raise LookupError(f"operation {operation.id} is done and the mirror has no use of its intent")
    receivable_id = ReceivableId(use.subject)
    invoice.state, invoice.receivable_id = InvoiceState.ISSUED, receivable_id
    operation.result = {
        "invoice_id": invoice.id,
        "receivable_id": str(receivable_id),
        "lot_id": str(lot_id(receivable_id, 1)),
    }


FOLLOWUPS: Final[dict[OperationKind, Followup]] = {OperationKind.ISSUE: _issued}
