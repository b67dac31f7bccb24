"""What backs receivables, as the contract `Invoices` keeps it."""

from collections.abc import Sequence

from domain import events
from domain.ids import ZERO_DIGEST, Fingerprint, ReceivableId
from domain.intents import InvoiceUse
from domain.ledger.journal import Journal, written
from domain.ledger.refusal import LedgerRefusal
from domain.ledger.rights import INVOICES, Right
from domain.ledger.state import InvoiceStanding

TOTAL_MAX_MINOR = 2**53 - 1
ZERO_FINGERPRINT = Fingerprint(ZERO_DIGEST)


def bind(journal: Journal, receivable: ReceivableId, uses: Sequence[InvoiceUse]) -> None:
    """Use parts of invoices, none beyond its total."""
    journal.require_right(INVOICES, Right.ISSUE)
    if not uses:
        raise LedgerRefusal("InvoicesNone")
    for use in uses:
        _bind(journal, receivable, use)


def release(journal: Journal, receivable: ReceivableId, uses: Sequence[InvoiceUse]) -> None:
    """Free the parts that a cancelled receivable used."""
    journal.require_right(INVOICES, Right.CANCEL)
    for use in uses:
        standing = journal.state.invoices[use.fingerprint]
        _put(journal, use, InvoiceStanding(standing.total, standing.used - use.amount))
        journal.emit(
            events.InvoiceReleased(
                use.fingerprint, receivable, use.amount, standing.total, standing.used - use.amount
            )
        )


def _bind(journal: Journal, receivable: ReceivableId, use: InvoiceUse) -> None:
    if use.fingerprint == ZERO_FINGERPRINT or not use.total or not use.amount:
        raise LedgerRefusal("InvoicesZeroValue", use.fingerprint)
    if use.total > TOTAL_MAX_MINOR:
        raise LedgerRefusal("InvoicesTotalTooLarge", use.fingerprint, use.total, TOTAL_MAX_MINOR)
    standing = journal.state.invoices.get(use.fingerprint)
    if standing is None or not standing.used:
        # nothing hangs on a total that nobody uses
        standing = InvoiceStanding(use.total, 0)
    if standing.total != use.total:
        raise LedgerRefusal("InvoicesTotalChanged", use.fingerprint, standing.total, use.total)
    used = standing.used + use.amount
    if used > standing.total:
        raise LedgerRefusal("InvoicesOverused", use.fingerprint, standing.total, standing.used, use.amount)
    _put(journal, use, InvoiceStanding(standing.total, used))
    journal.emit(events.InvoiceBound(use.fingerprint, receivable, use.amount, standing.total, used))


def _put(journal: Journal, use: InvoiceUse, standing: InvoiceStanding) -> None:
    journal.change(invoices=written(journal.state.invoices, use.fingerprint, standing))
