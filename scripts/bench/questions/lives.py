"""Lives of receivables that never were: seeded, with the events that the ledger would have emitted.

Three years of trade. Some debtors, suppliers and banks do most of it; most receivables are cut into a few
lots, some into hundreds, three into thousands. Nine in ten are paid on the day, the others late, in parts, or
not at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Final

from chain.text import checksum
from domain.calendar import DAY_SECONDS
from domain.events import (
    Event,
    Financed,
    LotClaimed,
    LotMoved,
    PaymentReceived,
    ReceivableIssued,
    ReceivableStateChanged,
    ReceivableTerms,
)
from domain.ids import ZERO_ADDRESS, ZERO_DIGEST, Digest, LotId, PartyAddress, ReceivableId, lot_id
from domain.lots import LotRange, entitlement
from domain.receivable import Cause, ReceivableState

BEGIN_S: Final = 1_700_006_400
"""A midnight."""
YEARS: Final = 3
NOW_S: Final = BEGIN_S + YEARS * 365 * DAY_SECONDS
DEPTH_MAX: Final = 10
CURRENCIES: Final = (156, 156, 156, 156, 156, 156, 978, 840)
TENORS_DAYS: Final = (30, 60, 60, 90, 90, 90, 120, 180)
WIDE_LOTS: Final = 9_000

Moment = tuple[int, Event]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Parties of one kind; the first ones do most of the trade."""

    parties: tuple[PartyAddress, ...]
    weights: tuple[float, ...]

    @classmethod
    def of(cls, kind: int, count: int) -> "Crowd":
        """Always the same addresses."""
        parties = tuple(
            PartyAddress(checksum(((kind << 32) + number).to_bytes(20))) for number in range(count)
        )
        return cls(parties, tuple(accumulate(1 / (number + 3) for number in range(count))))

    def one(self, random: Random) -> PartyAddress:
        """Some party, the first ones more often."""
        return random.choices(self.parties, cum_weights=self.weights)[0]


DEBTORS: Final = Crowd.of(1, 200)
SUPPLIERS: Final = Crowd.of(2, 3_000)
BANKS: Final = Crowd.of(3, 20)


@dataclass(slots=True)
class _Held:
    id: LotId
    owner: PartyAddress
    depth: int
    range: LotRange
    seq: int = 0


