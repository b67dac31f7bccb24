"""Cash: balances, and what moved them. A currency is its ISO 4217 number."""

from collections.abc import Sequence

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from domain.ids import PartyAddress
from indexer.models import CashBalance, CashMovement
from indexer.queries.pages import Page, page_of


async def balance(session: AsyncSession, party: PartyAddress, currency: int) -> int:
    """Cash of a party in minor units, 0 if it never had any."""
    row = await session.get(CashBalance, (party, currency))
    return 0 if row is None else row.amount_minor


async def balances(session: AsyncSession, party: PartyAddress) -> Sequence[CashBalance]:
    """Every currency a party has had cash in, by number."""
    statement = select(CashBalance).where(CashBalance.holder == party)
    return (await session.scalars(statement.order_by(col(CashBalance.currency)))).all()


async def cash_movements(
    session: AsyncSession, party: PartyAddress, *, cursor: str | None = None, limit: int = 50
) -> Page[CashMovement]:
    """What came to a party and what left it, oldest first."""
    ends = or_(col(CashMovement.from_party) == party, col(CashMovement.to_party) == party)
    place = [col(CashMovement.block_number), col(CashMovement.log_index)]
    return await page_of(session, select(CashMovement).where(ends), place, cursor, limit)
