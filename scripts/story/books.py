"""The story's own books: what everybody must hold, kept beside the system with the domain's arithmetic.

They are told what people agreed to and never look at the system's answers for amounts, so that both can be
compared.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from domain.ids import LotId, ReceivableId
from domain.lots import LotRange, cut
from domain.settlement import Debt, PaidThrough, PaymentSplit, apply_payment, claimable
from scripts.story.cast import Bill
from scripts.story.people import Member


@dataclass(slots=True)
class Holding:
    """A lot: who holds which serials, and what of the payments it has claimed."""

    lot: LotId
    owner: Member
    serials: LotRange
    claimed: PaidThrough = field(default_factory=PaidThrough)


@dataclass(slots=True)
class Account:
    """A receivable and its lots, emptied ones included."""

    receivable: ReceivableId
    bill: Bill
    debt: Debt
    holdings: dict[LotId, Holding] = field(default_factory=dict)

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        return self.bill.document.currency

    @property
    def paid(self) -> PaidThrough:
        """What the debtor has paid so far."""
        return PaidThrough(self.debt.paid, self.debt.interest_paid)

    def live(self) -> list[Holding]:
        """Lots that still hold serials, in the order of the serials."""
        held = [holding for holding in self.holdings.values() if holding.serials.amount]
        return sorted(held, key=lambda holding: holding.serials.first)


@dataclass(slots=True)
class Totals:
    """Sums of one currency, minor units."""

    face: int = 0
    principal: int = 0
    interest: int = 0
    claimed: int = 0
    cash_credited: int = 0


class Books:
    """Receivables, lots and cash as they must be."""

    def __init__(self) -> None:
        self.accounts: dict[ReceivableId, Account] = {}
        self.cash: defaultdict[tuple[int, str], int] = defaultdict(int)
        self.totals: defaultdict[str, Totals] = defaultdict(Totals)
        self.financings = 0
        self._members: dict[int, Member] = {}

    def credit(self, member: Member, currency: str, amount_minor: int) -> None:
        """The settlement bank has booked a credit notice."""
        self.totals[currency].cash_credited += amount_minor
        self._move_cash(member, currency, amount_minor)

    def issue(self, receivable: ReceivableId, lot: LotId, bill: Bill, due_s: int) -> Account:
        """A receivable, all of it in one lot of the invoice's seller."""
        face = bill.document.payable_minor
        account = Account(receivable, bill, Debt(face=face, due_s=due_s, interest_through_s=due_s))
        account.holdings[lot] = Holding(lot, bill.seller, LotRange(0, face))
        self.accounts[receivable] = account
        self.totals[account.currency].face += face
        return account

    def move(self, account: Account, lot: LotId, child: LotId, to: Member, amount_minor: int) -> Holding:
        """A child cut off the low end of a lot."""
        parent = account.holdings[lot]
        taken, parent.serials = cut(parent.serials, amount_minor)
        account.holdings[child] = Holding(child, to, taken)
        return account.holdings[child]

    def finance(
        self, currency: str, seller: Member, bank: Member, price_minor: int, fees_minor: int, fees_to: Member
    ) -> None:
        """The cash side of a financing; the title side is a `move`."""
        self.financings += 1
        self._move_cash(bank, currency, -price_minor)
        self._move_cash(seller, currency, price_minor - fees_minor)
        self._move_cash(fees_to, currency, fees_minor)

    def pay(self, account: Account, amount_minor: int, now_s: int) -> PaymentSplit:
        """The debtor pays in."""
        account.debt, split = apply_payment(account.debt, amount_minor, now_s)
        self._move_cash(account.bill.buyer, account.currency, -amount_minor)
        totals = self.totals[account.currency]
        totals.principal += split.principal
        totals.interest += split.interest
        return split

    def claim(self, account: Account, holding: Holding) -> int:
        """What the lot's owner must receive now."""
        due = claimable(holding.serials, account.debt.face, account.paid, holding.claimed)
        holding.claimed = account.paid
        amount = due.principal + due.interest
        self._move_cash(holding.owner, account.currency, amount)
        self.totals[account.currency].claimed += amount
        return amount

    def balances(self) -> list[tuple[Member, str, int]]:
        """(member, currency, minor units) of everybody who ever had cash."""
        return [(self._members[key], currency, amount) for (key, currency), amount in self.cash.items()]

    def _move_cash(self, member: Member, currency: str, amount_minor: int) -> None:
        self._members[id(member)] = member
        self.cash[id(member), currency] += amount_minor
