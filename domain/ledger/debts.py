"""Debt, as the contract `Debts` keeps it: what comes in, and how a receivable ends."""

from dataclasses import replace

from domain import events
from domain.calendar import days_late
from domain.ids import ZERO_DIGEST, Digest, PartyAddress, ReceivableId, lot_id
from domain.ledger.journal import Journal, written
from domain.ledger.refusal import LedgerRefusal
from domain.ledger.rights import LEDGER, Right
from domain.ledger.state import Receivable
from domain.lots import LotFlag
from domain.receivable import ReceivableState, require_transition
from domain.settlement import PaidThrough, PaymentSplit, accrue, apply_payment, default_instant

INSTALLMENTS_MAX = 2**16 - 1
"""The last number is for a payment of all that is owed, or for the write-off."""

_S = ReceivableState
_PAYABLE = frozenset({_S.ACTIVE, _S.SUSPENDED, _S.SETTLING, _S.DEFAULTED})
_OPEN = frozenset({_S.ACTIVE, _S.SETTLING})


def record_payment(  # the arguments of the contract's function
    journal: Journal,
    receivable: ReceivableId,
    debtor: PartyAddress,
    amount: int,
    paid_before: int,
    digest: Digest,
) -> None:
    """Book a payment: interest first, then principal."""
    journal.require_right(LEDGER, Right.PAY)
    entry = journal.receivable(receivable)
    if debtor != entry.debtor:
        raise LedgerRefusal("LedgerNotDebtor", receivable, entry.debtor, debtor)
    if entry.state not in _PAYABLE:
        raise LedgerRefusal("LedgerNotPayable", receivable, entry.state)
    current = entry.paid + entry.interest_paid
    if paid_before != current:
        raise LedgerRefusal("LedgerStalePayment", receivable, paid_before, current)
    if not amount:
        raise LedgerRefusal("LedgerZeroValue")
    entry, split = _booked(journal, receivable, entry, amount)
    if entry.installments == INSTALLMENTS_MAX and entry.paid != entry.face:
        raise LedgerRefusal("LedgerOnlyInFull", receivable)
    journal.put_receivable(receivable, entry)
    journal.emit(
        events.PaymentReceived(
            receivable,
            debtor,
            entry.installments,
            split.principal,
            split.interest,
            entry.paid,
            entry.interest_paid,
            entry.interest_owed,
            entry.interest_through,
            digest,
        )
    )
    _advance(journal, receivable)


def record_overdue(journal: Journal, receivable: ReceivableId) -> None:
    """Flag what is due and unpaid."""
    entry = journal.receivable(receivable)
    if not days_late(journal.now_s, entry.due) or entry.overdue or entry.state not in _OPEN:
        raise LedgerRefusal("LedgerNotOverdue", receivable, entry.due)
    _set_overdue(journal, receivable, overdue=True)


def record_default(journal: Journal, receivable: ReceivableId) -> None:
    """What is unpaid at the end of its grace period is in default."""
    entry = journal.receivable(receivable)
    from_s = default_instant(entry.due, entry.grace_days)
    if journal.now_s < from_s or entry.state not in _OPEN:
        raise LedgerRefusal("LedgerNotInDefault", receivable, entry.state, from_s)
    _set_state(journal, receivable, _S.DEFAULTED)
    if not entry.overdue:
        _set_overdue(journal, receivable, overdue=True)


def set_suspended(journal: Journal, receivable: ReceivableId, order: Digest, *, suspended: bool) -> None:
    """Stop a receivable before its first payment, or let it go on from what was paid meanwhile."""
    if order == ZERO_DIGEST:
        raise LedgerRefusal("LedgerZeroValue")
    entry = journal.receivable(receivable)
    if entry.state != (_S.ACTIVE if suspended else _S.SUSPENDED):
        raise LedgerRefusal("LedgerWrongState", receivable, entry.state)
    resumed = _state_of_paid(entry) if entry.installments else _S.ACTIVE
    _set_state(journal, receivable, _S.SUSPENDED if suspended else resumed)
    journal.emit(events.ReceivableOrdered(receivable, order))


