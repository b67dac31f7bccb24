"""Days: instants of the ledger, business days and terms. Dates are always given; there is no clock.

On the ledger a due date is 00:00 UTC of that day. Payment is on time until the day has ended, and days late
are whole days since 00:00 of the due date (ADR 0004).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from domain.errors import TermNotPositive

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days on which banks do not settle: weekends and `holidays`, except weekend days declared `working`."""

    code: str
    holidays: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()

    def is_business_day(self, day: date) -> bool:
        """Whether banks settle on this day."""
        if day in self.holidays:
            return False
        return day.weekday() < 5 or day in self.working


def _days(*spans: tuple[date, int]) -> frozenset[date]:
    return frozenset(start + timedelta(days=offset) for start, length in spans for offset in range(length))


WEEKENDS = Calendar("weekends")
"""Saturdays and Sundays only, for networks without a national rule set."""

CHINA = Calendar(
    "cn",
    holidays=_days(
        (date(2025, 1, 1), 1),
        (date(2025, 1, 28), 8),
        (date(2025, 4, 4), 3),
        (date(2025, 5, 1), 5),
        (date(2025, 5, 31), 3),
        (date(2025, 10, 1), 8),
        (date(2026, 1, 1), 3),
        (date(2026, 2, 15), 9),
        (date(2026, 4, 4), 3),
        (date(2026, 5, 1), 5),
        (date(2026, 6, 19), 3),
        (date(2026, 9, 25), 3),
        (date(2026, 10, 1), 7),
    ),
    working=_days(
        (date(2025, 1, 26), 1),
        (date(2025, 2, 8), 1),
        (date(2025, 4, 27), 1),
        (date(2025, 9, 28), 1),
        (date(2025, 10, 11), 1),
        (date(2026, 1, 4), 1),
        (date(2026, 2, 14), 1),
        (date(2026, 2, 28), 1),
        (date(2026, 5, 9), 1),
        (date(2026, 9, 20), 1),
        (date(2026, 10, 10), 1),
    ),
)
"""China 2025 and 2026 with make-up working days 调休: notices of the General Office of the State Council
国务院办公厅关于2025年部分节假日安排的通知 (2024-11-12) and
国务院办公厅关于2026年部分节假日安排的通知 (2025-11-04).
Years without a published notice have weekends only."""

CALENDARS: dict[str, Calendar] = {calendar.code: calendar for calendar in (WEEKENDS, CHINA)}


def due_instant(day: date) -> int:
    """00:00 UTC of a day in seconds since 1970: how the ledger writes a due date or an invoice date."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def date_of(instant_s: int) -> date:
    """The UTC day of an instant in seconds since 1970."""
    return datetime.fromtimestamp(instant_s, tz=UTC).date()


def last_instant(day: date) -> int:
    """The last second of a UTC day: what was so on a day was so at its end."""
    return due_instant(day) + DAY_SECONDS - 1


def next_business_day(day: date, calendar: Calendar) -> date:
    """The day itself if banks settle on it, else the first later day on which they do."""
    while not calendar.is_business_day(day):
        day += timedelta(days=1)
    return day


def tenor_days(value_date: date, due_date: date) -> int:
    """Days from value date (included) to due date (excluded); a term must have at least one."""
    days = (due_date - value_date).days
    if days < 1:
        raise TermNotPositive(
            "the due date must be after the value date",
            place="due_date",
            values={"value_date": value_date.isoformat(), "due_date": due_date.isoformat()},
        )
    return days


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or the last day of that month if it is shorter."""
    first = date(day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def days_late(now_s: int, due_s: int) -> int:
    """Whole days since 00:00 UTC of the due date; 0 until the due date has ended."""
    return max(0, (now_s - due_s) // DAY_SECONDS)
