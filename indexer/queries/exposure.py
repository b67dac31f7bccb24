"""How much debtors owe, and to whom: principal that is not paid, and what of it is overdue.

A partly paid receivable pays its lots rounded down (ADR 0003), so what its lots have open may be up to one
minor unit a lot more than what the debtor owes.
"""

from dataclasses import dataclass

from sqlalchemy import case, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.calendar import DAY_SECONDS
from domain.ids import PartyAddress
from indexer.models import Receivable
from indexer.queries.held import open_by
from indexer.queries.pages import Page, page_size, parse_cursor, rows_page_of

_KEY = (col(Receivable.debtor), col(Receivable.currency))


@dataclass(frozen=True, slots=True)
class Exposure:
    """Open principal of a debtor in a currency; of it `overdue_minor` was due on a day that has ended."""

    debtor: str
    currency: int
    open_minor: int
    overdue_minor: int


async def exposures(
    session: AsyncSession,
    now_s: int,
    *,
    debtor: PartyAddress | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Exposure]:
    """What all debtors owe, or one, by debtor and currency; who owes nothing is left out."""
    left = col(Receivable.face_minor) - col(Receivable.paid_minor)
    late = case((col(Receivable.due_s) <= now_s - DAY_SECONDS, left), else_=0)
    statement = (
        select(*_KEY, func.sum(left).label("open_minor"), func.sum(late).label("overdue_minor"))
        .where(col(Receivable.closed_s).is_(None))
        .group_by(*_KEY)
        .having(func.sum(left) > 0)
    )
    if debtor is not None:
        statement = statement.where(col(Receivable.debtor) == debtor)
    page = await rows_page_of(session, statement, _KEY, cursor, limit)
    found = [
        Exposure(row.debtor, row.currency, int(row.open_minor), int(row.overdue_minor)) for row in page.items
    ]
    return Page(found, page.next_cursor)


async def exposures_of_holder(
    session: AsyncSession,
    holder: PartyAddress,
    now_s: int,
    *,
    debtor: PartyAddress | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Exposure]:
    """What each debtor owes, or one, on the lots of one party, a bank for instance; as `exposures`."""
    behind = [] if cursor is None else [tuple_(*_KEY) > tuple_(*parse_cursor(_KEY, cursor))]
    if debtor is not None:
        behind.append(col(Receivable.debtor) == debtor)
    is_late = case((col(Receivable.due_s) <= now_s - DAY_SECONDS, 1), else_=0).label("is_late")
    sums = await open_by(session, holder, (*_KEY, is_late), *behind)
    found: dict[tuple[str, int], Exposure] = {}
    for (owing, currency, late_one), left in sums.items():
        before = found.get((owing, currency), Exposure(owing, currency, 0, 0))
        late = left if late_one else 0
        found[owing, currency] = Exposure(
            owing, currency, before.open_minor + left, before.overdue_minor + late
        )
    owed = [found[key] for key in sorted(found) if found[key].open_minor]
    size = page_size(limit)
    last = f"{owed[size - 1].debtor}.{owed[size - 1].currency}" if len(owed) > size else None
    return Page(owed[:size], last)
