import json
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import (
    AmountOutOfRange,
    CostSheetMismatch,
    NothingLeft,
    TermNotPositive,
    UnknownCalendar,
    UnknownCurrency,
)
from domain.ids import CurrencyCode
from domain.pricing import (
    Benchmark,
    DayCount,
    DiscountMethod,
    Fee,
    OfferTerms,
    cost_sheet,
    discount_minor,
    highest_price_minor,
    net_minor,
    true_discount_minor,
    verify_cost_sheet,
)
from domain.rates import apr365_percent, effective_annual_percent, flat_fee_apr365_percent, percent
from domain.settlement import allocate_largest_remainder

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "pricing.json").read_text(encoding="utf-8"))

faces = st.integers(1, 10**13)
rates = st.integers(0, 400_000)
terms_days = st.integers(1, 730)
bases = st.sampled_from(DayCount)

OFFER = OfferTerms(
    face_minor=12_345_678,
    currency=CurrencyCode("CNY"),
    rate_ppm=43_500,
    day_count=DayCount.ACT_360,
    value_date=date(2026, 3, 2),
    due_date=date(2026, 9, 25),
    bank="Bank of the North",
    fees=(Fee("Registration", "登记费", "Registry", 3_000), Fee("Service", "服务费", "Platform", 12_000)),
    benchmark=Benchmark("LPR 1Y", 30_000, date(2026, 2, 20)),
)


@pytest.mark.parametrize("vector", VECTORS["discount"], ids=lambda vector: vector["name"])
def test_golden_discount(vector: dict[str, Any]) -> None:
    face, days, fee = vector["face_minor"], vector["days"], vector["fee_minor"]
    discount = discount_minor(face, vector["rate_ppm"], days, DayCount(vector["basis"]))
    net = net_minor(face, discount, fee)
    assert discount == vector["discount_minor"]
    assert net == vector["net_minor"]
    assert apr365_percent(discount + fee, net, days) == vector["apr365_percent"]
    assert effective_annual_percent(face, net, days) == vector["effective_annual_percent"]


@pytest.mark.parametrize("vector", VECTORS["flat_discount_as_apr"])
def test_golden_flat_discount_as_yearly_rate(vector: dict[str, Any]) -> None:
    assert flat_fee_apr365_percent(vector["flat_ppm"], vector["days"]) == vector["apr365_percent"]


@given(faces, rates, terms_days, bases)
def test_discount_is_within_half_a_minor_unit_of_the_formula(
    face: int, rate_ppm: int, days: int, basis: DayCount
) -> None:
    exact = Fraction(face * rate_ppm * days, basis * 1_000_000)
    assert abs(discount_minor(face, rate_ppm, days, basis) - exact) <= Fraction(1, 2)


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=50), rates, terms_days, bases)
def test_splitting_into_dust_moves_the_total_discount_by_at_most_one_unit(
    pieces: list[int], rate_ppm: int, days: int, basis: DayCount
) -> None:
    total = sum(pieces)
    exact = Fraction(total * rate_ppm * days, basis * 1_000_000)
    allocated = allocate_largest_remainder(discount_minor(total, rate_ppm, days, basis), pieces)
    assert abs(sum(allocated) - exact) <= 1
    assert all(abs(part - exact * piece / total) < 2 for part, piece in zip(allocated, pieces, strict=True))


@given(faces, rates, terms_days, bases)
def test_true_discount_never_costs_more_than_bank_discount(
    face: int, rate_ppm: int, days: int, basis: DayCount
) -> None:
    assert (
        0 <= true_discount_minor(face, rate_ppm, days, basis) <= discount_minor(face, rate_ppm, days, basis)
    )


def test_true_discount_is_the_present_value() -> None:
    # 1,000,000.00 / (1 + 6 % * 365 / 365) = 943,396.23
    assert true_discount_minor(100_000_000, 60_000, 365, DayCount.ACT_365) == 100_000_000 - 94_339_623


@given(st.integers(10**6, 10**12), st.integers(0, 10**6), st.integers(1, 365))
def test_effective_rate_agrees_with_high_precision_logarithms(net: int, cost: int, days: int) -> None:
    shown = Decimal(effective_annual_percent(net + cost, net, days))
    with localcontext() as context:
        context.prec = 160  # at most 2**365, which has 110 digits
        ratio = Decimal(net + cost) / Decimal(net)
        exact = (((ratio.ln() * 365 / days).exp()) - 1) * 100
        assert abs(exact - shown) <= Decimal("0.0000500000001")


def test_percentages_have_four_decimals_and_a_sign() -> None:
    assert [percent(ppm) for ppm in (30_000, 1, 0, -12_345)] == ["3.0000", "0.0001", "0.0000", "-1.2345"]


def test_a_cost_sheet_shows_cash_cost_rates_and_who_gets_what() -> None:
    sheet = cost_sheet(OFFER).as_dict()
    assert sheet["pay_date"] == "2026-09-28"  # Mid-Autumn holiday, Friday to Sunday
    assert sheet["days"] == 210
    assert (sheet["discount"], sheet["fees"], sheet["total_cost"]) == ("3132.72", "150.00", "3282.72")
    assert (sheet["face"], sheet["price"], sheet["cash_received"]) == ("123456.78", "120324.06", "120174.06")
    assert sheet["lines"] == [
        {"label": "Discount", "label_zh": "贴现息", "receiver": "Bank of the North", "amount": "3132.72"},
        {"label": "Registration", "label_zh": "登记费", "receiver": "Registry", "amount": "30.00"},
        {"label": "Service", "label_zh": "服务费", "receiver": "Platform", "amount": "120.00"},
    ]
    assert sheet["benchmark"] == {
        "name": "LPR 1Y",
        "rate_ppm": 30_000,
        "rate_percent": "3.0000",
        "as_of": "2026-02-20",
    }


