from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import (
    AmountOutOfRange,
    AmountTooPrecise,
    BadRatio,
    CurrencyMismatch,
    MalformedAmount,
    UnknownCurrency,
)
from domain.ids import CurrencyCode
from domain.money import (
    AMOUNT_MAX_MINOR,
    CURRENCIES,
    Money,
    currency_by_numeric,
    currency_of,
    format_amount,
    parse_amount,
    require_positive,
    round_half_up,
)

CNY = CurrencyCode("CNY")
amounts = st.integers(-AMOUNT_MAX_MINOR, AMOUNT_MAX_MINOR)


@given(amounts, st.sampled_from(sorted(CURRENCIES)))
def test_what_is_formatted_is_parsed_to_the_same_amount(amount_minor: int, currency: str) -> None:
    assert parse_amount(format_amount(amount_minor, currency), currency) == amount_minor


@pytest.mark.parametrize(
    ("text", "amount_minor"),
    [("12345.67", 1_234_567), ("0.05", 5), ("7", 700), ("7.1", 710), ("-3.50", -350), ("007.00", 700)],
)
def test_decimal_text_becomes_minor_units(text: str, amount_minor: int) -> None:
    assert parse_amount(text, "CNY") == amount_minor


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "+1",
        "1e3",
        "1E3",
        ".5",
        "5.",
        "1,000.00",
        "１.００",
        "NaN",
        "inf",
        "--1",
        "0x10",
        "1_0",
    ],
)
def test_text_that_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(MalformedAmount):
        parse_amount(text, "CNY")


def test_a_megabyte_of_digits_is_refused_and_not_repeated() -> None:
    with pytest.raises(MalformedAmount) as refusal:
        parse_amount("9" * 1_000_000, "CNY")
    assert len(str(refusal.value.values["given"])) == 40


@pytest.mark.parametrize("text", ["1.000", "0.001", "1.230"])
def test_more_decimals_than_the_currency_has_are_refused(text: str) -> None:
    with pytest.raises(AmountTooPrecise):
        parse_amount(text, "EUR")


def test_an_amount_beyond_63_bits_is_refused() -> None:
    assert parse_amount("92233720368547758.07", "CNY") == AMOUNT_MAX_MINOR
    with pytest.raises(AmountOutOfRange):
        parse_amount("92233720368547758.08", "CNY")


@pytest.mark.parametrize("code", ["XXX", "cny", "", "JPY"])
def test_a_currency_that_is_not_admitted_is_refused(code: str) -> None:
    with pytest.raises(UnknownCurrency):
        parse_amount("1.00", code)


def test_currencies_are_found_by_code_and_by_number() -> None:
    assert all(currency_by_numeric(c.numeric) is c and currency_of(c.code) is c for c in CURRENCIES.values())
    with pytest.raises(UnknownCurrency):
        currency_by_numeric(0)


def test_money_adds_within_a_currency_only() -> None:
    assert Money(150, CNY) + Money(50, CNY) - Money(1, CNY) == Money(199, CNY)
    with pytest.raises(CurrencyMismatch):
        Money(1, CNY) + Money(1, CurrencyCode("EUR"))


@given(st.integers(-(10**40), 10**40), st.integers(1, 10**30))
def test_rounding_is_to_nearest_with_halves_away_from_zero(numerator: int, denominator: int) -> None:
    rounded = round_half_up(numerator, denominator)
    error = Fraction(numerator, denominator) - rounded
    assert abs(error) <= Fraction(1, 2)
    if abs(error) == Fraction(1, 2):
        assert abs(rounded) > abs(Fraction(numerator, denominator))


@given(st.integers(-(10**40), 10**40), st.integers(1, 10**30))
def test_rounding_is_symmetric(numerator: int, denominator: int) -> None:
    assert round_half_up(-numerator, denominator) == -round_half_up(numerator, denominator)


@pytest.mark.parametrize("denominator", [0, -1])
def test_rounding_by_nothing_or_less_is_refused(denominator: int) -> None:
    with pytest.raises(BadRatio):
        round_half_up(1, denominator)


@pytest.mark.parametrize("amount_minor", [0, -1, AMOUNT_MAX_MINOR + 1])
def test_zero_negative_and_oversized_amounts_are_refused_with_their_place(amount_minor: int) -> None:
    assert require_positive(1, "face") == 1
    with pytest.raises(AmountOutOfRange) as refusal:
        require_positive(amount_minor, "face")
    assert refusal.value.place == "face"
