from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import (
    CHINA,
    DAY_SECONDS,
    WEEKENDS,
    add_months,
    date_of,
    days_late,
    due_instant,
    next_business_day,
    tenor_days,
)
from domain.errors import TermNotPositive

days = st.dates(date(1971, 1, 1), date(2150, 1, 1))
DUE = due_instant(date(2026, 6, 30))


@given(days, st.integers(0, DAY_SECONDS - 1))
def test_every_second_of_a_day_belongs_to_it(day: date, second: int) -> None:
    assert due_instant(day) % DAY_SECONDS == 0
    assert date_of(due_instant(day) + second) == day


@given(days)
def test_the_next_business_day_is_the_first_one_not_before(day: date) -> None:
    for calendar in (WEEKENDS, CHINA):
        found = next_business_day(day, calendar)
        assert calendar.is_business_day(found)
        skipped = (day + timedelta(days=n) for n in range((found - day).days))
        assert not any(calendar.is_business_day(before) for before in skipped)


@pytest.mark.parametrize(
    ("due", "moved"),
    [
        (date(2026, 2, 14), date(2026, 2, 14)),  # a Saturday worked in exchange for the holiday
        (date(2026, 2, 15), date(2026, 2, 24)),  # Spring Festival
        (date(2026, 10, 1), date(2026, 10, 8)),
        (date(2025, 10, 1), date(2025, 10, 9)),
        (date(2025, 9, 28), date(2025, 9, 28)),
        (date(2026, 3, 3), date(2026, 3, 3)),
    ],
)
def test_chinese_holidays_and_make_up_days(due: date, moved: date) -> None:
    assert next_business_day(due, CHINA) == moved


def test_every_make_up_day_is_a_weekend_and_no_holiday() -> None:
    assert all(day.weekday() >= 5 for day in CHINA.working)
    assert not CHINA.working & CHINA.holidays


def test_a_term_counts_the_value_date_and_not_the_due_date() -> None:
    assert tenor_days(date(2026, 1, 1), date(2026, 1, 2)) == 1
    assert tenor_days(date(2024, 2, 1), date(2024, 3, 1)) == 29


@pytest.mark.parametrize("due", [date(2026, 1, 1), date(2025, 12, 31)])
def test_a_term_without_a_day_is_refused(due: date) -> None:
    with pytest.raises(TermNotPositive):
        tenor_days(date(2026, 1, 1), due)


@pytest.mark.parametrize(
    ("now_s", "late"),
    [
        (0, 0),
        (DUE - 1, 0),
        (DUE, 0),
        (DUE + DAY_SECONDS - 1, 0),
        (DUE + DAY_SECONDS, 1),
        (DUE + 2 * DAY_SECONDS - 1, 1),
        (DUE + 30 * DAY_SECONDS, 30),
    ],
)
def test_lateness_begins_when_the_due_day_has_ended(now_s: int, late: int) -> None:
    assert days_late(now_s, DUE) == late


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 3, 15), 9, date(2026, 12, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected
