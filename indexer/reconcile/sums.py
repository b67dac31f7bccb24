"""What must add up within the mirror itself, in SQL.

Live lots partition [0, face) · balances add up to the supply · payments, claims and hops add up to what the
receivable says · cash paid in and not claimed is at the settlement contract · no invoice is over-used.
"""

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.sql.elements import ColumnElement

from indexer.changes import Table, sql_table
from indexer.models import CashBalance, CashSupply, Claim, InvoiceUse, Lot, LotMove, Payment, Receivable
from indexer.reconcile.compare import Context, Difference

_RECEIVABLE = sql_table(Receivable)
_LOT = sql_table(Lot)


async def differences(context: Context) -> AsyncIterator[Difference | None]:
    """`mirror` is what the rows add up to, `chain` what they should by the mirror's own total."""
    for part in (_gaps, _totals, _supplies, _settlement, _overused):
        async for difference in part(context):
            yield difference
        yield None


async def _gaps(context: Context) -> AsyncIterator[Difference]:
    """A live lot must begin where the live lots before it end."""
    before = func.sum(_LOT.c.amount_minor).over(
        partition_by=_LOT.c.receivable, order_by=_LOT.c.first_serial, rows=(None, 0)
    )
    ranges = (
        select(_LOT.c.id, _LOT.c.first_serial, (before - _LOT.c.amount_minor).label("expected"))
        .where(_LOT.c.amount_minor > 0)
        .subquery()
    )
    broken = select(ranges).where(ranges.c.first_serial != ranges.c.expected).order_by(ranges.c.id)
    for lot, first, expected in await context.session.execute(broken):
        yield Difference("lot", str(lot), "first_serial", first, int(expected))


async def _totals(context: Context) -> AsyncIterator[Difference]:
    """Lots to the face, payments to what was paid, claims to what was claimed, hops to the number of lots."""
    sums: tuple[tuple[Table, ColumnElement[Any] | Any, str], ...] = (
        (Lot, func.sum(_LOT.c.amount_minor), "face_minor"),
        (Payment, func.sum(sql_table(Payment).c.principal_minor), "paid_minor"),
        (Payment, func.sum(sql_table(Payment).c.interest_minor), "interest_paid_minor"),
        (
            Claim,
            func.sum(sql_table(Claim).c.principal_minor + sql_table(Claim).c.interest_minor),
            "claimed_minor",
        ),
        (LotMove, func.count(), "lot_count"),
    )
    for model, total, field in sums:
        table = sql_table(model)
        added = select(table.c.receivable, total.label("total")).group_by(table.c.receivable).subquery()
        found = func.coalesce(added.c.total, 0)
        statement = (
            select(_RECEIVABLE.c.id, found, _RECEIVABLE.c[field])
            .outerjoin(added, added.c.receivable == _RECEIVABLE.c.id)
            .where(found != _RECEIVABLE.c[field])
            .order_by(_RECEIVABLE.c.id)
        )
        for receivable, mirrored, expected in await context.session.execute(statement):
            yield Difference("receivable", str(receivable), field, int(mirrored), expected)


async def _supplies(context: Context) -> AsyncIterator[Difference]:
    supply, balance = sql_table(CashSupply), sql_table(CashBalance)
    held = (
        select(balance.c.currency, func.sum(balance.c.amount_minor).label("total"))
        .group_by(balance.c.currency)
        .subquery()
    )
    found = func.coalesce(held.c.total, 0)
    statement = (
        select(supply.c.currency, found, supply.c.amount_minor)
        .outerjoin(held, held.c.currency == supply.c.currency)
        .where(found != supply.c.amount_minor)
    )
    for currency, mirrored, expected in await context.session.execute(statement):
        yield Difference("cash_supply", str(currency), "amount_minor", expected, int(mirrored))


async def _settlement(context: Context) -> AsyncIterator[Difference]:
    """What was paid in and not claimed lies at the settlement contract, to the cent."""
    table, balance = _RECEIVABLE.c, sql_table(CashBalance).c
    unclaimed = func.sum(table.paid_minor + table.interest_paid_minor - table.claimed_minor)
    by_currency = select(table.currency, unclaimed).group_by(table.currency)
    owed = {row[0]: int(row[1]) for row in await context.session.execute(by_currency)}
    holder = context.book.address("Settlement")
    held = select(balance.currency, balance.amount_minor).where(balance.holder == holder)
    holds = {row[0]: row[1] for row in await context.session.execute(held)}
    for currency in sorted(owed.keys() | holds.keys()):
        mirrored, expected = holds.get(currency, 0), owed.get(currency, 0)
        if mirrored != expected:
            yield Difference("cash_balance", f"{holder}/{currency}", "amount_minor", mirrored, expected)


async def _overused(context: Context) -> AsyncIterator[Difference]:
    use = sql_table(InvoiceUse).c
    statement = select(use.fingerprint, use.used_minor, use.total_minor).where(
        use.used_minor > use.total_minor
    )
    for fingerprint, used, total in await context.session.execute(statement):
        yield Difference("invoice_use", fingerprint, "used_minor", used, total)
