"""Lots."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select

from domain.ids import LOT_INDEX_MAX, LotId, PartyAddress, ReceivableId, lot_id
from indexer.models import Lot
from indexer.queries.pages import Page, page_of


def lots_between(receivable_id: int, column: Any = Lot.id) -> ColumnElement[bool]:
    """The lots of a receivable: their ids are neighbours, and so are the keys of their hops."""
    known = ReceivableId(receivable_id)
    return col(column).between(lot_id(known, 1), lot_id(known, LOT_INDEX_MAX))


async def lot(session: AsyncSession, lot_id: LotId) -> Lot | None:
    """The lot with this id, also when nothing is left in it."""
    return await session.get(Lot, lot_id)


async def lots_of_receivable(
    session: AsyncSession,
    receivable_id: ReceivableId,
    *,
    live_only: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Lot]:
    """Lots of a receivable by id, which is the order in which they were cut."""
    statement = select(Lot).where(lots_between(receivable_id))
    if live_only:
        statement = statement.where(Lot.amount_minor > 0)
    return await page_of(session, statement, [col(Lot.id)], cursor, limit)


async def lots_held_by(
    session: AsyncSession,
    party: PartyAddress,
    *,
    live_only: bool = True,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Lot]:
    """Lots of a party by id."""
    statement = select(Lot).where(Lot.owner == party)
    if live_only:
        statement = statement.where(Lot.amount_minor > 0)
    return await page_of(session, statement, [col(Lot.id)], cursor, limit)
