"""Money as integers of minor units, and the one rounding function of the project.

Currency codes, numbers and exponents are those of ISO 4217. Amounts stay below 2**63 so that the same number
fits a `uint64` on the ledger and a signed 64-bit column in SQL.
"""

import re
from dataclasses import dataclass

from domain.errors import (
    AmountOutOfRange,
    AmountTooPrecise,
    BadRatio,
    CurrencyMismatch,
    MalformedAmount,
    UnknownCurrency,
)
from domain.ids import CurrencyCode

AMOUNT_MAX_MINOR = (1 << 63) - 1

# Twenty integer digits are out of range already; the bound keeps a megabyte of digits away from int().
_AMOUNT = re.compile(r"(-?)([0-9]{1,20})(?:\.([0-9]{1,20}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Currency:
    """An ISO 4217 currency: `exponent` decimals (at least one here) between the unit and the minor unit."""

    code: CurrencyCode
    numeric: int
    exponent: int


CURRENCIES: dict[CurrencyCode, Currency] = {
    CurrencyCode(code): Currency(CurrencyCode(code), numeric, 2)
    for code, numeric in (
        ("CNY", 156),
        ("EUR", 978),
        ("USD", 840),
        ("SEK", 752),
        ("NOK", 578),
        ("DKK", 208),
        ("GBP", 826),
        ("CHF", 756),
        ("HKD", 344),
    )
}

_BY_NUMERIC = {currency.numeric: currency for currency in CURRENCIES.values()}


def currency_of(code: str) -> Currency:
    """The currency of an alphabetic code, written exactly as ISO 4217 writes it."""
    found = CURRENCIES.get(CurrencyCode(code))
    if found is None:
        raise UnknownCurrency(f"no currency {code!r}", place="currency", values={"currency": code})
    return found


def currency_by_numeric(numeric: int) -> Currency:
    """The currency of a numeric code, which is how the ledger names it."""
    found = _BY_NUMERIC.get(numeric)
    if found is None:
        raise UnknownCurrency(f"no currency {numeric}", place="currency", values={"currency": numeric})
    return found


@dataclass(frozen=True, slots=True)
class Money:
    """An amount and its currency; adding across currencies is refused, never converted."""

    amount_minor: int
    currency: CurrencyCode

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount_minor + self._same(other).amount_minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount_minor - self._same(other).amount_minor, self.currency)

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not mix", place="currency")
        return other


def round_half_up(numerator: int, denominator: int) -> int:
    """`numerator / denominator` to the nearest integer, halves away from zero.

    Symmetric, so that a credit rounds to the same figure as the debit it reverses. Nothing else rounds money.
    """
    if denominator <= 0:
        raise BadRatio("must be positive", place="denominator", values={"given": denominator})
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return magnitude if numerator >= 0 else -magnitude


def parse_amount(text: str, currency: str) -> int:
    """Minor units of a decimal text such as `12345.67`; a leading minus is read, a plus or exponent is not.

    Digits beyond the currency's exponent are refused even if they are zeros: `1.000` is not how the currency
    writes an amount, and whether that point separates thousands is not for this function to guess.
    """
    exponent = currency_of(currency).exponent
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise MalformedAmount(
            "expected digits and a decimal point", place="amount", values={"given": text[:40]}
        )
    sign, whole, fraction = match[1], match[2], match[3] or ""
    if len(fraction) > exponent:
        raise AmountTooPrecise(f"{currency} has {exponent} decimals", place="amount", values={"given": text})
    magnitude = int(whole + fraction.ljust(exponent, "0"))
    if magnitude > AMOUNT_MAX_MINOR:
        raise AmountOutOfRange("the amount does not fit 63 bits", place="amount", values={"given": text})
    return -magnitude if sign else magnitude


def format_amount(amount_minor: int, currency: str) -> str:
    """`1234567` of a two-decimal currency as `12345.67`; no separators, so `parse_amount` reads it back."""
    exponent = currency_of(currency).exponent
    sign = "-" if amount_minor < 0 else ""
    digits = str(abs(amount_minor)).rjust(exponent + 1, "0")
    return f"{sign}{digits[:-exponent]}.{digits[-exponent:]}"


def require_positive(amount_minor: int, place: str) -> int:
    """The amount itself, when it is at least one minor unit and fits the ledger."""
    if not 0 < amount_minor <= AMOUNT_MAX_MINOR:
        raise AmountOutOfRange(f"must be 1..{AMOUNT_MAX_MINOR}", place=place, values={"given": amount_minor})
    return amount_minor
