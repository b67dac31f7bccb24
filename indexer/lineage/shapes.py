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
    """Part of an invoice that backs the receivable, until that one is cancelled."""

    fingerprint: str
    amount_minor: int
    event: Evidence
    released: Evidence | None


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
class Repurchase:
    """The buy-back that made a lot: under recourse the seller paid the bank the price."""

    bank: str
    seller: str
    price_minor: int
    digest: str


@dataclass(frozen=True, slots=True)
class PledgeTerms:
    """What owner and pledgee agreed on: `step` is pledged, released or realised.

    `secured_minor` is what is secured afterwards, `cash_minor` the advance, the repayment or the price. Of a
    price `to_pledgee_minor` went to the pledgee.
    """

    step: str
    owner: str
    pledgee: str
    secured_minor: int
    cash_minor: int
    buyer: str | None
    to_pledgee_minor: int | None
    evidence: str
    digest: str
    event: Evidence


@dataclass(frozen=True, slots=True)
class Departure:
    """The other register in which a lot goes on living, and its name there."""

    registry: str
    registry_ref: str
    digest: str


@dataclass(frozen=True, slots=True)
class FlagChange:
    """The flags of a lot after a change; `evidence` is the order or agreement behind it."""

    flags: tuple[str, ...]
    evidence: str
    event: Evidence


@dataclass(frozen=True, slots=True)
class ChargeChange:
    """Who else has a right to a lot after a change, None where nobody has."""

    chargee: str | None
    secured_minor: int
    recourse_limit_minor: int
    event: Evidence


@dataclass(frozen=True, slots=True)
class Payout:
    """What was paid out of a lot: `to_chargee_minor` of it to its chargee, the rest to its owner."""

    owner: str
    principal_minor: int
    interest_minor: int
    chargee: str | None
    to_chargee_minor: int
    through_installment: int
    event: Evidence

    @property
    def to_owner_minor(self) -> int:
        """The owner's part."""
        return self.principal_minor + self.interest_minor - self.to_chargee_minor


@dataclass(frozen=True, slots=True)
class Hop:
    """How a lot came to be, and what became of it: serials from `first_serial` on went to another party.

    `evidence` of a forced move is the order. `purchase`, `repurchase` or `departure` is the agreement behind
    the hop, where it has one. `pledges`, `flags`, `charges` and `payouts` happened to the lot since.
    """

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
    repurchase: Repurchase | None
    departure: Departure | None
    pledges: tuple[PledgeTerms, ...]
    flags: tuple[FlagChange, ...]
    charges: tuple[ChargeChange, ...]
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
class StateStep:
    """A change of the receivable's state; `order` is None where it follows from money or time."""

    from_state: str
    to_state: str
    order: str | None
    event: Evidence


@dataclass(frozen=True, slots=True)
class Loss:
    """What was given up for good."""

    principal_minor: int
    interest_minor: int
    order: str
    event: Evidence


@dataclass(frozen=True, slots=True)
class Trace:
    """A receivable's whole story. With a serial, `path` leads from the first lot to its lot of now.

    The hops of a path have what happened to each lot while the serial was in it. `payee` is who was paid for
    the serial in its lot of now: the owner, or a chargee who got all of it; None while nothing was paid.
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
    states: tuple[StateStep, ...]
    loss: Loss | None
    tree: LotTree | None
    serial: int | None
    path: tuple[Hop, ...]
    payee: str | None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON: amounts in minor units, times in seconds."""
        return asdict(self)
