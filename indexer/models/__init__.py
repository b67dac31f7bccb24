"""Tables of the schema `ledger`: raw facts, append-only, and projections that follow from them.

A projection's (`block_number`, `log_index`) is the event that wrote the row last.
"""

from indexer.models.base import LedgerTable, Located
from indexer.models.governance import FunctionRole, ModuleRight, PauseState, RoleGrant, Rule
from indexer.models.money import (
    CashBalance,
    CashLimit,
    CashMovement,
    CashMovementKind,
    CashSupply,
    Claim,
    CurrencyCash,
    Payment,
)
from indexer.models.parties import IntentRevocation, IntentUse, Party, Signer, Threshold
from indexer.models.raw import ChainBlock, ChainEvent, Cursor
from indexer.models.title import Financing, InvoiceBinding, InvoiceUse, Lot, LotMove, Receivable

__all__ = [
    "CashBalance",
    "CashLimit",
    "CashMovement",
    "CashMovementKind",
    "CashSupply",
    "ChainBlock",
    "ChainEvent",
    "Claim",
    "CurrencyCash",
    "Cursor",
    "Financing",
    "FunctionRole",
    "IntentRevocation",
    "IntentUse",
    "InvoiceBinding",
    "InvoiceUse",
    "LedgerTable",
    "Located",
    "Lot",
    "LotMove",
    "ModuleRight",
    "Party",
    "PauseState",
    "Payment",
    "Receivable",
    "RoleGrant",
    "Rule",
    "Signer",
    "Threshold",
]