def write_off(journal: Journal, receivable: ReceivableId, order: Digest) -> None:
    """Give up what is in default: a last payment of nothing, so that what was paid is divided to the cent."""
    if order == ZERO_DIGEST:
        raise LedgerRefusal("LedgerZeroValue")
    entry = journal.receivable(receivable)
    if entry.state != _S.DEFAULTED:
        raise LedgerRefusal("LedgerWrongState", receivable, entry.state)
    lost = accrue(entry.debt, journal.now_s)
    journal.put_receivable(receivable, replace(entry, history=(*entry.history, entry.history[-1])))
    _set_state(journal, receivable, _S.WRITTEN_OFF)
    installment = entry.installments + 1
    journal.emit(
        events.ReceivableWrittenOff(receivable, installment, lost.principal_owed, lost.interest_owed, order)
    )


def cancel(
    journal: Journal,
    receivable: ReceivableId,
    debtor: PartyAddress,
    creditor: PartyAddress,
    evidence: Digest,
) -> Digest:
    """Take back a receivable to which nothing happened yet; returns the invoices that it bound."""
    journal.require_right(LEDGER, Right.CANCEL)
    if evidence == ZERO_DIGEST:
        raise LedgerRefusal("LedgerZeroValue")
    entry = journal.receivable(receivable)
    if entry.state != _S.ACTIVE:
        raise LedgerRefusal("LedgerWrongState", receivable, entry.state)
    if debtor != entry.debtor:
        raise LedgerRefusal("LedgerNotDebtor", receivable, entry.debtor, debtor)
    if creditor != entry.creditor:
        raise LedgerRefusal("LedgerNotCreditor", receivable, entry.creditor, creditor)
    _check_untouched(journal, receivable, entry)
    _set_state(journal, receivable, _S.CANCELLED)
    if entry.overdue:
        _set_overdue(journal, receivable, overdue=False)
    journal.emit(events.ReceivableOrdered(receivable, evidence))
    return entry.invoice_set


def _check_untouched(journal: Journal, receivable: ReceivableId, entry: Receivable) -> None:
    if entry.lot_count != 1:
        raise LedgerRefusal("LedgerAlreadySplit", receivable, entry.lot_count)
    first = lot_id(receivable, 1)
    flags = journal.lot(first).flags
    if LotFlag.FROZEN in flags:
        raise LedgerRefusal("LedgerLotFrozen", first)
    if flags:
        raise LedgerRefusal("LedgerLotCharged", first, flags)


def _booked(
    journal: Journal, receivable: ReceivableId, entry: Receivable, amount: int
) -> tuple[Receivable, PaymentSplit]:
    debt, split = apply_payment(entry.debt, amount, journal.now_s)
    if split.left_over:
        raise LedgerRefusal("LedgerOverpaid", receivable, amount, amount - split.left_over)
    booked = replace(
        entry,
        interest_owed=debt.interest_owed,
        interest_through=debt.interest_through_s,
        history=(*entry.history, PaidThrough(debt.paid, debt.interest_paid)),
    )
    return booked, split


def _advance(journal: Journal, receivable: ReceivableId) -> None:
    """The first payment closes the register, the last one settles and lifts the debtor's block."""
    entry = journal.receivable(receivable)
    before, after = entry.state, _state_of_paid(entry)
    kept = before == _S.SUSPENDED or (before == _S.DEFAULTED and after != _S.SETTLED)
    if not kept and after != before:
        _set_state(journal, receivable, after)
    if after == _S.SETTLED and entry.overdue:
        _set_overdue(journal, receivable, overdue=False)


def _state_of_paid(entry: Receivable) -> ReceivableState:
    """Interest is paid before principal: no principal left means nothing left."""
    return _S.SETTLED if entry.paid == entry.face else _S.SETTLING


def _set_state(journal: Journal, receivable: ReceivableId, after: ReceivableState) -> None:
    entry = journal.receivable(receivable)
    require_transition(entry.state, after)
    journal.put_receivable(receivable, replace(entry, state=after))
    journal.emit(events.ReceivableStateChanged(receivable, entry.state, after))


def _set_overdue(journal: Journal, receivable: ReceivableId, *, overdue: bool) -> None:
    entry = journal.receivable(receivable)
    blocking = journal.state.blocking.get(entry.debtor, 0) + (1 if overdue else -1)
    journal.put_receivable(receivable, replace(entry, overdue=overdue))
    journal.change(blocking=written(journal.state.blocking, entry.debtor, blocking))
    journal.emit(events.OverdueChanged(receivable, entry.debtor, overdue, blocking))
