"""What happens to a receivable between its issue and its last claim; the main ones differ."""

from collections.abc import Awaitable, Callable
from typing import Final

from typing_extensions import override

from scripts.story.acts.financing import finance
from scripts.story.acts.passing_on import pass_on
from scripts.story.acts.settling import claim_all, flag_overdue, pay
from scripts.story.books import Account, Holding
from scripts.story.papers import submission_day
from scripts.story.people import Member, Part
from scripts.story.telling import Telling
from scripts.story.timeline import DAY_S, instant

LATE_DAYS: Final = 12
PART_DAYS_EARLY: Final = 3
PAYING_HOUR: Final = 12
TRADING_HOUR: Final = 11


class Life:
    """Paid in full on the due day, then claimed by whoever holds it: what most receivables do."""

    def __init__(self, telling: Telling, account: Account) -> None:
        self.telling = telling
        self.account = account
        (self.first,) = account.holdings.values()

    def plan(self) -> None:
        """Put what happens on the timeline."""
        self.at_due(0, self.pay_all)

    def after(self, days: int, action: Callable[[], Awaitable[None]]) -> None:
        """Some days after the invoice was submitted."""
        start = instant(submission_day(self.account.bill.document), TRADING_HOUR)
        self.telling.timeline.at(start + days * DAY_S, action)

    def at_due(self, days: int, action: Callable[[], Awaitable[None]]) -> None:
        """Some days after the due day, before it if negative."""
        start = self.account.debt.due_s + PAYING_HOUR * 3600
        self.telling.timeline.at(start + days * DAY_S, action)

    async def pay_all(self) -> None:
        """Everything that is owed, and everybody claims."""
        await pay(self.telling, self.account, 1, 1)
        await claim_all(self.telling, self.account)

    async def finance_part(self, holding: Holding, part: int, parts: int) -> None:
        """The holder sells part of a lot to the bank whose offer is best."""
        await finance(self.telling, self.account, holding, holding.serials.amount * part // parts)

    async def pass_part(self, holding: Holding, to: Member, part: int, parts: int) -> Holding:
        """The holder pays a supplier of its own with part of a lot."""
        amount = holding.serials.amount * part // parts
        return await pass_on(self.telling, self.account, holding, to, amount)

    def supplier(self, part: Part, number: int) -> Member:
        """The n-th supplier of a tier."""
        return self.telling.cast.all(part)[number]


class Chain(Life):
    """Passed on to the second and the third tier; the third tier sells all it got, the first tier a part."""

    @override
    def plan(self) -> None:
        self.second = self.third = self.first
        self.after(2, self._to_second_tier)
        self.after(4, self._to_third_tier)
        self.after(6, self._third_tier_sells)
        self.after(8, self._first_tier_sells)
        super().plan()

    async def _to_second_tier(self) -> None:
        self.second = await self.pass_part(self.first, self.supplier(Part.TIER_2, 0), 3, 5)

    async def _to_third_tier(self) -> None:
        self.third = await self.pass_part(self.second, self.supplier(Part.TIER_3, 0), 1, 2)

    async def _third_tier_sells(self) -> None:
        await self.finance_part(self.third, 1, 1)

    async def _first_tier_sells(self) -> None:
        await self.finance_part(self.first, 1, 3)


class Late(Life):
    """Passed on and sold; the debtor does not pay, is flagged, and pays late with interest."""

    @override
    def plan(self) -> None:
        self.second = self.first
        self.after(3, self._to_second_tier)
        self.after(5, self._second_tier_sells)
        self.at_due(1, self._flag)
        self.at_due(LATE_DAYS, self.pay_all)

    async def _to_second_tier(self) -> None:
        self.second = await self.pass_part(self.first, self.supplier(Part.TIER_2, 1), 2, 7)

    async def _second_tier_sells(self) -> None:
        await self.finance_part(self.second, 1, 1)

    async def _flag(self) -> None:
        if self._debtor_issues_meanwhile():
            return  # a flagged debtor cannot issue, and this story wants its other invoices confirmed
        await flag_overdue(self.telling, self.account)

    def _debtor_issues_meanwhile(self) -> bool:
        due_s = self.account.debt.due_s
        days = [
            instant(submission_day(bill.document), 0)
            for bill in self.telling.cast.bills
            if self._is_debtor(bill.buyer)
        ]
        return any(due_s < day <= due_s + (LATE_DAYS + 1) * DAY_S for day in days)

    def _is_debtor(self, member: Member) -> bool:
        return member is self.account.bill.buyer


class Parts(Life):
    """Sold in part by the first tier; paid in two parts, each claimed at once."""

    @override
    def plan(self) -> None:
        self.after(3, self._first_tier_sells)
        self.at_due(-PART_DAYS_EARLY, self._pay_first_part)
        self.at_due(0, self.pay_all)

    async def _first_tier_sells(self) -> None:
        await self.finance_part(self.first, 2, 5)

    async def _pay_first_part(self) -> None:
        await pay(self.telling, self.account, 2, 5)
        await claim_all(self.telling, self.account)


_MAIN: Final = (Chain, Late, Parts)


def life_of(telling: Telling, account: Account) -> Life:
    """The life of a receivable that was just issued."""
    for bill, kind in zip(telling.cast.main, _MAIN, strict=False):
        if bill is account.bill:
            return kind(telling, account)
    return Life(telling, account)
