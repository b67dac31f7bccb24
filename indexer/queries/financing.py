"""Financings: title bought against cash."""

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from domain.ids import LotId, PartyAddress, ReceivableId
from indexer.models import Financing
from indexer.queries.pages import Page, page_of


async def financing_by_child(session: AsyncSession, child: LotId) -> Financing | None:
    """The purchase that made this lot; None if the lot came about otherwise."""
    return await session.get(Financing, child)


async def financings(
    session: AsyncSession,
    *,
    receivable_id: ReceivableId | None = None,
    party: PartyAddress | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Financing]:
    """Financings by the lot bought, of one receivable and of one party (bank or seller) where given."""
    statement = select(Financing)
    if receivable_id is not None:
        statement = statement.where(Financing.receivable == receivable_id)
    if party is not None:
        statement = statement.where(or_(col(Financing.bank) == party, col(Financing.seller) == party))
    return await page_of(session, statement, [col(Financing.child)], cursor, limit)
