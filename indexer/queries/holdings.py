"""What a party held at a time: lots with their amounts of then, in receivables that were open then."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.ids import LotId, PartyAddress, receivable_of
from indexer.models import Lot
from indexer.queries.held import lots_held, open_minor, sums_at
from indexer.queries.pages import Page, page_size, parse_cursor

_LOOKED_AT: Final = 3
"""Lots that are looked at for one of the page: some had been passed on as a whole."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Serials from `first_serial` on, held since `since_s`; `open_minor` of them was unpaid."""

    lot: int
    receivable: int
    debtor: str
    currency: int
    due_s: int
    first_serial: int
    amount_minor: int
    open_minor: int
    since_s: int


@dataclass(frozen=True, slots=True)
class HoldingSum:
    """All holdings of a currency together."""

    currency: int
    amount_minor: int
    open_minor: int


async def holdings_at(
    session: AsyncSession, holder: PartyAddress, at_s: int, *, cursor: str | None = None, limit: int = 50
) -> Page[Holding]:
    """Lots of a party at a time, by id. On a date means at its end (`domain.calendar.last_instant`)."""
    size = page_size(limit)
    behind = 0 if cursor is None else parse_cursor([col(Lot.id)], cursor)[0]
    count = (size + 1) * _LOOKED_AT
    found: list[Holding] = []
    while len(found) <= size:
        rows = (await session.execute(lots_held(holder, at_s, behind, count))).all()
        found += [_holding(row) for row in rows if row.amount_minor]
        if len(rows) < count:
            break
        behind = rows[-1].id
    return Page(found[:size], str(found[size - 1].lot) if len(found) > size else None)


async def holding_sums_at(session: AsyncSession, holder: PartyAddress, at_s: int) -> Sequence[HoldingSum]:
    """What the pages of `holdings_at` add up to, by currency."""
    sums = await sums_at(session, holder, at_s)
    return [HoldingSum(currency, *values) for currency, values in sorted(sums.items())]


def _holding(row: Any) -> Holding:
    return Holding(
        lot=row.id,
        receivable=receivable_of(LotId(row.id)),
        debtor=row.debtor,
        currency=row.currency,
        due_s=row.due_s,
        first_serial=row.first_serial,
        amount_minor=row.amount_minor,
        open_minor=open_minor(row.amount_minor, row.paid_minor, row.face_minor),
        since_s=row.since_s,
    )
