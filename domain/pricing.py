"""The price of a lot, and the cost sheet that shows the seller all of it before anything is signed.

Discount = face * rate * days / basis, rounded half up once. Net = face - discount - fees. Days run from the
value date (included) to the due date (excluded), which moves to the next business day. Amounts are minor
units, rates parts per million a year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import Any

from domain.calendar import CALENDARS, next_business_day, tenor_days
from domain.commitments import commitment
from domain.errors import (
    AmountOutOfRange,
    CostSheetMismatch,
    DomainError,
    NothingLeft,
    TermNotPositive,
    UnknownCalendar,
)
from domain.ids import CurrencyCode, Digest
from domain.money import currency_of, format_amount, parse_amount, require_positive, round_half_up
from domain.rates import PPM, apr365_percent, effective_annual_percent, percent

RATE_MAX_PPM = PPM
"""No offer above 100 % a year: beyond it a rate in another unit is likelier than a real offer."""


class DayCount(IntEnum):
    """Days of the year that a rate is quoted for; days of the term are always actual days."""

    ACT_360 = 360
    ACT_365 = 365


class DiscountMethod(StrEnum):
    """`BANK` takes interest on the face off it; `TRUE` takes the present value, cheaper at the same rate."""

    BANK = "bank"
    TRUE = "true"


def discount_minor(face_minor: int, rate_ppm: int, days: int, basis: DayCount) -> int:
    """Bank discount on the face, rounded half up."""
    _require_terms(face_minor, rate_ppm, days)
    return _simple_interest_minor(face_minor, rate_ppm, days, basis)


def highest_price_minor(face_minor: int, floor_rate_ppm: int, days: int, basis: int) -> int:
    """The most that a mandate with a floor rate allows to pay for a lot; 0 where the discount eats the face.

    The ledger asks this of every quote, also on the due day (no days) and at rates that no offer has.
    """
    return max(0, face_minor - _simple_interest_minor(face_minor, floor_rate_ppm, days, basis))


def true_discount_minor(face_minor: int, rate_ppm: int, days: int, basis: DayCount) -> int:
    """Face less its present value face / (1 + rate * days / basis), the value rounded half up."""
    _require_terms(face_minor, rate_ppm, days)
    return face_minor - round_half_up(face_minor * basis * PPM, basis * PPM + rate_ppm * days)


def net_minor(face_minor: int, discount: int, fees: int) -> int:
    """What the seller receives; an offer that leaves nothing is refused."""
    net = face_minor - discount - fees
    if net < 1:
        raise NothingLeft("discount and fees eat up the face", place="net", values={"given": net})
    return net


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee withheld from the price: what it is for, in both languages, and the party that receives it."""

    label_en: str
    label_zh: str
    receiver: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A published rate to compare an offer with, such as the one-year LPR of a month."""

    name: str
    rate_ppm: int
    as_of: date


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """All that a cost sheet is computed from; `calendar` is a key of `domain.calendar.CALENDARS`."""

    face_minor: int
    currency: CurrencyCode
    rate_ppm: int
    day_count: DayCount
    value_date: date
    due_date: date
    bank: str
    fees: tuple[Fee, ...] = ()
    benchmark: Benchmark | None = None
    calendar: str = "cn"
    method: DiscountMethod = DiscountMethod.BANK


@dataclass(frozen=True, slots=True)
class CostSheet:
    """The whole cost of one offer. `price_minor` is before fees, `cash_minor` is what arrives.

    `pay_date` is the due date moved to a business day, `lines` are the cost item by item: they sum to
    `cost_minor`.
    """

    terms: OfferTerms
    pay_date: date
    days: int
    lines: tuple[Fee, ...]
    discount_minor: int
    fees_minor: int
    price_minor: int
    cash_minor: int
    cost_minor: int
    apr365_percent: str
    effective_annual_percent: str

    def as_dict(self) -> dict[str, object]:
        """The sheet as it is shown and committed to; amounts and percentages are decimal strings."""
        terms = self.terms
        return {
            "kind": "tallystick.cost-sheet.v1",
            "currency": terms.currency,
            "face": self._text(terms.face_minor),
            "rate_ppm": terms.rate_ppm,
            "method": terms.method.value,
            "day_count": terms.day_count.value,
            "calendar": terms.calendar,
            "value_date": terms.value_date.isoformat(),
            "due_date": terms.due_date.isoformat(),
            "pay_date": self.pay_date.isoformat(),
            "days": self.days,
            "lines": [self._line(line) for line in self.lines],
            "discount": self._text(self.discount_minor),
            "fees": self._text(self.fees_minor),
            "price": self._text(self.price_minor),
            "cash_received": self._text(self.cash_minor),
            "total_cost": self._text(self.cost_minor),
            "apr365_percent": self.apr365_percent,
            "effective_annual_percent": self.effective_annual_percent,
            "benchmark": _benchmark_dict(terms.benchmark),
        }

    def commitment(self) -> Digest:
        """What the signed `Finance` intent carries as `terms_hash`."""
        return commitment(self.as_dict())

    def _line(self, line: Fee) -> dict[str, object]:
        return {
            "label": line.label_en,
            "label_zh": line.label_zh,
            "receiver": line.receiver,
            "amount": self._text(line.amount_minor),
        }

    def _text(self, amount_minor: int) -> str:
        return format_amount(amount_minor, self.terms.currency)


def cost_sheet(terms: OfferTerms) -> CostSheet:
    """Compute the sheet of an offer; raises errors of money and pricing."""
    currency_of(terms.currency)
    calendar = CALENDARS.get(terms.calendar)
    if calendar is None:
        raise UnknownCalendar(f"no calendar {terms.calendar!r}", place="calendar")
    for index, fee in enumerate(terms.fees):
        require_positive(fee.amount_minor, f"fees[{index}].amount")
    pay_date = next_business_day(terms.due_date, calendar)
    days = tenor_days(terms.value_date, pay_date)
    compute = discount_minor if terms.method is DiscountMethod.BANK else true_discount_minor
    discount = compute(terms.face_minor, terms.rate_ppm, days, terms.day_count)
    fees = sum(fee.amount_minor for fee in terms.fees)
    cash = net_minor(terms.face_minor, discount, fees)
    return CostSheet(
        terms=terms,
        pay_date=pay_date,
        days=days,
        lines=(Fee("Discount", "贴现息", terms.bank, discount), *terms.fees),
        discount_minor=discount,
        fees_minor=fees,
        price_minor=terms.face_minor - discount,
        cash_minor=cash,
        cost_minor=discount + fees,
        apr365_percent=apr365_percent(discount + fees, cash, days),
        effective_annual_percent=effective_annual_percent(terms.face_minor, cash, days),
    )


def verify_cost_sheet(document: Mapping[str, object]) -> CostSheet:
    """Recompute a sheet from the inputs written in it; CostSheetMismatch names the first difference."""
    try:
        expected = cost_sheet(_terms_of(document))
    except (DomainError, KeyError, TypeError, ValueError, IndexError) as error:
        raise CostSheetMismatch(f"the inputs cannot be read: {error}", place="inputs") from error
    computed = expected.as_dict()
    for name in sorted(computed.keys() | document.keys()):
        if name not in document or name not in computed or document[name] != computed[name]:
            values = {"given": document.get(name), "computed": computed.get(name)}
            raise CostSheetMismatch("differs from what its inputs give", place=name, values=values)
    return expected


def _simple_interest_minor(face_minor: int, rate_ppm: int, days: int, basis: int) -> int:
    return round_half_up(face_minor * rate_ppm * days, basis * PPM)


def _terms_of(document: Any) -> OfferTerms:
    currency = currency_of(document["currency"]).code
    discount, *fees = document["lines"]
    benchmark = document["benchmark"]
    return OfferTerms(
        face_minor=parse_amount(document["face"], currency),
        currency=currency,
        rate_ppm=document["rate_ppm"],
        day_count=DayCount(document["day_count"]),
        value_date=date.fromisoformat(document["value_date"]),
        due_date=date.fromisoformat(document["due_date"]),
        bank=discount["receiver"],
        fees=tuple(
            Fee(fee["label"], fee["label_zh"], fee["receiver"], parse_amount(fee["amount"], currency))
            for fee in fees
        ),
        benchmark=benchmark
        and Benchmark(benchmark["name"], benchmark["rate_ppm"], date.fromisoformat(benchmark["as_of"])),
        calendar=document["calendar"],
        method=DiscountMethod(document["method"]),
    )


def _benchmark_dict(benchmark: Benchmark | None) -> dict[str, object] | None:
    if benchmark is None:
        return None
    return {
        "name": benchmark.name,
        "rate_ppm": benchmark.rate_ppm,
        "rate_percent": percent(benchmark.rate_ppm),
        "as_of": benchmark.as_of.isoformat(),
    }


def _require_terms(face_minor: int, rate_ppm: int, days: int) -> None:
    require_positive(face_minor, "face")
    if not 0 <= rate_ppm <= RATE_MAX_PPM:
        raise AmountOutOfRange(f"must be 0..{RATE_MAX_PPM}", place="rate_ppm", values={"given": rate_ppm})
    if days < 1:
        raise TermNotPositive("the term must be at least one day", place="days", values={"given": days})
