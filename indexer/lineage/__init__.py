"""Where title came from and where the money went: from a receivable's invoices to the payee of a cent."""

from indexer.lineage.reading import TraceTooLarge, trace
from indexer.lineage.shapes import (
    ChargeChange,
    DebtorPayment,
    Departure,
    Evidence,
    FlagChange,
    Hop,
    InvoiceLink,
    Loss,
    LotTree,
    Payout,
    PledgeTerms,
    Purchase,
    Repurchase,
    StateStep,
    Trace,
)

__all__ = [
    "ChargeChange",
    "DebtorPayment",
    "Departure",
    "Evidence",
    "FlagChange",
    "Hop",
    "InvoiceLink",
    "Loss",
    "LotTree",
    "Payout",
    "PledgeTerms",
    "Purchase",
    "Repurchase",
    "StateStep",
    "Trace",
    "TraceTooLarge",
    "trace",
]
