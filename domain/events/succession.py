"""A ledger that ends, and one that takes over (ADR 0021)."""

from dataclasses import dataclass

from domain.ids import Digest, LotId, PartyAddress, ReceivableId
from domain.receivable import ReceivableState


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
