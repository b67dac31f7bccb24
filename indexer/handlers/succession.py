"""A successor ledger: receivables and lots as it took them over from the one before (ADR 0021).

Payments, claims and hops of before stay in the predecessor's mirror.
"""

from typing import Any, Final

from domain.events import LotImported, ReceivableImported, Retired, Sealed, TotalsImported
from domain.receivable import TRANSITIONS
from indexer.changes import Changes, Fact
from indexer.models import Lot, Receivable


def receivable_imported(event: ReceivableImported, fact: Fact, changes: Changes) -> None:
    """A receivable with all that has become of it; when one was closed, only the predecessor knows."""
    changes.insert(
        fact,
        Receivable,
        id=event.id,
        debtor=event.debtor,
        creditor=event.creditor,
        currency=event.currency,
        face_minor=event.face,
        paid_minor=event.paid,
        interest_paid_minor=event.interest_paid,
        claimed_minor=event.claimed,
        interest_owed_minor=event.interest_owed,
        interest_through_s=event.interest_through,
        issued_s=event.issued,
        due_s=event.due,
        state=event.state.value,
        closed_s=None if TRANSITIONS[event.state] else fact.time_s,
        overdue=event.overdue,
        lot_count=event.lot_count,
        installments=event.installments,
        terms_hash=event.terms_hash,
        invoice_set=event.invoice_set,
        max_depth=event.max_depth,
        max_lots=event.max_lots,
        min_lot_minor=event.min_lot_minor,
        late_rate_ppm_per_day=event.late_rate_ppm_per_day,
        grace_days=event.grace_days,
        close_window_seconds=event.close_window_seconds,
    )


def lot_imported(event: LotImported, fact: Fact, changes: Changes) -> None:
    """A lot with its charge and flags; its receivable, taken over before, may be closed."""
    changes.closings.add(event.receivable)
    changes.insert(
        fact,
        Lot,
        id=event.id,
        receivable=event.receivable,
        parent=event.parent,
        owner=event.owner,
        depth=event.depth,
        first_serial=event.first,
        amount_minor=event.amount,
        seq=event.seq,
        claimed_through=event.claimed_through,
        since_s=event.since,
        flags=event.flags,
        chargee=event.chargee,
        secured_minor=event.secured,
        recourse_limit_minor=event.recourse_limit,
    )


def kept_as_fact(_event: Any, _fact: Fact, _changes: Changes) -> None:
    """Totals of old payments, and the end and the beginning of a ledger, are read from the facts."""


HANDLERS: Final[dict[type[Any], Any]] = {
    ReceivableImported: receivable_imported,
    LotImported: lot_imported,
    TotalsImported: kept_as_fact,
    Sealed: kept_as_fact,
    Retired: kept_as_fact,
}
