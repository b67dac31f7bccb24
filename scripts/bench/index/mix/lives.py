"""The life of one receivable as a list of steps: issue, pass on, cut, finance, pay, claim, cash.

Each step is what goes into one block. What varies from one receivable to the next follows from its number.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from chain import calls, typed_data
from chain.address_book import AddressBook
from chain.calls import AssignItem, Call
from domain.ids import ZERO_ADDRESS, ZERO_DIGEST, Fingerprint, LotId, ReceivableId, lot_id
from domain.intents import Assign, Finance, InvoiceUse, Issue, Pay, Recourse, Redeem
from scripts.bench.index.mix.cast import CNY, Cast, Member, word

DAY_S: Final = 86_400
HOUR_S: Final = 3_600
TERM_DAYS: Final = 90
DELIVERED_DAYS_AGO: Final = 5

Step = list[Call]


@dataclass(slots=True)
class Held:
    """A lot, and how often it was touched."""

    id: LotId
    owner: Member
    amount: int
    seq: int = 0


@dataclass(slots=True)
class Life:
    """Receivable `number` of a ledger on which nobody else issues; `now` is the chain's clock, seconds."""

    book: AddressBook
    cast: Cast
    number: int
    now: int
    lots: list[Held] = field(default_factory=list)
    said: int = 0

    def steps(self) -> Iterator[Step]:
        """Block by block."""
        first, second, third, fourth = (self._supplier(place) for place in range(4))
        yield [self._issue(first)]
        original = self.lots[0]
        part, item = self._cut(original, second, original.amount // 2)
        yield [self._assign(item)]
        if self.number % 3:
            small, item = self._cut(part, third, part.amount * 2 // 5)
            yield [self._assign(item)]
        else:
            small, item = self._cut(part, third, part.amount * 2 // 5)
            _, another = self._cut(part, fourth, part.amount // 3)
            yield [calls.assign_many(self.book, [item, another])]
        yield [self._finance(original, original.amount * 4 // 5, self._bank(0))]
        yield [self._finance(small, small.amount, self._bank(1))]
        yield from self._ending(original.owner, small.owner)

    def _ending(self, *sellers: Member) -> Iterator[Step]:
        """Paid at once or in two parts, claimed after each, and the sellers take their cash out."""
        face = self._face()
        claim = calls.claim(self.book, [held.id for held in self.lots])
        first = face if self.number % 5 == 0 else face // 3
        yield [self._pay(first, paid_before=0)]
        yield [claim]
        if first < face:
            yield [self._pay(face - first, paid_before=first)]
            yield [claim]
        yield [self._redeem(seller, face // 100) for seller in sellers]

    def _supplier(self, place: int) -> Member:
        """Four different ones."""
        suppliers = self.cast.suppliers
        return suppliers[(self.number * 7 + place * 11) % len(suppliers)]

    def _bank(self, place: int) -> Member:
        return self.cast.banks[(self.number + place) % len(self.cast.banks)]

    def _debtor(self) -> Member:
        return self.cast.debtors[self.number % len(self.cast.debtors)]

    def _face(self) -> int:
        return 100_000_00 + self.number * 7_919 % 900_000_00

    def _deadline(self) -> int:
        return self.now + HOUR_S

    def _salt(self) -> int:
        self.said += 1
        return self.number * 1_000 + self.said

    def _issue(self, creditor: Member) -> Call:
        today = self.now - self.now % DAY_S
        delivered = today - DELIVERED_DAYS_AGO * DAY_S
        face, debtor = self._face(), self._debtor()
        intent = Issue(
            debtor=debtor.address,
            creditor=creditor.address,
            face=face,
            due=today + TERM_DAYS * DAY_S,
            currency=CNY,
            terms_hash=word("terms", self.number),
            delivered_at=delivered,
            extension=ZERO_DIGEST,
            invoices=(InvoiceUse(Fingerprint(word("invoice", self.number)), face, face, delivered),),
            deadline=self._deadline(),
            salt=self._salt(),
        )
        digest = typed_data.digest(intent, self.book)
        self.lots.append(Held(lot_id(ReceivableId(self.number), 1), creditor, face))
        return calls.issue(self.book, intent, debtor.sign_digest(digest), creditor.sign_digest(digest))

    def _cut(self, held: Held, to: Member, amount: int) -> tuple[Held, AssignItem]:
        """The new lot, and what moves it."""
        intent = Assign(
            owner=held.owner.address,
            to=to.address,
            lot=held.id,
            seq=held.seq,
            amount=amount,
            evidence=word("evidence", self.number, len(self.lots)),
            deadline=self._deadline(),
            salt=self._salt(),
        )
        digest = typed_data.digest(intent, self.book)
        item = AssignItem(intent, held.owner.sign_digest(digest), to.sign_digest(digest))
        return self._moved(held, to, amount), item

    def _assign(self, item: AssignItem) -> Call:
        return calls.assign(self.book, item.intent, item.owner_signatures, item.receiver_signatures)

    def _finance(self, held: Held, amount: int, bank: Member) -> Call:
        """Every fourth with recourse."""
        recourse = Recourse.WITHOUT if self.number % 4 else Recourse.WITH
        intent = Finance(
            bank=bank.address,
            seller=held.owner.address,
            lot=held.id,
            seq=held.seq,
            amount=amount,
            price=amount - amount // 80,
            fees=0,
            fees_to=ZERO_ADDRESS,
            rate_ppm=50_000,
            day_count=360,
            recourse=recourse,
            secured=amount if recourse else 0,
            recourse_limit=0,
            registration_ref=word("registration", self.number, len(self.lots)),
            notice_ref=word("notice", self.number, len(self.lots)),
            terms_hash=word("purchase", self.number, len(self.lots)),
            deadline=self._deadline(),
            salt=self._salt(),
        )
        digest = typed_data.digest(intent, self.book)
        signed = (bank.sign_digest(digest), held.owner.sign_digest(digest))
        self._moved(held, bank, amount)
        return calls.finance(self.book, intent, *signed)

    def _pay(self, amount: int, *, paid_before: int) -> Call:
        debtor = self._debtor()
        intent = Pay(
            debtor.address, ReceivableId(self.number), amount, paid_before, self._deadline(), self._salt()
        )
        return calls.pay(self.book, intent, debtor.sign(intent))

    def _redeem(self, holder: Member, amount: int) -> Call:
        reference = word("redemption", self.number, holder.address)
        intent = Redeem(holder.address, CNY, amount, reference, self._deadline(), self._salt())
        return calls.redeem(self.book, intent, holder.sign(intent))

    def _moved(self, held: Held, to: Member, amount: int) -> Held:
        held.amount -= amount
        held.seq += 1
        child = Held(lot_id(ReceivableId(self.number), len(self.lots) + 1), to, amount)
        self.lots.append(child)
        return child
