"""Lots: a child takes the low end of its parent, which keeps the rest; stops and charges on them."""

from typing import Any, Final

from domain.events import LotCharged, LotFlagsChanged, LotMoved
from domain.ids import ZERO_DIGEST, lot_index, receivable_of
from domain.receivable import Cause
from indexer.changes import Changes, Fact
from indexer.models import Lot, LotChargeChange, LotFlagChange, LotMove, Receivable

_AFTER_PAYMENTS: Final = frozenset({Cause.BUYBACK, Cause.FORCED, Cause.RECOVERY})
"""Causes of moves that may come when payments have been claimed: the first payment ends all the others."""


def moved(event: LotMoved, fact: Fact, changes: Changes) -> None:
    """A hop of title, the new lot, and what is left of the one it was cut from."""
    changes.insert(
        fact,
        LotMove,
        child=event.child,
        receivable=event.receivable,
        parent=event.parent,
        from_party=event.from_,
        to_party=event.to,
        first_serial=event.first,
        amount_minor=event.amount,
        parent_left_minor=event.parent_left,
        parent_seq=event.parent_seq,
        depth=event.depth,
        cause=event.cause.value,
        evidence=event.evidence,
        tx_hash=fact.tx_hash,
        moved_s=fact.time_s,
    )
    changes.insert(
        fact,
        Lot,
        id=event.child,
        receivable=event.receivable,
        parent=event.parent,
        owner=event.to,
        depth=event.depth,
        first_serial=event.first,
        amount_minor=event.amount,
        since_s=fact.time_s,
    )
    changes.update(fact, Receivable, {"id": event.receivable}, lot_count=lot_index(event.child))
    if event.parent:
        _cut_from_parent(event, fact, changes)
    if event.cause in _AFTER_PAYMENTS:
        # The child has received what its parent has, which the event does not say.
        changes.copy(fact, Lot, {"id": event.child}, "claimed_through", {"id": event.parent})
        changes.closings.add(event.receivable)


def flags_changed(event: LotFlagsChanged, fact: Fact, changes: Changes) -> None:
    """Stopped or let go by an order, charged or free of a charge, exported, bought under a mandate."""
    changes.update(fact, Lot, {"id": event.lot}, flags=event.flags, seq=event.seq)
    if event.evidence == ZERO_DIGEST:
        # a claim of a charged lot raised its seq: its flags are what they were, and nobody ordered anything
        return
    changes.insert(
        fact,
        LotFlagChange,
        receivable=event.receivable,
        lot=event.lot,
        flags=event.flags,
        seq=event.seq,
        evidence=event.evidence,
        tx_hash=fact.tx_hash,
        changed_s=fact.time_s,
    )


def charged(event: LotCharged, fact: Fact, changes: Changes) -> None:
    """The charge after the change; its flag has an event of its own."""
    columns = {
        "chargee": event.chargee,
        "secured_minor": event.secured,
        "recourse_limit_minor": event.recourse_limit,
    }
    changes.update(fact, Lot, {"id": event.lot}, **columns)
    changes.insert(
        fact,
        LotChargeChange,
        receivable=receivable_of(event.lot),
        lot=event.lot,
        tx_hash=fact.tx_hash,
        changed_s=fact.time_s,
        **columns,
    )


def _cut_from_parent(event: LotMoved, fact: Fact, changes: Changes) -> None:
    changes.update(
        fact,
        Lot,
        {"id": event.parent},
        first_serial=event.first + event.amount,
        amount_minor=event.parent_left,
        seq=event.parent_seq,
    )


HANDLERS: Final[dict[type[Any], Any]] = {
    LotMoved: moved,
    LotFlagsChanged: flags_changed,
    LotCharged: charged,
}
