"""A receivable's story as plain values: amounts in minor units, times in seconds since 1970 UTC."""

from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Evidence:
    """The event behind a statement: anybody can look it up on the chain."""

    tx_hash: str
    block_number: int
    log_index: int
    time_s: int


@dataclass(frozen=True, slots=True)
class InvoiceLink:
    """Part of an invoice that backs the receivable."""

    fingerprint: str
    amount_minor: int
    event: Evidence


@dataclass(frozen=True, slots=True)
class Purchase:
    """The financing that made a lot."""

    bank: str
    seller: str
    amount_minor: int
    price_minor: int
    fees_minor: int
    rate_ppm: int
    registration_ref: str
    notice_ref: str
    terms_hash: str
    digest: str


@dataclass(frozen=True, slots=True)
class Payout:
    """What a lot's owner received."""

    owner: str
    principal_minor: int
    interest_minor: int
    through_installment: int
    event: Evidence


@dataclass(frozen=True, slots=True)
class Hop:
    """How a lot came to be: serials from `first_serial` on went from one party to another."""

    lot: int
    parent: int
    from_party: str
    to_party: str
    first_serial: int
    amount_minor: int
    depth: int
    cause: str
    evidence: str
    event: Evidence
    purchase: Purchase | None
    payouts: tuple[Payout, ...]


@dataclass(frozen=True, slots=True)
class LotTree:
    """A lot as it came to be, what is left in it, and the lots cut from it."""

    hop: Hop
    left_first_serial: int
    left_minor: int
    children: tuple[Self, ...]


@dataclass(frozen=True, slots=True)
class DebtorPayment:
    """A payment of the debtor."""

    installment: int
    principal_minor: int
    interest_minor: int
    digest: str
    event: Evidence


@dataclass(frozen=True, slots=True)
class Trace:
    """A receivable's whole story. With a serial, `path` leads from the first lot to its lot of now.

    `payee` is the party that was paid for the serial, None while nothing was.
    """

    receivable: int
    currency: int
    face_minor: int
    state: str
    debtor: str
    creditor: str
    issue_digest: str | None
    invoices: tuple[InvoiceLink, ...]
    payments: tuple[DebtorPayment, ...]
    tree: LotTree | None
    serial: int | None
    path: tuple[Hop, ...]
    payee: str | None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON: amounts in minor units, times in seconds."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who held a serial, in which lot, since when."""

    party: str
    lot: int
    since_s: int
