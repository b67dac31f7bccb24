import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import DAY_SECONDS, due_instant
from domain.errors import DuplicateClaim, NoWeights, PaymentNotPositive, PaymentOutOfOrder
from domain.lots import LotRange
from domain.settlement import (
    CompetingClaim,
    Debt,
    PaidThrough,
    PaymentSplit,
    accrue,
    allocate_largest_remainder,
    apply_payment,
    claimable,
    default_instant,
    entitled,
    late_interest_minor,
    rank_claims,
    to_bank,
    to_pledgee,
)
from tests.unit.domain.strategies import partitions

VECTORS = Path(__file__).parents[2] / "vectors"
PRICING = json.loads((VECTORS / "pricing.json").read_text(encoding="utf-8"))
PRIORITY = json.loads((VECTORS / "priority.json").read_text(encoding="utf-8"))

DUE = due_instant(date(2026, 6, 30))
DEBT = Debt(face=100_000_000, due_s=DUE)


def days_after_due(days: int) -> int:
    return DUE + days * DAY_SECONDS


@pytest.mark.parametrize("vector", PRICING["late_interest"])
def test_golden_late_interest(vector: dict[str, int]) -> None:
    interest = late_interest_minor(vector["principal_minor"], vector["days"], vector["rate_ppm_per_day"])
    assert (
        interest == vector["interest_minor"] == late_interest_minor(vector["principal_minor"], vector["days"])
    )


@pytest.mark.parametrize("vector", PRICING["largest_remainder"])
def test_golden_largest_remainder(vector: dict[str, Any]) -> None:
    assert allocate_largest_remainder(vector["total_minor"], vector["weights"]) == vector["parts"]


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**12), min_size=1, max_size=30).filter(any))
def test_allocation_sums_to_the_total_and_stays_within_a_unit_of_pro_rata(
    total: int, weights: list[int]
) -> None:
    parts = allocate_largest_remainder(total, weights)
    whole = sum(weights)
    assert sum(parts) == total
    assert all(
        abs(part * whole - total * weight) < whole for part, weight in zip(parts, weights, strict=True)
    )


@pytest.mark.parametrize(("total", "weights"), [(1, []), (1, [0, 0]), (1, [2, -1]), (-1, [1])])
def test_allocation_without_weights_is_refused(total: int, weights: list[int]) -> None:
    with pytest.raises(NoWeights):
        allocate_largest_remainder(total, weights)


def test_payment_on_the_due_day_carries_no_interest() -> None:
    after, split = apply_payment(DEBT, 100_000_000, DUE + DAY_SECONDS - 1)
    assert split == PaymentSplit(costs=0, interest=0, principal=100_000_000, left_over=0)
    assert (after.principal_owed, after.interest_owed, after.interest_through_s) == (0, 0, 0)


def test_late_payment_covers_costs_then_interest_then_principal() -> None:
    owing = replace(DEBT, costs_owed=7_000)
    _, small = apply_payment(owing, 5_000, days_after_due(10))
    assert small == PaymentSplit(costs=5_000, interest=0, principal=0, left_over=0)
    after, large = apply_payment(owing, 50_507_000, days_after_due(10))
    assert large == PaymentSplit(costs=7_000, interest=500_000, principal=50_000_000, left_over=0)
    # Interest now runs on what is left, from the day up to which it was charged.
    assert accrue(after, days_after_due(14)).interest_owed == 4 * 25_000


def test_unpaid_interest_is_carried_over_a_part_payment_and_bears_none_itself() -> None:
    after, split = apply_payment(DEBT, 200_000, days_after_due(10))
    assert split == PaymentSplit(costs=0, interest=200_000, principal=0, left_over=0)
    assert after.interest_owed == 300_000
    assert accrue(after, days_after_due(11)).interest_owed == 300_000 + 50_000


def test_over_payment_is_reported() -> None:
    after, split = apply_payment(DEBT, 100_600_000, days_after_due(10))
    assert split == PaymentSplit(costs=0, interest=500_000, principal=100_000_000, left_over=100_000)
    assert (after.principal_owed, after.interest_owed) == (0, 0)


def test_asking_twice_on_a_day_accrues_once() -> None:
    once = accrue(DEBT, days_after_due(3))
    assert accrue(once, days_after_due(3) + DAY_SECONDS - 1) == once


def test_a_payment_before_interest_that_was_charged_is_refused() -> None:
    with pytest.raises(PaymentOutOfOrder):
        accrue(accrue(DEBT, days_after_due(3)), days_after_due(2))


@pytest.mark.parametrize("amount", [0, -1])
def test_a_payment_of_nothing_is_refused(amount: int) -> None:
    with pytest.raises(PaymentNotPositive):
        apply_payment(DEBT, amount, DUE)


payments = st.lists(st.tuples(st.integers(1, 2_000), st.integers(0, 40)), min_size=1, max_size=6)


def pay_in(face: int, steps: list[tuple[int, int]]) -> list[Debt]:
    """The debt after each payment of (amount, days after the one before) and after one that settles it."""
    debt, now_s, history = Debt(face=face, due_s=DUE, late_rate_ppm_per_day=9_999), DUE, []
    for amount, days in [*steps, (10**9, 1)]:
        now_s += days * DAY_SECONDS
        if debt.principal_owed:
            debt, split = apply_payment(debt, amount, now_s)
            assert split.costs + split.interest + split.principal + split.left_over == amount
            history.append(debt)
    return history


