"""What payments and claims came to, once the ledger has them."""

from typing import Any, Final

from api.http.schemas import MoneyView
from api.outbox.models import Operation, OperationKind, OperationState
from api.outbox.service import Followup
from api.settlement.models import CashCredit
from api.work import UnitOfWork
from domain.ids import Digest, LotId, ReceivableId, receivable_of
from indexer import queries
from indexer.models import ChainEvent, ChargePayment


async def _paid(work: UnitOfWork, operation: Operation) -> None:
    use = await queries.intent_use(work.mirror, Digest(operation.digest or ""))
    if operation.state != OperationState.DONE or use is None:
        return
    receivable_id = ReceivableId(use.subject)
    receivable = await queries.receivable(work.mirror, receivable_id)
    payment = await queries.payment_of_intent(work.mirror, receivable_id, Digest(use.digest))
    if receivable is None or payment is None:
        raise LookupError(f"the mirror has the intent of operation {operation.id} and not its payment")
    operation.result = {
        "receivable_id": str(receivable_id),
        "installment": payment.installment,
        "principal": _money(payment.principal_minor, receivable.currency),
        "interest": _money(payment.interest_minor, receivable.currency),
    }


async def _claimed(work: UnitOfWork, operation: Operation) -> None:
    if operation.state != OperationState.DONE or operation.tx_hash is None:
        return
    events = await queries.tx_events(work.mirror, operation.tx_hash)
    claimed = [await _claim(work, event) for event in events if event.name == "LotClaimed"]
    failed = [str(_topic(event.topic1)) for event in events if event.name == "ClaimFailed"]
    operation.result = {"claimed": claimed, "failed_lot_ids": failed}


async def _claim(work: UnitOfWork, event: ChainEvent) -> dict[str, Any]:
    lot_id = LotId(_topic(event.topic1))
    receivable = await queries.receivable(work.mirror, receivable_of(lot_id))
    claim = await queries.claim_at(work.mirror, event.block_number, event.log_index)
    if receivable is None or claim is None:
        raise LookupError(f"the mirror has the event of lot {lot_id} and not its claim")
    # the ledger says in its next event what of the claim went to a chargee
    part = await work.mirror.get(ChargePayment, (event.block_number, event.log_index + 1))
    to_chargee = part.amount_minor if part is not None else 0
    to_holder = claim.principal_minor + claim.interest_minor - to_chargee
    return {
        "lot_id": str(lot_id),
        "principal": _money(claim.principal_minor, receivable.currency),
        "interest": _money(claim.interest_minor, receivable.currency),
        "to_holder": _money(to_holder, receivable.currency),
        "to_chargee": _money(to_chargee, receivable.currency),
    }


async def _minted(work: UnitOfWork, operation: Operation) -> None:
    """A credit that the ledger refused may be booked again once its cause is gone."""
    reference_hash = operation.subject_ref.removeprefix("credit:")
    if operation.state == OperationState.FAILED:
        for row in await _credits(work, reference_hash, operation.id):
            await work.session.delete(row)


async def _credits(work: UnitOfWork, reference_hash: str, operation_id: str) -> list[CashCredit]:
    found = [await work.session.get(CashCredit, (reference_hash, numeric)) for numeric in work.book.cash]
    return [row for row in found if row is not None and row.operation_id == operation_id]


def _money(amount_minor: int, currency: int) -> dict[str, Any]:
    return MoneyView.of(amount_minor, currency).model_dump()


def _topic(word: str | None) -> int:
    return int(word or "0x0", 16)


FOLLOWUPS: Final[dict[OperationKind, Followup]] = {
    OperationKind.PAY: _paid,
    OperationKind.CLAIM: _claimed,
    OperationKind.MINT: _minted,
}
