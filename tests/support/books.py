"""What people ask, answered the slow way: all events up to the time asked about, in plain Python."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from domain.calendar import DAY_SECONDS
from domain.events import LotMoved, PaymentReceived, ReceivableIssued, ReceivableStateChanged
from domain.lots import LotRange, partition_problem
from domain.receivable import ReceivableState

ENDS = (ReceivableState.SETTLED, ReceivableState.WRITTEN_OFF, ReceivableState.CANCELLED)


@dataclass(frozen=True)
class Told:
    """An event and where it happened."""

    block: int
    log: int
    time_s: int
    event: Any


@dataclass
class Account:
    """A receivable; of each lot its party, since when, and its range as [first, end)."""

    issued: ReceivableIssued
    paid: int = 0
    state: ReceivableState = ReceivableState.ACTIVE
    owners: dict[int, tuple[str, int]] = field(default_factory=dict)
    ranges: dict[int, list[int]] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """Principal that the debtor owes."""
        return 0 if self.state in ENDS else self.issued.face - self.paid

    def left_of(self, lot: int) -> int:
        """Of one lot: a payment in part is rounded down."""
        first, end = self.ranges[lot]
        if not self.left:
            return 0
        return (end - first) - (end - first) * self.paid // self.issued.face

    def holding(self, serial: int) -> tuple[str, int, int]:
        """(party, lot, since) of the one lot that has the serial."""
        (lot,) = [lot for lot, (first, end) in self.ranges.items() if first <= serial < end]
        party, since_s = self.owners[lot]
        return party, lot, since_s


Books = dict[int, Account]


def books(story: Iterable[Told]) -> Books:
    """All receivables after these events. Every receivable's lots must cover its face, each serial once."""
    found: Books = {}
    for told in story:
        event = told.event
        if isinstance(event, ReceivableIssued):
            found[event.id] = Account(event)
        elif isinstance(event, LotMoved):
            _move(found[event.receivable], event, told.time_s)
        elif isinstance(event, PaymentReceived):
            found[event.receivable].paid += event.principal
        elif isinstance(event, ReceivableStateChanged):
            found[event.receivable].state = event.to
    for account in found.values():
        if account.ranges:
            held = [LotRange(first, end - first) for first, end in account.ranges.values()]
            assert partition_problem(held, account.issued.face) is None
    return found


def holdings(found: Books, party: str) -> dict[int, tuple[str, int, int, int, int, int, int]]:
    """By lot (debtor, currency, due, first, amount, left, since), in receivables that are open."""
    return {
        lot: (
            account.issued.debtor,
            account.issued.currency,
            account.issued.due,
            first,
            end - first,
            account.left_of(lot),
            account.owners[lot][1],
        )
        for account in found.values()
        if account.state not in ENDS
        for lot, (first, end) in account.ranges.items()
        if account.owners[lot][0] == party and end > first
    }


def owed(found: Books, now_s: int) -> dict[tuple[str, int], tuple[int, int]]:
    """By debtor and currency (open, overdue)."""
    sums: defaultdict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    for account in found.values():
        issued = account.issued
        both = sums[issued.debtor, issued.currency]
        both[0] += account.left
        both[1] += account.left if now_s - issued.due >= DAY_SECONDS else 0
    return {key: (left, late) for key, (left, late) in sums.items() if left}


def owed_to(found: Books, party: str, now_s: int) -> dict[tuple[str, int], tuple[int, int]]:
    """The same on the lots of one party."""
    sums: defaultdict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    for debtor, currency, due_s, _, _, left, _ in holdings(found, party).values():
        both = sums[debtor, currency]
        both[0] += left
        both[1] += left if now_s - due_s >= DAY_SECONDS else 0
    return {key: (left, late) for key, (left, late) in sums.items() if left}


def _move(account: Account, event: LotMoved, time_s: int) -> None:
    if event.parent:
        account.ranges[event.parent][0] += event.amount
    account.owners[event.child] = (event.to, time_s)
    account.ranges[event.child] = [event.first, event.first + event.amount]
