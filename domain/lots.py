"""Lots as ranges of serials, and the share of a payment that falls on a range.

A receivable of face F has serials [0, F), one per minor unit; its live lots partition that range.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag

from domain.errors import CutOutOfRange, RangeOutOfFace


class LotFlag(IntFlag):
    """Flags of a lot, coded as on the ledger."""

    FROZEN = 1
    """Stopped by an order: only a forced move or unfreezing changes it, and its share waits."""
    PLEDGED = 2
    """The chargee, a pledgee, is paid first; only its enforcement or an order moves the lot."""
    RECOURSE = 4
    """Bought with recourse: the owner is paid first, the chargee, who sold it, gets the rest."""
    EXPORTED = 8
    """Lives in another register: never moves here again."""
    MANDATED = 16
    """Bought under a bank's mandate."""


@dataclass(frozen=True, slots=True)
class LotRange:
    """The serials [first, first + amount)."""

    first: int
    amount: int

    @property
    def end(self) -> int:
        """The first serial behind the range."""
        return self.first + self.amount


def cut(parent: LotRange, amount: int) -> tuple[LotRange, LotRange]:
    """Cut `amount` serials off the low end: (child, what the parent keeps, possibly nothing)."""
    if not 1 <= amount <= parent.amount:
        raise CutOutOfRange(f"can cut 1..{parent.amount}", place="amount", values={"given": amount})
    return LotRange(parent.first, amount), LotRange(parent.first + amount, parent.amount - amount)


def partition_problem(ranges: Sequence[LotRange], face: int) -> str | None:
    """What keeps the ranges from covering [0, face) exactly once, or None; empty ranges hold nothing."""
    expected = 0
    for held in sorted((held for held in ranges if held.amount), key=lambda held: held.first):
        if held.amount < 0:
            return f"range at {held.first} has amount {held.amount}"
        if held.first < expected:
            return f"serial {held.first} is held twice"
        if held.first > expected:
            return f"serials {expected}..{held.first - 1} are held by nobody"
        expected = held.end
    if expected != face:
        return f"ranges end at {expected}, not at the face {face}"
    return None


def share(first: int, amount: int, total: int, face: int) -> int:
    """The part of `total` minor units that falls on the serials [first, first + amount) of `face` (ADR 0003).

    The difference of two rounded-down cumulative sums: over any partition the shares add up to `total`
    exactly, and cutting a range changes nothing for the sum of its parts. Not monotone in `total`: see
    `entitlement`.
    """
    if face < 1 or total < 0 or first < 0 or amount < 0 or first + amount > face:
        raise RangeOutOfFace(
            "the range must lie in [0, face) and the total must not be negative",
            place="range",
            values={"first": first, "amount": amount, "total": total, "face": face},
        )
    return (first + amount) * total // face - first * total // face


def entitlement(held: LotRange, total: int, face: int, *, fully_paid: bool) -> int:
    """What a range may have received in all when `total` has been paid in (ADR 0003).

    Rounded down until the receivable is fully paid, then the exact share. It never falls as `total` grows,
    never adds up to more than `total` over a partition, and adds up to exactly that in the end.
    """
    exact = share(held.first, held.amount, total, face)
    return exact if fully_paid else held.amount * total // face
