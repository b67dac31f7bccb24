"""The ledger itself and the register of invoices."""

from dataclasses import dataclass

from domain.ids import Digest, Fingerprint, LotId, PartyAddress, ReceivableId
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