@given(st.data(), partitions(face_max=3_000), payments)
def test_over_any_payments_nobody_takes_what_is_not_there_and_nothing_is_left(
    data: st.DataObject, case: tuple[int, list[LotRange]], steps: list[tuple[int, int]]
) -> None:
    face, lots = case
    through = [PaidThrough()] * len(lots)
    got = [PaidThrough()] * len(lots)
    history = pay_in(face, steps)
    for debt in history:
        paid = PaidThrough(debt.paid, debt.interest_paid)
        settled = debt.paid == face
        for index, lot in enumerate(lots):
            if settled or data.draw(st.booleans()):
                now = claimable(lot, face, paid, through[index])
                assert min(now.principal, now.interest) >= 0
                through[index] = paid
                got[index] = PaidThrough(
                    got[index].principal + now.principal, got[index].interest + now.interest
                )
        assert sum(part.principal for part in got) <= paid.principal
        assert sum(part.interest for part in got) <= paid.interest
    assert [part.principal for part in got] == [lot.amount for lot in lots]
    assert sum(part.interest for part in got) == history[-1].interest_paid


def test_a_lot_that_claimed_after_the_last_payment_has_nothing_left() -> None:
    paid = PaidThrough(1_000, 7)
    assert claimable(LotRange(0, 400), 1_000, paid, paid) == PaidThrough(0, 0)


@given(st.data(), partitions(face_max=3_000), payments)
def test_what_is_written_off_is_divided_to_the_cent_whenever_lots_claimed(
    data: st.DataObject, case: tuple[int, list[LotRange]], steps: list[tuple[int, int]]
) -> None:
    face, lots = case
    *history, _ = [
        PaidThrough(),
        *(PaidThrough(debt.paid, debt.interest_paid) for debt in pay_in(face, steps)),
    ]
    paid, got = history[-1], []
    for lot in lots:
        through = data.draw(st.sampled_from(history))
        before = entitled(lot, face, through, final=False)
        now = claimable(lot, face, paid, through, written_off=True)
        assert min(now.principal, now.interest) >= 0
        got.append(PaidThrough(before.principal + now.principal, before.interest + now.interest))
    assert sum(part.principal for part in got) == paid.principal
    assert sum(part.interest for part in got) == paid.interest


totals = st.integers(0, 10**12)


@given(st.data(), st.integers(1, 10**9))
def test_neither_side_of_a_charge_ever_gets_less_when_more_is_received(
    data: st.DataObject, amount: int
) -> None:
    secured = data.draw(st.integers(1, amount))
    principals = sorted(data.draw(st.lists(st.integers(0, amount), min_size=2, max_size=5)))
    interests = sorted(data.draw(st.lists(totals, min_size=len(principals), max_size=len(principals))))
    received = [PaidThrough(*pair) for pair in zip(principals, interests, strict=True)]
    for divide in (
        lambda got: to_pledgee(got, secured),
        lambda got: to_bank(got, secured, amount),
    ):
        first = [divide(got) for got in received]
        second = [got.principal + got.interest - part for got, part in zip(received, first, strict=True)]
        assert min(*first, *second) >= 0
        assert first == sorted(first)
        assert second == sorted(second)


def test_a_pledgee_gets_principal_and_interest_up_to_what_is_secured() -> None:
    assert [to_pledgee(PaidThrough(paid, 30), 100) for paid in (0, 50, 90)] == [30, 80, 100]


def test_a_bank_with_recourse_gets_interest_in_the_proportion_of_what_is_secured() -> None:
    assert to_bank(PaidThrough(1_000, 50), 800, 1_000) == 800 + 40
    assert to_bank(PaidThrough(300, 9), 800, 1_000) == 300 + 7
    assert to_bank(PaidThrough(1_000, 50), 1_000, 1_000) == 1_050


def test_default_comes_so_many_days_after_the_first_day_late() -> None:
    assert default_instant(DUE, 30) == days_after_due(31)
    assert default_instant(DUE, 0) == days_after_due(1)


@pytest.mark.parametrize("vector", PRIORITY, ids=lambda vector: vector["name"])
def test_golden_priority_of_competing_claims(vector: dict[str, Any]) -> None:
    claims = [
        CompetingClaim(claim["id"], claim["reg"], claim["notice"], claim["amount"])
        for claim in vector["claims"]
    ]
    ranking = rank_claims(claims)
    assert list(ranking.ranked) == vector["expect"]["rank"]
    assert ranking.pro_rata == vector["expect"]["then_pro_rata"]
    assert rank_claims(claims[::-1]).ranked == ranking.ranked


def test_claims_registered_in_the_same_second_are_reported_for_a_decision() -> None:
    ranking = rank_claims([CompetingClaim("B", 5, None, 1), CompetingClaim("A", 5, None, 1)])
    assert (ranking.ranked, ranking.ties) == (("A", "B"), (("A", "B"),))


def test_a_claim_listed_twice_is_refused() -> None:
    with pytest.raises(DuplicateClaim):
        rank_claims([CompetingClaim("A", 5, None, 1), CompetingClaim("A", None, 2, 1)])