@given(faces, rates, bases, st.sampled_from(DiscountMethod), st.lists(st.integers(1, 500), max_size=3))
def test_a_cost_sheet_adds_up_and_verifies(
    face: int, rate_ppm: int, basis: DayCount, method: DiscountMethod, fees: list[int]
) -> None:
    terms = replace(
        OFFER,
        face_minor=face + 10_000,
        rate_ppm=rate_ppm,
        day_count=basis,
        method=method,
        fees=tuple(Fee("Fee", "费用", "Somebody", fee) for fee in fees),
        benchmark=None,
    )
    sheet = cost_sheet(terms)
    assert sum(line.amount_minor for line in sheet.lines) == sheet.cost_minor
    assert sheet.cash_minor + sheet.cost_minor == terms.face_minor
    assert sheet.price_minor - sheet.fees_minor == sheet.cash_minor
    assert verify_cost_sheet(json.loads(json.dumps(sheet.as_dict()))) == sheet


def test_the_commitment_covers_every_field_of_the_sheet() -> None:
    known = cost_sheet(OFFER).commitment()
    others = [
        replace(OFFER, face_minor=OFFER.face_minor + 1),
        replace(OFFER, fees=(replace(OFFER.fees[0], label_zh="登记"), OFFER.fees[1])),
        replace(OFFER, fees=(replace(OFFER.fees[0], receiver="Somebody else"), OFFER.fees[1])),
        replace(OFFER, benchmark=None),
        replace(OFFER, bank="Bank of the South"),
    ]
    assert known not in {cost_sheet(other).commitment() for other in others}


def test_the_commitment_is_what_jq_and_sha256sum_compute() -> None:
    # jq -cSj . sheet.json | sha256sum
    expected = "0x4475ea63555023fec23c995ad0a65f6085918cb43798e98fee81fa9d8a80dfaf"
    assert cost_sheet(OFFER).commitment() == expected


@pytest.mark.parametrize(
    "field", ["cash_received", "apr365_percent", "total_cost", "price", "pay_date", "days"]
)
def test_a_sheet_with_a_wrong_figure_is_refused_by_name(field: str) -> None:
    document = cost_sheet(OFFER).as_dict()
    with pytest.raises(CostSheetMismatch) as refusal:
        verify_cost_sheet({**document, field: "0.01"})
    assert refusal.value.place == field


def test_a_sheet_with_an_added_figure_is_refused() -> None:
    with pytest.raises(CostSheetMismatch) as refusal:
        verify_cost_sheet({**cost_sheet(OFFER).as_dict(), "rebate": "5.00"})
    assert refusal.value.place == "rebate"


@pytest.mark.parametrize(
    "broken",
    [
        {"lines": []},
        {"face": "1e9"},
        {"currency": "XXX"},
        {"value_date": "tomorrow"},
        {"rate_ppm": "4"},
        {"calendar": "x"},
    ],
)
def test_a_sheet_whose_inputs_cannot_be_read_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(CostSheetMismatch) as refusal:
        verify_cost_sheet({**cost_sheet(OFFER).as_dict(), **broken})
    assert refusal.value.place == "inputs"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"face_minor": 0}, AmountOutOfRange),
        ({"face_minor": -5}, AmountOutOfRange),
        ({"rate_ppm": -1}, AmountOutOfRange),
        ({"rate_ppm": 1_000_001}, AmountOutOfRange),
        ({"fees": (Fee("Zero", "零", "Nobody", 0),)}, AmountOutOfRange),
        ({"fees": (Fee("All", "全部", "Somebody", 12_345_678),)}, NothingLeft),
        ({"due_date": date(2026, 3, 2)}, TermNotPositive),
        ({"currency": "XXX"}, UnknownCurrency),
        ({"calendar": "mars"}, UnknownCalendar),
    ],
)
def test_an_impossible_offer_is_refused(change: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        cost_sheet(replace(OFFER, **change))


def test_rates_without_a_term_or_without_cash_are_refused() -> None:
    with pytest.raises(TermNotPositive):
        discount_minor(100, 1, 0, DayCount.ACT_360)
    with pytest.raises(TermNotPositive):
        apr365_percent(1, 100, 0)
    with pytest.raises(NothingLeft):
        effective_annual_percent(100, 0, 10)


@given(faces, rates, terms_days, bases)
def test_a_quote_at_just_the_floor_rate_is_not_above_the_highest_price(
    face: int, rate: int, days: int, basis: DayCount
) -> None:
    discount = discount_minor(face, rate, days, basis)
    assert highest_price_minor(face, rate, days, basis) == max(0, face - discount)


def test_a_floor_allows_the_face_on_the_due_day_and_nothing_where_the_discount_eats_it() -> None:
    assert highest_price_minor(1_000, 900_000, 0, 360) == 1_000
    assert highest_price_minor(1_000, 4_000_000, 360, 360) == 0
