import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import CutOutOfRange, RangeOutOfFace
from domain.lots import LotRange, cut, entitlement, partition_problem, share
from tests.unit.domain.strategies import partitions


@given(partitions())
def test_cutting_always_leaves_a_partition(case: tuple[int, list[LotRange]]) -> None:
    face, lots = case
    assert partition_problem(lots, face) is None


def test_a_cut_takes_the_low_end() -> None:
    assert cut(LotRange(10, 5), 2) == (LotRange(10, 2), LotRange(12, 3))
    assert cut(LotRange(10, 5), 5) == (LotRange(10, 5), LotRange(15, 0))


@pytest.mark.parametrize("amount", [0, -1, 6])
def test_cutting_nothing_or_more_than_there_is_is_refused(amount: int) -> None:
    with pytest.raises(CutOutOfRange):
        cut(LotRange(10, 5), amount)


@pytest.mark.parametrize(
    ("ranges", "problem"),
    [
        ([LotRange(0, 4), LotRange(3, 7)], "serial 3 is held twice"),
        ([LotRange(0, 4), LotRange(5, 5)], "serials 4..4 are held by nobody"),
        ([LotRange(1, 9)], "serials 0..0 are held by nobody"),
        ([LotRange(0, 9)], "ranges end at 9, not at the face 10"),
        ([LotRange(0, 11)], "ranges end at 11, not at the face 10"),
        ([], "ranges end at 0, not at the face 10"),
        ([LotRange(0, 10), LotRange(10, -1)], "range at 10 has amount -1"),
    ],
)
def test_what_breaks_a_partition_is_named(ranges: list[LotRange], problem: str) -> None:
    assert partition_problem(ranges, 10) == problem


@given(partitions(), st.integers(0, 10**10))
def test_shares_sum_to_the_total_over_any_partition(case: tuple[int, list[LotRange]], total: int) -> None:
    face, lots = case
    assert sum(share(lot.first, lot.amount, total, face) for lot in lots) == total


@given(st.data(), st.integers(1, 10**9), st.integers(0, 10**10))
def test_a_cut_changes_no_sum_of_shares(data: st.DataObject, face: int, total: int) -> None:
    first = data.draw(st.integers(0, face - 1))
    amount = data.draw(st.integers(1, face - first))
    child, rest = cut(LotRange(first, amount), data.draw(st.integers(1, amount)))
    parts = share(child.first, child.amount, total, face) + share(rest.first, rest.amount, total, face)
    assert parts == share(first, amount, total, face)


@given(partitions())
def test_a_full_payment_gives_each_lot_its_face(case: tuple[int, list[LotRange]]) -> None:
    face, lots = case
    assert all(share(lot.first, lot.amount, face, face) == lot.amount for lot in lots)


@pytest.mark.parametrize(
    ("first", "amount", "total", "face"),
    [(0, 11, 1, 10), (-1, 1, 1, 10), (0, 1, -1, 10), (0, -1, 1, 10), (0, 0, 0, 0)],
)
def test_a_range_outside_the_face_has_no_share(first: int, amount: int, total: int, face: int) -> None:
    with pytest.raises(RangeOutOfFace):
        share(first, amount, total, face)


def test_the_exact_share_alone_would_fall_when_more_is_paid() -> None:
    assert [share(2, 1, total, 10) for total in (4, 5)] == [1, 0]
    held = LotRange(2, 1)
    assert [entitlement(held, total, 10, fully_paid=False) for total in (4, 5)] == [0, 0]


@given(partitions(face_max=1000), st.lists(st.integers(0, 3000), min_size=1, max_size=6))
def test_entitlement_never_falls_and_never_exceeds_what_was_paid(
    case: tuple[int, list[LotRange]], totals: list[int]
) -> None:
    face, lots = case
    before = [0] * len(lots)
    ordered = sorted(totals)
    for position, total in enumerate(ordered, 1):
        last = position == len(ordered)
        now = [entitlement(lot, total, face, fully_paid=last) for lot in lots]
        assert all(earlier <= later for earlier, later in zip(before, now, strict=True))
        assert sum(now) <= total
        before = now
    assert sum(before) == ordered[-1]
