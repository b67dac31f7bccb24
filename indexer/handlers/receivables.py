"""Receivables: born with an `Issue`, keeping the terms of that day; their states and who ordered them."""

from typing import Any, Final

from domain.events import (
    OverdueChanged,
    ReceivableIssued,
    ReceivableOrdered,
    ReceivableStateChanged,
    ReceivableTerms,
    ReceivableWrittenOff,
)
from domain.receivable import TRANSITIONS, ReceivableState
from indexer.changes import Changes, Fact
from indexer.models import Party, Receivable, ReceivableOrder, ReceivableStateChange, WriteOff


def issued(event: ReceivableIssued, fact: Fact, changes: Changes) -> None:
    """A receivable exists, with no lots yet; its `LotMoved` follows."""
    changes.insert(
        fact,
        Receivable,
        id=event.id,
        debtor=event.debtor,
        creditor=event.creditor,
        currency=event.currency,
        face_minor=event.face,
        issued_s=fact.time_s,
        due_s=event.due,
        state=ReceivableState.ACTIVE.value,
        terms_hash=event.terms_hash,
        invoice_set=event.invoice_set,
    )


def terms_kept(event: ReceivableTerms, fact: Fact, changes: Changes) -> None:
    """The rules it keeps for life (ADR 0006)."""
    changes.update(
        fact,
        Receivable,
        {"id": event.receivable},
        max_depth=event.max_depth,
        max_lots=event.max_lots,
        min_lot_minor=event.min_lot_minor,
        late_rate_ppm_per_day=event.late_rate_ppm_per_day,
        grace_days=event.grace_days,
        close_window_seconds=event.close_window_seconds,
    )


def state_changed(event: ReceivableStateChanged, fact: Fact, changes: Changes) -> None:
    """The state after the change, and that it changed; a state that none follows closes it with its lots."""
    closed = {} if TRANSITIONS[event.to] else {"closed_s": fact.time_s}
    if closed:
        changes.closings.add(event.receivable)
    changes.update(fact, Receivable, {"id": event.receivable}, state=event.to.value, **closed)
    changes.insert(
        fact,
        ReceivableStateChange,
        receivable=event.receivable,
        from_state=event.from_.value,
        to_state=event.to.value,
        tx_hash=fact.tx_hash,
        changed_s=fact.time_s,
    )


def ordered(event: ReceivableOrdered, fact: Fact, changes: Changes) -> None:
    """What stands behind the change of state before."""
    changes.insert(
        fact,
        ReceivableOrder,
        receivable=event.receivable,
        evidence=event.evidence,
        tx_hash=fact.tx_hash,
        ordered_s=fact.time_s,
    )


def written_off(event: ReceivableWrittenOff, fact: Fact, changes: Changes) -> None:
    """A last payment of nothing, so that what was paid can be divided to the cent."""
    changes.insert(
        fact,
        WriteOff,
        receivable=event.receivable,
        installment=event.installment,
        principal_lost_minor=event.principal_lost,
        interest_lost_minor=event.interest_lost,
        evidence=event.order,
        tx_hash=fact.tx_hash,
        written_off_s=fact.time_s,
    )
    changes.update(fact, Receivable, {"id": event.receivable}, installments=event.installment)


def overdue_changed(event: OverdueChanged, fact: Fact, changes: Changes) -> None:
    """Flagged or cleared, and how many flagged ones now block the debtor."""
    changes.update(fact, Receivable, {"id": event.receivable}, overdue=event.overdue)
    changes.update(fact, Party, {"address": event.debtor}, blocking=event.blocking)


HANDLERS: Final[dict[type[Any], Any]] = {
    ReceivableIssued: issued,
    ReceivableTerms: terms_kept,
    ReceivableStateChanged: state_changed,
    OverdueChanged: overdue_changed,
    ReceivableOrdered: ordered,
    ReceivableWrittenOff: written_off,
}
