"""Histories within the mirror: each ends in what the row says now, and no hop lacks its agreement."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import exists, func, select

from domain.ids import ZERO_ADDRESS
from domain.lots import LotFlag
from domain.receivable import Cause, ReceivableState
from indexer.changes import Table, sql_table
from indexer.models import (
    BuyBack,
    Financing,
    Lot,
    LotChargeChange,
    LotExport,
    LotFlagChange,
    LotMove,
    MandateHolding,
    PledgeAgreement,
    Receivable,
    ReceivableOrder,
    ReceivableStateChange,
    WriteOff,
)
from indexer.reconcile.compare import Context, Difference, missing


@dataclass(frozen=True, slots=True)
class _History:
    """`columns`: column of the row → (column of the history, value where the history is empty)."""

    model: Table
    changes: Table
    key: str
    columns: dict[str, tuple[str, object]]


_HISTORIES: Final = (
    _History(
        Receivable,
        ReceivableStateChange,
        "receivable",
        {"state": ("to_state", ReceivableState.ACTIVE.value)},
    ),
    _History(Lot, LotFlagChange, "lot", {"flags": ("flags", 0)}),
    _History(
        Lot,
        LotChargeChange,
        "lot",
        {
            "chargee": ("chargee", ZERO_ADDRESS),
            "secured_minor": ("secured_minor", 0),
            "recourse_limit_minor": ("recourse_limit_minor", 0),
        },
    ),
)

_AGREEMENTS: Final[dict[Cause, tuple[Table, str]]] = {
    Cause.FINANCE: (Financing, "child"),
    Cause.BUYBACK: (BuyBack, "child"),
    Cause.RECOVERY: (PledgeAgreement, "lot"),
    Cause.EXPORT: (LotExport, "child"),
}
"""Where the agreement behind a hop is kept, and the column that names the new lot."""

_ORDERED: Final = (ReceivableState.SUSPENDED.value, ReceivableState.CANCELLED.value)


async def differences(context: Context) -> AsyncIterator[Difference | None]:
    """`mirror` is what the row says, `chain` what its history ends in."""
    for history in _HISTORIES:
        async for difference in _ends(context, history):
            yield difference
        yield None
    for cause, (model, column) in _AGREEMENTS.items():
        move = sql_table(LotMove).c
        async for difference in _lacking(context, model, column, move.child, move.cause == cause.value):
            yield difference
        yield None
    async for difference in _without_order(context):
        yield difference
    lot, receivable = sql_table(Lot).c, sql_table(Receivable).c
    mandated = lot.flags.bitwise_and(LotFlag.MANDATED.value) != 0
    async for difference in _lacking(context, MandateHolding, "lot", lot.id, mandated):
        yield difference
    given_up = receivable.state == ReceivableState.WRITTEN_OFF.value
    async for difference in _lacking(context, WriteOff, "receivable", receivable.id, given_up):
        yield difference
    yield None


async def _ends(context: Context, history: _History) -> AsyncIterator[Difference]:
    table, changes = sql_table(history.model), sql_table(history.changes)
    newest = func.row_number().over(
        partition_by=changes.c[history.key],
        order_by=(changes.c.block_number.desc(), changes.c.log_index.desc()),
    )
    ranked = select(changes, newest.label("place")).subquery()
    last = select(ranked).where(ranked.c.place == 1).subquery()
    for column, (source, before) in history.columns.items():
        expected = func.coalesce(last.c[source], before)
        statement = (
            select(table.c.id, table.c[column], expected)
            .outerjoin(last, last.c[history.key] == table.c.id)
            .where(table.c[column] != expected)
            .order_by(table.c.id)
        )
        for key, mirrored, ended in await context.session.execute(statement):
            yield Difference(table.name, str(key), column, mirrored, ended)


async def _without_order(context: Context) -> AsyncIterator[Difference]:
    """Nobody suspends, resumes or cancels without saying why; other changes follow from money and time."""
    change, order = sql_table(ReceivableStateChange).c, sql_table(ReceivableOrder)
    needed = change.to_state.in_(_ORDERED) | (change.from_state == ReceivableState.SUSPENDED.value)
    found = select(func.count()).where(order.c.receivable == change.receivable).scalar_subquery()
    statement = select(change.receivable).where(needed).group_by(change.receivable)
    ordered = statement.having(func.count() != found).order_by(change.receivable)
    for (receivable,) in await context.session.execute(ordered):
        yield missing(ReceivableOrder, receivable)


async def _lacking(
    context: Context, model: Table, column: str, key: Any, condition: Any
) -> AsyncIterator[Difference]:
    """Rows that something which happened should have left behind."""
    # not NOT IN: PostgreSQL goes through such a list for every row once it is too long for its working memory
    kept = exists().where(sql_table(model).c[column] == key)
    for (found,) in await context.session.execute(select(key).where(condition, ~kept).order_by(key)):
        yield missing(model, found)
