"""What happened on the ledger, one class per event of the Solidity interfaces, same names, same fields.

Amounts are minor units, times seconds since 1970 UTC, currencies ISO 4217 numbers. Solidity's field `from` is
`from_` here. Which contract emitted an event is no part of it: `chain` carries the address beside it.
"""

from dataclasses import dataclass

from domain.ids import Digest, Fingerprint, LotId, PartyAddress, ReceivableId
from domain.parties import PartyStatus
from domain.receivable import Cause, ReceivableState


@dataclass(frozen=True, slots=True)
class ReceivableIssued:
    id: ReceivableId
    debtor: PartyAddress
    creditor: PartyAddress
    lot: LotId
    face: int
    due: int
    currency: int
    terms_hash: Digest
    invoice_set: Digest


@dataclass(frozen=True, slots=True)
class ReceivableTerms:
    """The rules this receivable keeps for life."""

    receivable: ReceivableId
    max_depth: int
    max_lots: int
    min_lot_minor: int
    late_rate_ppm_per_day: int
    grace_days: int
    close_window_seconds: int


@dataclass(frozen=True, slots=True)
class LotMoved:
    """A child lot exists; the first lot of a receivable has parent 0, zero as `from_` and cause ISSUE."""

    receivable: ReceivableId
    parent: LotId
    child: LotId
    from_: PartyAddress
    to: PartyAddress
    first: int
    amount: int
    parent_left: int
    parent_seq: int
    depth: int
    cause: Cause
    evidence: Digest


@dataclass(frozen=True, slots=True)
class PaymentReceived:
    """`principal` and `interest` are this payment's; all other figures are totals after it."""

    receivable: ReceivableId
    debtor: PartyAddress
    installment: int
    principal: int
    interest: int
    paid: int
    interest_paid: int
    interest_owed: int
    interest_through: int
    digest: Digest


@dataclass(frozen=True, slots=True)
class LotClaimed:
    """`claimed` is the total paid out of the lot's receivable so far."""

    lot: LotId
    owner: PartyAddress
    principal: int
    interest: int
    claimed_through: int
    claimed: int


@dataclass(frozen=True, slots=True)
class ChargePaid:
    """Part of the claim reported before goes to the other one with a right to the lot."""

    lot: LotId
    party: PartyAddress
    amount: int


@dataclass(frozen=True, slots=True)
class LotFlagsChanged:
    """Flags of `domain.lots.LotFlag` and `seq` after a change, and the order or agreement behind it."""

    receivable: ReceivableId
    lot: LotId
    flags: int
    seq: int
    evidence: Digest


@dataclass(frozen=True, slots=True)
class LotCharged:
    """The charge on a lot after a change; all zero where it is gone."""

    lot: LotId
    chargee: PartyAddress
    secured: int
    recourse_limit: int


@dataclass(frozen=True, slots=True)
class ReceivableStateChanged:
    receivable: ReceivableId
    from_: ReceivableState
    to: ReceivableState


@dataclass(frozen=True, slots=True)
class ReceivableOrdered:
    """An order or agreement stands behind the change of state reported before."""

    receivable: ReceivableId
    evidence: Digest


@dataclass(frozen=True, slots=True)
class ReceivableWrittenOff:
    """Given up, as by a last payment of nothing: `installment` is its number."""

    receivable: ReceivableId
    installment: int
    principal_lost: int
    interest_lost: int
    order: Digest


@dataclass(frozen=True, slots=True)
class OverdueChanged:
    """`blocking` overdue, unpaid receivables of the debtor after the change; above 0 it cannot issue."""

    receivable: ReceivableId
    debtor: PartyAddress
    overdue: bool
    blocking: int


@dataclass(frozen=True, slots=True)
class CurrencySet:
    currency: int
    cash: str


