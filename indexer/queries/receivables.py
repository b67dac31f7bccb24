"""Receivables."""

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from domain.ids import PartyAddress, ReceivableId
from indexer.models import Lot, Receivable
from indexer.queries.pages import Page, page_of


async def receivable(session: AsyncSession, receivable_id: ReceivableId) -> Receivable | None:
    """The receivable with this id."""
    return await session.get(Receivable, receivable_id)


async def receivables(
    session: AsyncSession,
    *,
    debtor: PartyAddress | None = None,
    creditor: PartyAddress | None = None,
    holder: PartyAddress | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Receivable]:
    """Receivables by id; with several filters those that meet any: all that a party has to do with.

    `holder` means: owns or owned a lot of it, an emptied lot included.
    """
    statement = select(Receivable)
    concerns = []
    if debtor is not None:
        concerns.append(col(Receivable.debtor) == debtor)
    if creditor is not None:
        concerns.append(col(Receivable.creditor) == creditor)
    if holder is not None:
        held = select(Lot.receivable).where(Lot.owner == holder)
        concerns.append(col(Receivable.id).in_(held))
    if concerns:
        statement = statement.where(or_(*concerns))
    return await page_of(session, statement, [col(Receivable.id)], cursor, limit)
