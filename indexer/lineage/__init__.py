"""Where title came from and where the money went: from a receivable's invoices to the payee of a cent."""

from indexer.lineage.reading import TraceTooLarge, UnknownSerial, holder_at, trace
from indexer.lineage.shapes import (
    DebtorPayment,
    Evidence,
    Holder,
    Hop,
    InvoiceLink,
    LotTree,
    Payout,
    Purchase,
    Trace,
)

__all__ = [
    "DebtorPayment",
    "Evidence",
    "Holder",
    "Hop",
    "InvoiceLink",
    "LotTree",
    "Payout",
    "Purchase",
    "Trace",
    "TraceTooLarge",
    "UnknownSerial",
    "holder_at",
    "trace",
]