@dataclass(frozen=True, slots=True)
class ReceivableImported:
    """A successor took a receivable over as it is: the fields of the ledger's `Receivable`."""

    id: ReceivableId
    debtor: PartyAddress
    creditor: PartyAddress
    face: int
    paid: int
    interest_paid: int
    claimed: int
    interest_owed: int
    interest_through: int
    issued: int
    due: int
    currency: int
    state: ReceivableState
    overdue: bool
    lot_count: int
    installments: int
    terms_hash: Digest
    invoice_set: Digest
    max_depth: int
    max_lots: int
    min_lot_minor: int
    late_rate_ppm_per_day: int
    grace_days: int
    close_window_seconds: int


@dataclass(frozen=True, slots=True)
class TotalsImported:
    """A successor took over the totals through a payment that was not the last."""

    receivable: ReceivableId
    installment: int
    principal: int
    interest: int


@dataclass(frozen=True, slots=True)
class LotImported:
    """A successor took a lot over as it is: the fields of the ledger's `Lot`."""

    id: LotId
    owner: PartyAddress
    receivable: ReceivableId
    depth: int
    claimed_through: int
    first: int
    amount: int
    parent: LotId
    seq: int
    since: int
    flags: int
    chargee: PartyAddress
    secured: int
    recourse_limit: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """The import is complete; from now on the successor is an ordinary ledger."""

    predecessor: str
    receivables: int


@dataclass(frozen=True, slots=True)
class Retired:
    """No module can act at the contract any more; what is open goes on at the successor."""

    successor: str


@dataclass(frozen=True, slots=True)
class InvoiceBound:
    fingerprint: Fingerprint
    receivable: ReceivableId
    amount: int
    total: int
    used: int


@dataclass(frozen=True, slots=True)
class InvoiceReleased:
    """Its receivable was cancelled: this part of the invoice is free again."""

    fingerprint: Fingerprint
    receivable: ReceivableId
    amount: int
    total: int
    used: int


@dataclass(frozen=True, slots=True)
class Financed:
    child: LotId
    bank: PartyAddress
    seller: PartyAddress
    amount: int
    price: int
    fees: int
    fees_to: PartyAddress
    rate_ppm: int
    day_count: int
    recourse: int
    registration_ref: Digest
    notice_ref: Digest
    terms_hash: Digest
    digest: Digest


@dataclass(frozen=True, slots=True)
class BoughtBack:
    """The seller took a lot back that the debtor does not pay."""

    child: LotId
    bank: PartyAddress
    seller: PartyAddress
    amount: int
    price: int
    evidence: Digest
    digest: Digest


@dataclass(frozen=True, slots=True)
class MandateGranted:
    """What a bank's quoting key may buy alone; `id` is the digest of the signed mandate."""

    id: Digest
    bank: PartyAddress
    debtor: PartyAddress
    quoter: str
    currency: int
    limit: int
    min_rate_ppm: int
    day_count: int
    max_tenor_days: int
    recourse: int
    valid_from: int
    valid_until: int


@dataclass(frozen=True, slots=True)
class MandateExposure:
    """`held` of this lot, and `exposure` of all lots, count against the limit after the change."""

    id: Digest
    lot: LotId
    held: int
    exposure: int


@dataclass(frozen=True, slots=True)
class Pledged:
    lot: LotId
    owner: PartyAddress
    pledgee: PartyAddress
    secured: int
    advance: int
    evidence: Digest
    digest: Digest


@dataclass(frozen=True, slots=True)
class PledgeReleased:
    """`secured` is what stays secured."""

    lot: LotId
    owner: PartyAddress
    pledgee: PartyAddress
    secured: int
    repayment: int
    evidence: Digest
    digest: Digest


@dataclass(frozen=True, slots=True)
class PledgeRealised:
    """A pledged lot was sold free of its pledge; `to_pledgee` of the price went to the pledgee."""

    child: LotId
    pledgee: PartyAddress
    buyer: PartyAddress
    owner: PartyAddress
    amount: int
    price: int
    to_pledgee: int
    evidence: Digest
    digest: Digest


