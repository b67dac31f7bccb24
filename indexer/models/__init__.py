"""Tables of the schema `ledger`: raw facts, append-only, and projections that follow from them.

A projection's (`block_number`, `log_index`) is the event that wrote the row last.
"""

from indexer.models.base import LedgerTable, Located
from indexer.models.charges import LotChargeChange, LotFlagChange, PledgeAgreement, PledgeStep
from indexer.models.financing import BuyBack, Financing, Mandate, MandateHolding
from indexer.models.governance import FunctionRole, ModuleRight, PauseState, RoleGrant, Rule
from indexer.models.money import (
    CashBalance,
    CashLimit,
    CashMovement,
    CashMovementKind,
    CashSupply,
    ChargePayment,
    Claim,
    CurrencyCash,
    Payment,
)
from indexer.models.orders import ReceivableOrder, ReceivableStateChange, WriteOff
from indexer.models.parties import IntentRevocation, IntentUse, Party, Signer, Threshold
from indexer.models.raw import (
    Archive,
    ChainBlock,
    ChainEvent,
    Cursor,
    MirrorCheck,
    Reorganisation,
    Undo,
    ValidatorSet,
)
from indexer.models.recovery import Recovery, RecoverySigner, RecoveryState, RecoveryThreshold
from indexer.models.title import (
    InvoiceBinding,
    InvoiceRelease,
    InvoiceUse,
    Lot,
    LotExport,
    LotMove,
    Receivable,
)

__all__ = [
    "Archive",
    "BuyBack",
    "CashBalance",
    "CashLimit",
    "CashMovement",
    "CashMovementKind",
    "CashSupply",
    "ChainBlock",
    "ChainEvent",
    "ChargePayment",
    "Claim",
    "CurrencyCash",
    "Cursor",
    "Financing",
    "FunctionRole",
    "IntentRevocation",
    "IntentUse",
    "InvoiceBinding",
    "InvoiceRelease",
    "InvoiceUse",
    "LedgerTable",
    "Located",
    "Lot",
    "LotChargeChange",
    "LotExport",
    "LotFlagChange",
    "LotMove",
    "Mandate",
    "MandateHolding",
    "MirrorCheck",
    "ModuleRight",
    "Party",
    "PauseState",
    "Payment",
    "PledgeAgreement",
    "PledgeStep",
    "Receivable",
    "ReceivableOrder",
    "ReceivableStateChange",
    "Recovery",
    "RecoverySigner",
    "RecoveryState",
    "RecoveryThreshold",
    "Reorganisation",
    "RoleGrant",
    "Rule",
    "Signer",
    "Threshold",
    "Undo",
    "ValidatorSet",
    "WriteOff",
]
