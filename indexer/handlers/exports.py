"""Exports: lots that go on living in another register."""

from typing import Any, Final

from domain.events import LotExported
from domain.ids import receivable_of
from indexer.changes import Changes, Fact
from indexer.models import LotExport


def exported(event: LotExported, fact: Fact, changes: Changes) -> None:
    """The other register took a lot over; title and flag have events of their own."""
    changes.insert(
        fact,
        LotExport,
        child=event.child,
        receivable=receivable_of(event.child),
        owner=event.owner,
        registry_party=event.registry,
        amount_minor=event.amount,
        registry_ref=event.registry_ref,
        digest=event.digest,
        tx_hash=fact.tx_hash,
        exported_s=fact.time_s,
    )


HANDLERS: Final[dict[type[Any], Any]] = {LotExported: exported}
