"""Payments of debtors and what holders received of them."""

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from domain.ids import LotId, ReceivableId
from indexer.models import Claim, Payment
from indexer.queries.pages import Page, page_of


async def payments(
    session: AsyncSession, receivable_id: ReceivableId, *, cursor: str | None = None, limit: int = 50
) -> Page[Payment]:
    """Payments of a receivable, first to last."""
    statement = select(Payment).where(Payment.receivable == receivable_id)
    return await page_of(session, statement, [col(Payment.installment)], cursor, limit)


async def claims(
    session: AsyncSession, receivable_id: ReceivableId, *, cursor: str | None = None, limit: int = 50
) -> Page[Claim]:
    """Claims of a receivable in the order in which they were paid."""
    statement = select(Claim).where(Claim.receivable == receivable_id)
    return await page_of(session, statement, _PLACE, cursor, limit)


async def claims_of_lot(
    session: AsyncSession, lot_id: LotId, *, cursor: str | None = None, limit: int = 50
) -> Page[Claim]:
    """Claims of one lot in the order in which they were paid."""
    statement = select(Claim).where(Claim.lot == lot_id)
    return await page_of(session, statement, _PLACE, cursor, limit)


_PLACE = (col(Claim.block_number), col(Claim.log_index))