@dataclass(frozen=True, slots=True)
class LotExported:
    """A lot goes on living in another register."""

    child: LotId
    owner: PartyAddress
    registry: PartyAddress
    amount: int
    registry_ref: Digest
    digest: Digest


@dataclass(frozen=True, slots=True)
class ClaimFailed:
    """One lot of a claim got nothing; `reason` is the ABI-encoded error."""

    lot: LotId
    reason: bytes


@dataclass(frozen=True, slots=True)
class IntentUsed:
    """`subject`: receivable (Issue, Pay, Cancel), lot (Pledge, Release), new lot (other moves), else 0."""

    digest: Digest
    kind: int
    subject: int
    relayer: str


@dataclass(frozen=True, slots=True)
class IntentFailed:
    """One item of a batch had no effect; `reason` is the ABI-encoded error."""

    index: int
    digest: Digest
    reason: bytes


@dataclass(frozen=True, slots=True)
class IntentRevoked:
    party: PartyAddress
    digest: Digest


@dataclass(frozen=True, slots=True)
class PartyAdmitted:
    party: PartyAddress
    legal_id_hash: Digest
    roles: int
    kyb_until: int
    admitted_at: int


@dataclass(frozen=True, slots=True)
class PartyChanged:
    party: PartyAddress
    status: PartyStatus
    roles: int
    kyb_until: int
    reason: Digest


@dataclass(frozen=True, slots=True)
class SignerChanged:
    """`powers` 0 means that the signer was removed; `version` is the party's after the change."""

    party: PartyAddress
    signer: str
    powers: int
    expires: int
    version: int


@dataclass(frozen=True, slots=True)
class ThresholdChanged:
    party: PartyAddress
    power: int
    threshold: int
    version: int


@dataclass(frozen=True, slots=True)
class RecoveryProposed:
    """New signers are proposed for a party that lost its keys, as of `version`; each has an event."""

    party: PartyAddress
    id: Digest
    proposer: str
    version: int
    reason: Digest


@dataclass(frozen=True, slots=True)
class RecoverySignerProposed:
    party: PartyAddress
    id: Digest
    signer: str
    powers: int
    expires: int


@dataclass(frozen=True, slots=True)
class RecoveryThresholdProposed:
    party: PartyAddress
    id: Digest
    power: int
    threshold: int


@dataclass(frozen=True, slots=True)
class RecoverySeconded:
    """From `ready_at` on it may be carried out."""

    party: PartyAddress
    id: Digest
    seconder: str
    ready_at: int


@dataclass(frozen=True, slots=True)
class RecoveryVetoed:
    """A signer of the party withdrew it."""

    party: PartyAddress
    id: Digest
    signer: str


@dataclass(frozen=True, slots=True)
class RecoveryCancelled:
    """The guardian withdrew it."""

    party: PartyAddress
    id: Digest


@dataclass(frozen=True, slots=True)
class RecoveryExecuted:
    party: PartyAddress
    id: Digest


@dataclass(frozen=True, slots=True)
class CashMinted:
    to: PartyAddress
    amount: int
    credit_ref: Digest


@dataclass(frozen=True, slots=True)
class CashRedeemed:
    holder: PartyAddress
    amount: int
    account_ref: Digest
    digest: Digest


@dataclass(frozen=True, slots=True)
class MintLimitChanged:
    per_day_minor: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """Cash moved (ERC-20): the zero address as `from_` is a mint, as `to` a redemption."""

    from_: PartyAddress
    to: PartyAddress
    value: int


@dataclass(frozen=True, slots=True)
class RightsChanged:
    module: str
    rights: int


@dataclass(frozen=True, slots=True)
class PauseChanged:
    paused: int


@dataclass(frozen=True, slots=True)
class RuleScheduled:
    param: int
    currency: int
    value: int
    effective: int


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
