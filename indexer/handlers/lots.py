"""Lots: a child takes the low end of its parent, which keeps the rest."""

from typing import Any, Final

from domain.events import LotMoved
from domain.ids import lot_index
from indexer.changes import Changes, Fact
from indexer.models import Lot, LotMove, Receivable


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


def _cut_from_parent(event: LotMoved, fact: Fact, changes: Changes) -> None:
    changes.update(
        fact,
        Lot,
        {"id": event.parent},
        first_serial=event.first + event.amount,
        amount_minor=event.parent_left,
        seq=event.parent_seq,
    )


HANDLERS: Final[dict[type[Any], Any]] = {LotMoved: moved}
