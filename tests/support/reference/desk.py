"""Where drafts are written: the books, the clock, dice, and what was signed before.

A draft is a command that the books as they are would take, as far as one can tell: what a careful user would
send. The functions of `drafts_…` each answer with one, or None where the books have nothing for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from domain.calendar import DAY_SECONDS
from domain.ids import ZERO_DIGEST, Digest, LotId, ReceivableId
from domain.intents import (
    Assign,
    Buyback,
    Cancel,
    Export,
    Finance,
    InvoiceUse,
    Issue,
    Mandate,
    Pay,
    Pledge,
    Realise,
    Redeem,
    Release,
    Revoke,
)
from domain.ledger import commands as c
from domain.ledger.state import CHARGED, LedgerState, Lot, Receivable
from domain.lots import LotFlag
from domain.receivable import ReceivableState
from tests.support.reference.cast import Cast, Player, word

T = TypeVar("T")
_S = ReceivableState
_PAYABLE = (_S.ACTIVE, _S.SUSPENDED, _S.SETTLING, _S.DEFAULTED)

SIGNED_BY: dict[type[Any], tuple[str, ...]] = {
    Issue: ("debtor", "creditor"),
    Cancel: ("debtor", "creditor"),
    Assign: ("owner", "to"),
    Finance: ("bank", "seller"),
    Buyback: ("bank", "seller"),
    Mandate: ("bank",),
    Pledge: ("owner", "pledgee"),
    Release: ("owner", "pledgee"),
    Realise: ("owner", "pledgee", "buyer"),
    Export: ("owner", "registry"),
    Pay: ("debtor",),
    Redeem: ("holder",),
    Revoke: ("party",),
}
"""Whose signatures the contract's function takes, in the order of its arguments."""


@dataclass(frozen=True)
class Hashes:
    """How digests are made: as EIP-712 has it, or any other way that is the same every time."""

    digest: Callable[[Any], Digest]
    invoice_set: Callable[[Sequence[InvoiceUse]], Digest]


@dataclass
class Dice:
    """Choices of one step, all from one seed; words and salts come from a counter."""

    random: Random = field(default_factory=lambda: Random(0))
    count: int = 0

    def pick(self, options: Sequence[T]) -> T:
        """One of them."""
        return self.random.choice(options)

    def number(self, first: int, last: int) -> int:
        """Both ends included."""
        return self.random.randint(first, last)

    def chance(self, percent: int) -> bool:
        """True so often."""
        return self.random.randrange(100) < percent

    def word(self) -> Digest:
        """A word never seen before."""
        self.count += 1
        return word(f"word {self.count}")

    def salt(self) -> int:
        """A salt never seen before."""
        self.count += 1
        return self.count


@dataclass
class Desk:
    """Of one sequence."""

    cast: Cast
    hashes: Hashes
    dice: Dice
    state: LedgerState
    now_s: int
    mandates: list[c.Signed[Mandate]] = field(default_factory=list)
    done: list[c.Command] = field(default_factory=list)
    """accepted, to be tried again"""
    withdrawn: list[c.Command] = field(default_factory=list)
    """signed, and then a signature was withdrawn"""
    issues: dict[Digest, Issue] = field(default_factory=dict)
    """invoice set → the intent it comes from, since only its hash is in the books"""

    # signing

    def signed(self, intent: Any) -> c.Signed[Any]:
        """Signed by all whom it names."""
        groups = tuple(self.cast.at(getattr(intent, name)).signers() for name in SIGNED_BY[type(intent)])
        digest = self.hashes.digest(intent)
        invoice_set = ZERO_DIGEST
        if isinstance(intent, Issue | Cancel):
            invoice_set = self.hashes.invoice_set(intent.invoices)
        return c.Signed(intent, digest, groups, invoice_set)

    def carried(self, intent: Any) -> c.Carry:
        """Signed and carried by the relayer."""
        return c.Carry(sender=self.cast.relayer, item=self.signed(intent))

    def quoted(self, intent: Finance, mandate: c.Signed[Mandate]) -> c.Quoted:
        """Signed by the mandate's key and the seller."""
        signed = self.signed(intent)
        groups = ((mandate.intent.quoter,), signed.signers[1])
        return c.Quoted(c.Signed(intent, signed.digest, groups), mandate.intent, mandate.digest)

    @property
    def deadline(self) -> int:
        """Of an intent signed now."""
        return self.now_s + 3600

    @property
    def today(self) -> int:
        """00:00 UTC."""
        return self.now_s - self.now_s % DAY_SECONDS

    # looking around

    def lots(self, wanted: Callable[[Lot, Receivable], bool]) -> list[LotId]:
        """Lots that still hold serials and are as wanted."""
        return [
            number
            for number, lot in self.state.lots.items()
            if lot.amount and wanted(lot, self.state.receivables[lot.receivable])
        ]

    def receivables(self, *states: ReceivableState) -> list[ReceivableId]:
        """Receivables in one of the states."""
        return [number for number, entry in self.state.receivables.items() if entry.state in states]

    def movable(self, lot: Lot, receivable: Receivable) -> bool:
        """Whether an ordinary move of the lot could go through."""
        blocked = LotFlag.FROZEN | LotFlag.PLEDGED | LotFlag.EXPORTED
        closed_at = receivable.due - receivable.close_window_seconds
        open_ = receivable.state == _S.ACTIVE and self.now_s < closed_at
        return open_ and not lot.flags & blocked and receivable.lot_count < receivable.max_lots

    def other(self, address: str, players: Sequence[Player] | None = None) -> Player:
        """Somebody else."""
        found = players or list(self.cast.players.values())
        return self.dice.pick([player for player in found if player.address != address])

    def part_of(self, lot: Lot, receivable: Receivable) -> int:
        """All of a lot, or a part that leaves no dust."""
        least = receivable.min_lot_minor
        if lot.flags & CHARGED or lot.amount < 2 * least or self.dice.chance(30):
            return lot.amount
        return self.dice.pick([least, lot.amount - least, self.dice.number(least, lot.amount - least)])

    def balance(self, currency: int, holder: str) -> int:
        """Cash of a party."""
        return self.state.cash[currency].balances.get(holder, 0)

    def pick_lot(self, wanted: Callable[[Lot, Receivable], bool]) -> tuple[LotId, Lot, Receivable] | None:
        """One of the lots that are as wanted, and now and then any lot at all."""
        found = list(self.state.lots) if self.dice.chance(8) else self.lots(wanted)
        if not found:
            return None
        number = self.dice.pick(found)
        lot = self.state.lots[number]
        return number, lot, self.state.receivables[lot.receivable]
