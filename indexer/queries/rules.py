"""Dated parameters of the rulebook."""

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from indexer.models import Rule


async def rule_at(session: AsyncSession, param: int, currency: int, when_s: int) -> Rule | None:
    """The value in force: the currency's own if it has one by then, else the one for all currencies."""
    statement = select(Rule).where(
        Rule.param == param, col(Rule.currency).in_((currency, 0)), Rule.effective_s <= when_s
    )
    own_first = statement.order_by(col(Rule.currency).desc(), col(Rule.effective_s).desc()).limit(1)
    return (await session.scalars(own_first)).one_or_none()
