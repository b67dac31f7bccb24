"""Payments of debtors and what holders received of them."""

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from domain.ids import Digest, ReceivableId
from indexer.models import Claim, Payment
from indexer.queries.pages import Page, page_of


async def payments(
    session: AsyncSession, receivable_id: ReceivableId, *, cursor: str | None = None, limit: int = 50
) -> Page[Payment]:
    """Payments of a receivable, first to last."""
    statement = select(Payment).where(Payment.receivable == receivable_id)
    return await page_of(session, statement, [col(Payment.installment)], cursor, limit)


async def payment_of_intent(
    session: AsyncSession, receivable_id: ReceivableId, digest: Digest
) -> Payment | None:
    """The payment that a `Pay` intent made."""
    statement = select(Payment).where(Payment.receivable == receivable_id, Payment.digest == digest)
    return (await session.scalars(statement)).one_or_none()


async def claim_at(session: AsyncSession, block_number: int, log_index: int) -> Claim | None:
    """The claim that the event at this place reported."""
    return await session.get(Claim, (block_number, log_index))
