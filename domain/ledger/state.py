"""The books of the ledger as values: nothing in them changes, a command makes new ones.

`Lot` and `Receivable` have the fields of the Solidity structs of the same names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain.ids import ZERO_ADDRESS, Digest, Fingerprint, LotId, PartyAddress, ReceivableId
from domain.ledger.rights import Office, Place, Right
from domain.lots import LotFlag, LotRange
from domain.parties import PartyStatus, Power, Role
from domain.receivable import ReceivableState
from domain.rules import RuleSet
from domain.settlement import Debt, PaidThrough

CHARGED = LotFlag.PLEDGED | LotFlag.RECOURSE
NO_FLAGS = LotFlag(0)


@dataclass(frozen=True, slots=True)
class Lot:
    """Serials [first, first + amount) of a receivable; `chargee` is zero where the lot has no charge."""

    owner: PartyAddress
    receivable: ReceivableId
    depth: int
    claimed_through: int
    first: int
    amount: int
    parent: LotId
    seq: int
    since: int
    flags: LotFlag = NO_FLAGS
    chargee: PartyAddress = ZERO_ADDRESS
    secured: int = 0
    recourse_limit: int = 0

    @property
    def serials(self) -> LotRange:
        """What is still in the lot."""
        return LotRange(self.first, self.amount)


@dataclass(frozen=True, slots=True)
class Receivable:
    """`history` has the totals paid in through each installment, `history[0]` those before the first."""

    debtor: PartyAddress
    creditor: PartyAddress
    face: int
    issued: int
    due: int
    currency: int
    terms_hash: Digest
    invoice_set: Digest
    max_depth: int
    max_lots: int
    min_lot_minor: int
    late_rate_ppm_per_day: int
    grace_days: int
    close_window_seconds: int
    state: ReceivableState = ReceivableState.ACTIVE
    overdue: bool = False
    lot_count: int = 1
    claimed: int = 0
    interest_owed: int = 0
    interest_through: int = 0
    history: tuple[PaidThrough, ...] = (PaidThrough(),)

    @property
    def installments(self) -> int:
        """Payments received."""
        return len(self.history) - 1

    @property
    def paid(self) -> int:
        """Principal paid in."""
        return self.history[-1].principal

    @property
    def interest_paid(self) -> int:
        """Late interest paid in."""
        return self.history[-1].interest

    @property
    def debt(self) -> Debt:
        """What the debtor owes, for the arithmetic of settlement."""
        return Debt(
            face=self.face,
            due_s=self.due,
            paid=self.paid,
            interest_owed=self.interest_owed,
            interest_paid=self.interest_paid,
            interest_through_s=self.interest_through,
            late_rate_ppm_per_day=self.late_rate_ppm_per_day,
        )


@dataclass(frozen=True, slots=True)
class Signer:
    """A key of a party: what it may do (`powers`, a mask), and the first second at which it no longer may."""

    powers: int
    expires_s: int


@dataclass(frozen=True, slots=True)
class Party:
    """A party's standing and keys; a power without a threshold needs one signer."""

    status: PartyStatus
    roles: Role
    kyb_until_s: int
    signers: Mapping[str, Signer]
    thresholds: Mapping[Power, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InvoiceStanding:
    """How much of an invoice's `total` backs receivables."""

    total: int
    used: int


@dataclass(frozen=True, slots=True)
class CashBook:
    """Deposits of one currency; `minted_minor` counts for the UTC day `mint_day` (days since 1970)."""

    mint_limit_minor: int
    balances: Mapping[PartyAddress, int] = field(default_factory=dict)
    credit_refs: frozenset[Digest] = frozenset()
    mint_day: int = 0
    minted_minor: int = 0

    @property
    def supply(self) -> int:
        """All deposits."""
        return sum(self.balances.values())


@dataclass(frozen=True, slots=True)
class Holding:
    """Face of a lot that counts against the limit of the mandate it was bought under."""

    mandate: Digest
    held: int


@dataclass(frozen=True, slots=True)
class LedgerState:
    """Everything that commands read and change. `settlement` holds what was paid in and not yet claimed."""

    rules: RuleSet
    settlement: PartyAddress
    officers: Mapping[Office, frozenset[str]]
    parties: Mapping[PartyAddress, Party]
    cash: Mapping[int, CashBook]
    receivables: Mapping[ReceivableId, Receivable] = field(default_factory=dict)
    lots: Mapping[LotId, Lot] = field(default_factory=dict)
    blocking: Mapping[PartyAddress, int] = field(default_factory=dict)
    invoices: Mapping[Fingerprint, InvoiceStanding] = field(default_factory=dict)
    exposures: Mapping[Digest, int] = field(default_factory=dict)
    """Of every mandate that was granted, by its id."""
    holdings: Mapping[LotId, Holding] = field(default_factory=dict)
    exports: Mapping[tuple[PartyAddress, Digest], LotId] = field(default_factory=dict)
    """(register, its reference) → the lot that lives there."""
    revoked: frozenset[tuple[PartyAddress, Digest]] = frozenset()
    used: frozenset[Digest] = frozenset()
    """Digests of intents that name no version and so are remembered."""
    paused: Mapping[Place, Right] = field(default_factory=dict)


def charge_lifted(lot: Lot) -> Lot:
    """The lot without its charge."""
    return replace(lot, flags=lot.flags & ~CHARGED, chargee=ZERO_ADDRESS, secured=0, recourse_limit=0)
