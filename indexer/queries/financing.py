"""Financings: title bought against cash."""

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from domain.ids import LotId, PartyAddress
from indexer.models import Financing
from indexer.queries.pages import Page, page_of


async def financing_by_child(session: AsyncSession, child: LotId) -> Financing | None:
    """The purchase that made this lot; None if the lot came about otherwise."""
    return await session.get(Financing, child)


async def financings(
    session: AsyncSession,
    *,
    party: PartyAddress | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Financing]:
    """Financings by the lot bought, of one party (bank or seller) where given."""
    statement = select(Financing)
    if party is not None:
        statement = statement.where(or_(col(Financing.bank) == party, col(Financing.seller) == party))
    return await page_of(session, statement, [col(Financing.child)], cursor, limit)
