"""When open principal falls due: what a debtor has to pay and what comes in, by day, week or month."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.calendar import date_of, due_instant
from domain.ids import PartyAddress
from indexer.models import Receivable
from indexer.queries.held import open_by
from indexer.queries.pages import Page, page_size, parse_cursor

_KEY = (col(Receivable.due_s), col(Receivable.currency))


class Step(StrEnum):
    """How long a rung of the ladder is; weeks begin on Mondays."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Maturity:
    """Open principal of a currency that is due on `first_day` or later in the same day, week or month."""

    first_day: date
    currency: int
    open_minor: int


async def maturities(
    session: AsyncSession,
    step: Step,
    *,
    debtor: PartyAddress | None = None,
    holder: PartyAddress | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Maturity]:
    """The ladder by first day and currency, past days included: what is open there is late.

    Of one debtor, of the lots of one holder, of both together, or of the whole ledger; no rung is empty.
    """
    behind = (0, 0) if cursor is None else tuple(parse_cursor(_KEY, cursor))
    by_due = (
        await _owed(session, debtor, behind[0])
        if holder is None
        else (await _held(session, holder, debtor, behind[0]))
    )
    rungs: defaultdict[tuple[int, int], int] = defaultdict(int)
    for (due_s, currency), open_minor in by_due.items():
        first = due_instant(first_day(date_of(due_s), step))
        if open_minor and (first, currency) > behind:
            rungs[first, currency] += open_minor
    size = page_size(limit)
    keys = sorted(rungs)
    found = [Maturity(date_of(first), currency, rungs[first, currency]) for first, currency in keys[:size]]
    return Page(found, f"{keys[size - 1][0]}.{keys[size - 1][1]}" if len(keys) > size else None)


def first_day(day: date, step: Step) -> date:
    """The first day of the day's rung."""
    if step is Step.MONTH:
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if step is Step.WEEK else day


async def _owed(session: AsyncSession, debtor: str | None, from_s: int) -> dict[tuple[int, int], int]:
    left = func.sum(col(Receivable.face_minor) - col(Receivable.paid_minor))
    statement = select(*_KEY, left).where(col(Receivable.closed_s).is_(None), _KEY[0] >= from_s)
    if debtor is not None:
        statement = statement.where(col(Receivable.debtor) == debtor)
    rows = await session.execute(statement.group_by(*_KEY))
    return {(due_s, currency): int(open_minor) for due_s, currency, open_minor in rows}


async def _held(
    session: AsyncSession, holder: PartyAddress, debtor: str | None, from_s: int
) -> dict[tuple[int, int], int]:
    where = [_KEY[0] >= from_s]
    if debtor is not None:
        where.append(col(Receivable.debtor) == debtor)
    sums = await open_by(session, holder, _KEY, *where)
    return {(due_s, currency): left for (due_s, currency), left in sums.items()}
