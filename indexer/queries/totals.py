"""Sums that must agree with each other whatever happened."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from indexer.models import CashBalance, CashSupply


@dataclass(frozen=True, slots=True)
class CashTotals:
    """A currency's cash in existence and the sum of all balances of it: equal, or the mirror is wrong."""

    currency: int
    supply_minor: int
    balances_minor: int


async def cash_totals(session: AsyncSession) -> Sequence[CashTotals]:
    """One row a currency that ever had cash, by number."""
    held = dict(
        (
            await session.execute(
                select(CashBalance.currency, func.sum(CashBalance.amount_minor)).group_by(
                    col(CashBalance.currency)
                )
            )
        ).all()
    )
    supplies = (await session.scalars(select(CashSupply).order_by(col(CashSupply.currency)))).all()
    return [CashTotals(row.currency, row.amount_minor, int(held.get(row.currency, 0))) for row in supplies]
