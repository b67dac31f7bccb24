"""Receivables: born with an `Issue`, keeping the terms of that day."""

from typing import Any, Final

from domain.events import OverdueChanged, ReceivableIssued, ReceivableStateChanged, ReceivableTerms
from domain.receivable import ReceivableState
from indexer.changes import Changes, Fact
from indexer.models import Party, Receivable


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
    """The state after the change."""
    changes.update(fact, Receivable, {"id": event.receivable}, state=event.to.value)


def overdue_changed(event: OverdueChanged, fact: Fact, changes: Changes) -> None:
    """Flagged or cleared, and how many flagged ones now block the debtor."""
    changes.update(fact, Receivable, {"id": event.receivable}, overdue=event.overdue)
    changes.update(fact, Party, {"address": event.debtor}, blocking=event.blocking)


HANDLERS: Final[dict[type[Any], Any]] = {
    ReceivableIssued: issued,
    ReceivableTerms: terms_kept,
    ReceivableStateChanged: state_changed,
    OverdueChanged: overdue_changed,
}
