"""Yearly rates for comparing offers: exact integer arithmetic, percentages with four decimals.

A rate in parts per million a year is written `rate_ppm`: 3.00 % is 30000.
"""

from math import gcd

from domain.errors import NothingLeft, TermNotPositive
from domain.money import round_half_up

PPM = 1_000_000
YEAR_DAYS = 365


def apr365_percent(cost_minor: int, net_minor: int, days: int) -> str:
    """Simple annual cost of `cost_minor` for having `net_minor` early: cost / net * 365 / days."""
    _require(net_minor, days)
    return percent(round_half_up(cost_minor * YEAR_DAYS * PPM, net_minor * days))


def effective_annual_percent(face_minor: int, net_minor: int, days: int) -> str:
    """Compound annual cost: (face / net) ** (365 / days) - 1, exact to the last digit shown.

    The root is taken on integers, since a float or a rounded logarithm may fall on the wrong side of a half.
    """
    _require(net_minor, days)
    common = gcd(YEAR_DAYS, days)
    power, degree = YEAR_DAYS // common, days // common
    # floor(2 * PPM * ratio): with one bit more than shown, adding one and halving rounds half up.
    doubled = _root_floor((2 * PPM) ** degree * face_minor**power // net_minor**power, degree)
    return percent((doubled + 1) // 2 - PPM)


def flat_fee_apr365_percent(flat_ppm: int, days: int) -> str:
    """The annual cost hidden in `flat_ppm` of the face kept back for `days`: 1 % for 45 days is above 8 %."""
    return apr365_percent(flat_ppm, PPM - flat_ppm, days)


def _require(net_minor: int, days: int) -> None:
    if days < 1:
        raise TermNotPositive("the term must be at least one day", place="days", values={"given": days})
    if net_minor < 1:
        raise NothingLeft("nothing would be paid out", place="net", values={"given": net_minor})


def percent(rate_ppm: int) -> str:
    """Parts per million as a percentage with four decimals: 30000 is `3.0000`."""
    sign = "-" if rate_ppm < 0 else ""
    return f"{sign}{abs(rate_ppm) // 10_000}.{abs(rate_ppm) % 10_000:04d}"


def _root_floor(radicand: int, degree: int) -> int:
    """The largest integer whose `degree`-th power does not exceed `radicand`, by bisection."""
    low, high = 0, 1 << (radicand.bit_length() // degree + 1)
    while high - low > 1:
        middle = (low + high) // 2
        if middle**degree <= radicand:
            low = middle
        else:
            high = middle
    return low
