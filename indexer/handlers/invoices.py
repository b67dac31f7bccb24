"""Invoice fingerprints: how much of each is used, and by which receivables."""

from typing import Any, Final

from domain.events import InvoiceBound, InvoiceReleased
from indexer.changes import Changes, Fact
from indexer.models import InvoiceBinding, InvoiceRelease, InvoiceUse


def bound(event: InvoiceBound, fact: Fact, changes: Changes) -> None:
    """Part of an invoice backs a receivable; total and use are those after it."""
    changes.put(
        fact, InvoiceUse, fingerprint=event.fingerprint, total_minor=event.total, used_minor=event.used
    )
    changes.insert(
        fact,
        InvoiceBinding,
        fingerprint=event.fingerprint,
        receivable=event.receivable,
        amount_minor=event.amount,
        tx_hash=fact.tx_hash,
        bound_s=fact.time_s,
    )


def released(event: InvoiceReleased, fact: Fact, changes: Changes) -> None:
    """The receivable was cancelled; that it was bound stays on record."""
    changes.put(
        fact, InvoiceUse, fingerprint=event.fingerprint, total_minor=event.total, used_minor=event.used
    )
    changes.insert(
        fact,
        InvoiceRelease,
        fingerprint=event.fingerprint,
        receivable=event.receivable,
        amount_minor=event.amount,
        tx_hash=fact.tx_hash,
        released_s=fact.time_s,
    )


HANDLERS: Final[dict[type[Any], Any]] = {InvoiceBound: bound, InvoiceReleased: released}