class Life:
    """One receivable, from its issue to its end; `moments` are its events in order, with their times."""

    def __init__(self, random: Random, number: ReceivableId, issued_s: int, lots_wanted: int) -> None:
        self._random = random
        self._id = number
        self._issued_s = issued_s
        self._lots_wanted = lots_wanted
        self._debtor, self._creditor = DEBTORS.one(random), SUPPLIERS.one(random)
        self._currency = random.choice(CURRENCIES)
        self._face = random.randint(1_000, 500_000) * 100_00
        due_s = issued_s + random.choice(TENORS_DAYS) * DAY_SECONDS
        self._due_s = due_s - due_s % DAY_SECONDS
        self._lots: list[_Held] = []
        self.moments: list[Moment] = []

    def live(self) -> None:
        """Fill `moments`."""
        self._issue()
        if self._random.random() < 0.01:
            after_s = self._issued_s + DAY_SECONDS
            self._say(after_s, self._change(ReceivableState.ACTIVE, ReceivableState.CANCELLED))
            return
        self._trade()
        self._settle()

    def _issue(self) -> None:
        issued = ReceivableIssued(
            id=self._id, debtor=self._debtor, creditor=self._creditor, lot=lot_id(self._id, 1),
            face=self._face,
            currency=self._currency, due=self._due_s, terms_hash=self._word(), invoice_set=self._word(),
        )  # fmt: skip
        terms = ReceivableTerms(
            receivable=self._id, max_depth=DEPTH_MAX, max_lots=10_000, min_lot_minor=1,
            late_rate_ppm_per_day=500, grace_days=30, close_window_seconds=0,
        )  # fmt: skip
        self._say(self._issued_s, issued)
        self._say(self._issued_s, terms)
        root = _Held(lot_id(self._id, 1), self._creditor, 0, LotRange(0, self._face))
        self._lots.append(root)
        self._say(self._issued_s, self._hop(root, None))

    def _trade(self) -> None:
        """Hops at times in order, the last one before the due day."""
        span = self._due_s - self._issued_s - 1
        times = sorted(self._random.randrange(span) for _ in range(self._lots_wanted - 1))
        wide = self._lots_wanted >= WIDE_LOTS
        for after_s in times:
            # In a wide one the creditor pays thousands with what it holds, else any holder may go on.
            parent = self._lots[0] if wide else self._random.choice(self._lots)
            if parent.range.amount == 0 or parent.depth == DEPTH_MAX or parent.owner in BANKS.parties:
                parent = self._lots[0]
            if parent.range.amount >= 2:
                self._cut(self._issued_s + 1 + after_s, parent, whole=parent is not self._lots[0])

    def _cut(self, at_s: int, parent: _Held, *, whole: bool) -> None:
        financed = self._random.random() < 0.35
        buyer = (BANKS if financed else SUPPLIERS).one(self._random)
        if buyer == parent.owner:
            return
        held = parent.range
        share = WIDE_LOTS if self._lots_wanted >= WIDE_LOTS else self._random.randint(3, 12)
        part = max(1, held.amount // share)
        amount = held.amount if whole and self._random.random() < 0.4 else part
        child = _Held(
            lot_id(self._id, len(self._lots) + 1), buyer, parent.depth + 1, LotRange(held.first, amount)
        )
        parent.range = LotRange(held.first + amount, held.amount - amount)
        parent.seq += 1
        self._lots.append(child)
        self._say(at_s, self._hop(child, parent, Cause.FINANCE if financed else Cause.ASSIGN))
        if financed:
            self._say(at_s, self._purchase(child, parent))

    def _settle(self) -> None:
        """On the day, late, in parts, or so far not at all."""
        fate = self._random.random()
        if fate < 0.02:
            return
        first = self._face // 3 if fate < 0.06 else self._face
        late_s = self._random.randint(1, 20) * DAY_SECONDS if fate < 0.12 else 0
        paid_s = self._due_s + late_s + self._random.randrange(DAY_SECONDS // 2)
        self._pay(paid_s, 1, 0, first)
        if first < self._face:
            self._pay(paid_s + 15 * DAY_SECONDS, 2, first, self._face)

    def _pay(self, at_s: int, installment: int, before: int, paid: int) -> None:
        """The debtor pays, and within three days every holder has claimed."""
        payment = PaymentReceived(
            receivable=self._id, debtor=self._debtor, installment=installment, principal=paid - before,
            interest=0, paid=paid, interest_paid=0, interest_owed=0, interest_through=0, digest=self._word(),
        )  # fmt: skip
        self._say(at_s, payment)
        is_last = paid == self._face
        state = ReceivableState.ACTIVE if installment == 1 else ReceivableState.SETTLING
        self._say(at_s, self._change(state, ReceivableState.SETTLED if is_last else ReceivableState.SETTLING))
        claimed = self._claimed(before)
        for held in self._lots:
            if held.range.amount:
                share = self._entitled(held, paid) - (self._entitled(held, before) if before else 0)
                claimed += share
                at_s += self._random.randint(0, 3 * DAY_SECONDS // len(self._lots))
                self._say(at_s, LotClaimed(held.id, held.owner, share, 0, installment, claimed))

    def _claimed(self, paid: int) -> int:
        return sum(self._entitled(held, paid) for held in self._lots) if paid else 0

    def _entitled(self, held: _Held, paid: int) -> int:
        return entitlement(held.range, paid, self._face, fully_paid=paid == self._face)

    def _hop(self, child: _Held, parent: _Held | None, cause: Cause = Cause.ISSUE) -> LotMoved:
        return LotMoved(
            receivable=self._id,
            parent=parent.id if parent else LotId(0),
            child=child.id,
            from_=parent.owner if parent else ZERO_ADDRESS,
            to=child.owner,
            first=child.range.first,
            amount=child.range.amount,
            parent_left=parent.range.amount if parent else 0,
            parent_seq=parent.seq if parent else 0,
            depth=child.depth,
            cause=cause,
            evidence=self._word(),
        )

    def _purchase(self, child: _Held, seller: _Held) -> Financed:
        amount = child.range.amount
        return Financed(
            child=child.id, bank=child.owner, seller=seller.owner, amount=amount,
            price=amount - amount // 50, fees=0, fees_to=ZERO_ADDRESS, rate_ppm=40_000, day_count=360,
            recourse=0, registration_ref=self._word(), notice_ref=ZERO_DIGEST, terms_hash=self._word(),
            digest=self._word(),
        )  # fmt: skip

    def _change(self, before: ReceivableState, after: ReceivableState) -> ReceivableStateChanged:
        return ReceivableStateChanged(self._id, before, after)

    def _word(self) -> Digest:
        return Digest(f"0x{self._random.getrandbits(256):064x}")

    def _say(self, at_s: int, event: Event) -> None:
        """What is still to come has not happened."""
        if at_s < NOW_S:
            self.moments.append((at_s, event))


def lives(lots: int, seed: int = 1) -> Iterator[Sequence[Moment]]:
    """Receivables by id, which is by the time of their issue, until they have about so many lots."""
    random = Random(seed)  # noqa: S311  # the same lives in every run
    wanted = list(_sizes(random, lots))
    span_s = NOW_S - BEGIN_S
    for number, lots_wanted in enumerate(wanted):
        issued_s = BEGIN_S + number * span_s // len(wanted)
        life = Life(random, ReceivableId(number + 1), issued_s, lots_wanted)
        life.live()
        yield life.moments


def _sizes(random: Random, lots: int) -> Iterator[int]:
    """Lots of each receivable; the wide ones are an old one, one of half the time, and one that is open."""
    wide = [lots // 100, lots // 2, lots * 98 // 100] if lots >= 10 * WIDE_LOTS else []
    made = 0
    while made < lots:
        if wide and made >= wide[0]:
            wide.pop(0)
            size = WIDE_LOTS
        else:
            size = min(1 + int(random.paretovariate(1.2) * 2.2), 400)
        made += size
        yield size
