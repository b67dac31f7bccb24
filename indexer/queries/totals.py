"""Sums that must agree with each other whatever happened."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from indexer.models import CashBalance, CashSupply, Receivable


@dataclass(frozen=True, slots=True)
class CashTotals:
    """A currency's cash in existence and the sum of all balances of it: equal, or the mirror is wrong."""

    currency: int
    supply_minor: int
    balances_minor: int


@dataclass(frozen=True, slots=True)
class ReceivableTotals:
    """A currency's receivables; `claimed_minor` is principal and interest paid out."""

    currency: int
    count: int
    face_minor: int
    paid_minor: int
    interest_paid_minor: int
    claimed_minor: int


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


async def receivable_totals(session: AsyncSession) -> Sequence[ReceivableTotals]:
    """One row a currency with receivables, by number."""
    summed = (
        Receivable.face_minor,
        Receivable.paid_minor,
        Receivable.interest_paid_minor,
        Receivable.claimed_minor,
    )
    statement = (
        select(Receivable.currency, func.count(), *(func.sum(column) for column in summed))
        .group_by(col(Receivable.currency))
        .order_by(col(Receivable.currency))
    )
    rows = (await session.execute(statement)).all()
    return [ReceivableTotals(*(int(value) for value in row)) for row in rows]
