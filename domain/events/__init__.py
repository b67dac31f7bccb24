"""What happened on the ledger, one class per event of the Solidity interfaces, same names, same fields.

Amounts are minor units, times seconds since 1970 UTC, currencies ISO 4217 numbers. Solidity's field `from` is
`from_` here. Which contract emitted an event is no part of it: `chain` carries the address beside it.
"""

from domain.events.governance import (
    CashMinted,
    CashRedeemed,
    MintLimitChanged,
    PauseChanged,
    RightsChanged,
    RuleScheduled,
    Transfer,
)
from domain.events.ledger import (
    ChargePaid,
    CurrencySet,
    InvoiceBound,
    InvoiceReleased,
    LotCharged,
    LotClaimed,
    LotFlagsChanged,
    LotMoved,
    OverdueChanged,
    PaymentReceived,
    ReceivableIssued,
    ReceivableOrdered,
    ReceivableStateChanged,
    ReceivableTerms,
    ReceivableWrittenOff,
)
from domain.events.modules import (
    BoughtBack,
    ClaimFailed,
    Financed,
    IntentFailed,
    IntentRevoked,
    IntentUsed,
    LotExported,
    MandateExposure,
    MandateGranted,
    Pledged,
    PledgeRealised,
    PledgeReleased,
)
from domain.events.parties import (
    PartyAdmitted,
    PartyChanged,
    RecoveryCancelled,
    RecoveryExecuted,
    RecoveryProposed,
    RecoverySeconded,
    RecoverySignerProposed,
    RecoveryThresholdProposed,
    RecoveryVetoed,
    SignerChanged,
    ThresholdChanged,
)
from domain.events.succession import (
    LotImported,
    ReceivableImported,
    Retired,
    Sealed,
    TotalsImported,
)

Event = (
    ReceivableIssued
    | ReceivableTerms
    | LotMoved
    | PaymentReceived
    | LotClaimed
    | ChargePaid
    | LotFlagsChanged
    | LotCharged
    | ReceivableStateChanged
    | ReceivableOrdered
    | ReceivableWrittenOff
    | OverdueChanged
    | CurrencySet
    | ReceivableImported
    | TotalsImported
    | LotImported
    | Sealed
    | Retired
    | InvoiceBound
    | InvoiceReleased
    | Financed
    | BoughtBack
    | MandateGranted
    | MandateExposure
    | Pledged
    | PledgeReleased
    | PledgeRealised
    | LotExported
    | ClaimFailed
    | IntentUsed
    | IntentFailed
    | IntentRevoked
    | PartyAdmitted
    | PartyChanged
    | SignerChanged
    | ThresholdChanged
    | RecoveryProposed
    | RecoverySignerProposed
    | RecoveryThresholdProposed
    | RecoverySeconded
    | RecoveryVetoed
    | RecoveryCancelled
    | RecoveryExecuted
    | CashMinted
    | CashRedeemed
    | MintLimitChanged
    | Transfer
    | RightsChanged
    | PauseChanged
    | RuleScheduled
)

__all__ = [
    "BoughtBack",
    "CashMinted",
    "CashRedeemed",
    "ChargePaid",
    "ClaimFailed",
    "CurrencySet",
    "Event",
    "Financed",
    "IntentFailed",
    "IntentRevoked",
    "IntentUsed",
    "InvoiceBound",
    "InvoiceReleased",
    "LotCharged",
    "LotClaimed",
    "LotExported",
    "LotFlagsChanged",
    "LotImported",
    "LotMoved",
    "MandateExposure",
    "MandateGranted",
    "MintLimitChanged",
    "OverdueChanged",
    "PartyAdmitted",
    "PartyChanged",
    "PauseChanged",
    "PaymentReceived",
    "PledgeRealised",
    "PledgeReleased",
    "Pledged",
    "ReceivableImported",
    "ReceivableIssued",
    "ReceivableOrdered",
    "ReceivableStateChanged",
    "ReceivableTerms",
    "ReceivableWrittenOff",
    "RecoveryCancelled",
    "RecoveryExecuted",
    "RecoveryProposed",
    "RecoverySeconded",
    "RecoverySignerProposed",
    "RecoveryThresholdProposed",
    "RecoveryVetoed",
    "Retired",
    "RightsChanged",
    "RuleScheduled",
    "Sealed",
    "SignerChanged",
    "ThresholdChanged",
    "TotalsImported",
    "Transfer",
]
