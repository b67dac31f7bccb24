"""Arithmetic of settlement: late interest, what a payment covers, what a lot may claim, who comes first.

Figures are minor units, instants seconds since 1970 UTC, late rates parts per million a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.calendar import DAY_SECONDS, days_late
from domain.errors import DuplicateClaim, NoWeights, PaymentNotPositive, PaymentOutOfOrder
from domain.lots import LotRange, entitlement
from domain.money import round_half_up
from domain.rates import PPM

LATE_RATE_DEFAULT_PPM_PER_DAY = 500
"""0.05 % a day if none is agreed: State Council Order 802, in force from 2025-06-01."""


def late_interest_minor(
    principal_minor: int, days: int, rate_ppm_per_day: int = LATE_RATE_DEFAULT_PPM_PER_DAY
) -> int:
    """Simple interest on unpaid principal for whole days late, rounded half up once."""
    return round_half_up(principal_minor * rate_ppm_per_day * days, PPM)


@dataclass(frozen=True, slots=True)
class Debt:
    """What a debtor owes on one receivable, as the ledger keeps it.

    `interest_owed` is accrued through `interest_through_s`, which is 0 before any interest.
    """

    face: int
    due_s: int
    paid: int = 0
    interest_owed: int = 0
    interest_paid: int = 0
    interest_through_s: int = 0
    costs_owed: int = 0
    late_rate_ppm_per_day: int = LATE_RATE_DEFAULT_PPM_PER_DAY

    @property
    def principal_owed(self) -> int:
        """Face not yet paid."""
        return self.face - self.paid


@dataclass(frozen=True, slots=True)
class PaymentSplit:
    """Where one payment went; `left_over` is over-payment and goes back to the debtor."""

    costs: int
    interest: int
    principal: int
    left_over: int


@dataclass(frozen=True, slots=True)
class PaidThrough:
    """Principal and interest paid in through some installment, cumulative."""

    principal: int = 0
    interest: int = 0


def accrue(debt: Debt, now_s: int) -> Debt:
    """The debt with interest for all whole days late up to `now_s`; an earlier time is refused."""
    days_done = days_late(debt.interest_through_s, debt.due_s)
    days = days_late(now_s, debt.due_s)
    if days < days_done:
        values = {"now": now_s, "interest_through": debt.interest_through_s}
        raise PaymentOutOfOrder("interest has accrued beyond this time", place="now", values=values)
    if days == days_done:
        return debt
    interest = late_interest_minor(debt.principal_owed, days - days_done, debt.late_rate_ppm_per_day)
    through_s = debt.due_s + days * DAY_SECONDS
    return replace(debt, interest_owed=debt.interest_owed + interest, interest_through_s=through_s)


def apply_payment(debt: Debt, amount_minor: int, now_s: int) -> tuple[Debt, PaymentSplit]:
    """The debt after a payment: costs first, then accrued interest, then principal; the rest is left over."""
    if amount_minor < 1:
        raise PaymentNotPositive("a payment must be positive", place="amount", values={"given": amount_minor})
    accrued = accrue(debt, now_s)
    costs = min(amount_minor, accrued.costs_owed)
    interest = min(amount_minor - costs, accrued.interest_owed)
    principal = min(amount_minor - costs - interest, accrued.principal_owed)
    after = replace(
        accrued,
        costs_owed=accrued.costs_owed - costs,
        interest_owed=accrued.interest_owed - interest,
        interest_paid=accrued.interest_paid + interest,
        paid=accrued.paid + principal,
    )
    return after, PaymentSplit(costs, interest, principal, amount_minor - costs - interest - principal)


def entitled(held: LotRange, face: int, paid: PaidThrough, *, final: bool) -> PaidThrough:
    """What a lot may have received in all of what was paid in; exact once it is `final` (ADR 0003)."""
    return PaidThrough(
        entitlement(held, paid.principal, face, fully_paid=final),
        entitlement(held, paid.interest, face, fully_paid=final),
    )


def claimable(
    held: LotRange, face: int, paid: PaidThrough, claimed: PaidThrough, *, written_off: bool = False
) -> PaidThrough:
    """What a lot may claim now: its entitlement to all that was paid in, less what it has claimed already.

    `claimed` are the totals of the receivable through the last installment that the lot has claimed. A lot
    that has claimed after the last payment has nothing left to claim. A write-off is a last payment of
    nothing, whose totals are those before: ask only for a lot that has not claimed after it.
    """
    if claimed == paid and not written_off:
        return PaidThrough()
    now = entitled(held, face, paid, final=written_off or paid.principal == face)
    # what was claimed before was claimed while more was to come
    before = entitled(held, face, claimed, final=False)
    return PaidThrough(now.principal - before.principal, now.interest - before.interest)


def to_pledgee(received: PaidThrough, secured_minor: int) -> int:
    """What a pledgee gets in all of a lot that received so much: all of it up to what is secured."""
    return min(received.principal + received.interest, secured_minor)


def to_bank(received: PaidThrough, secured_minor: int, amount_minor: int) -> int:
    """What a bank gets in all of a lot of `amount_minor` bought with recourse; its seller gets the rest.

    Principal up to what is secured, and of the interest the part that the secured principal is of the lot.
    """
    return min(received.principal, secured_minor) + received.interest * secured_minor // amount_minor


def default_instant(due_s: int, grace_days: int) -> int:
    """From when on an unpaid receivable is in default: `grace_days` after the first day it is late."""
    return due_s + (1 + grace_days) * DAY_SECONDS


def allocate_largest_remainder(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Parts proportional to the weights that sum to the total; left-over units go to the largest remainders.

    Equal remainders are served in the order of the weights.
    """
    whole = sum(weights)
    if whole < 1 or total_minor < 0 or min(weights) < 0:
        raise NoWeights(
            "weights and total must not be negative, and a weight must be positive", place="weights"
        )
    parts = [total_minor * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: -(total_minor * weights[index] % whole))
    for index in by_remainder[: total_minor - sum(parts)]:
        parts[index] += 1
    return parts


@dataclass(frozen=True, slots=True)
class CompetingClaim:
    """One of several claims on a receivable, with the times of registration and of notice to the debtor."""

    id: str
    registered_s: int | None
    notified_s: int | None
    amount_minor: int


@dataclass(frozen=True, slots=True)
class ClaimRanking:
    """Ids in order of priority, then amounts of those who share pro rata; `ties` need a human decision."""

    ranked: tuple[str, ...]
    pro_rata: dict[str, int]
    ties: tuple[tuple[str, ...], ...]


def rank_claims(claims: Sequence[CompetingClaim]) -> ClaimRanking:
    """Registered claims by time, then notified ones by time, the others pro rata: Civil Code, article 768.

    Claims of the same second are ordered by id, so that the result is certain, and reported as a tie.
    """
    if len({claim.id for claim in claims}) != len(claims):
        raise DuplicateClaim("each claim may be listed once", place="claims")
    by_rank: dict[tuple[int, int], list[str]] = {}
    pro_rata: dict[str, int] = {}
    for claim in claims:
        if claim.registered_s is not None:
            by_rank.setdefault((0, claim.registered_s), []).append(claim.id)
        elif claim.notified_s is not None:
            by_rank.setdefault((1, claim.notified_s), []).append(claim.id)
        else:
            pro_rata[claim.id] = claim.amount_minor
    groups = [tuple(sorted(by_rank[rank])) for rank in sorted(by_rank)]
    ranked = tuple(claim_id for group in groups for claim_id in group)
    return ClaimRanking(ranked, pro_rata, tuple(group for group in groups if len(group) > 1))
