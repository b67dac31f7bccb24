"""Receivables and their lots, both ways: what one side has and the other has not is a difference too.

A page of the chain and the mirror's rows of the same ids are held against each other as a whole; only where
they differ is it looked at which field. Neither side ever has to fit in memory.
"""

from array import array
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import select

from chain.bindings.lens import LotView
from chain.reader import LedgerReader, ReceivableRecord
from chain.text import checksum
from indexer.changes import sql_table
from indexer.models import LedgerTable, Lot, Receivable
from indexer.reconcile.compare import Context, Difference, Found, missing

_ROWS_AT_A_TIME: Final = 1_500

_RECEIVABLE: Final = (
    "id", "debtor", "creditor", "currency", "face_minor", "paid_minor", "interest_paid_minor",
    "claimed_minor", "interest_owed_minor", "interest_through_s", "issued_s", "due_s", "state", "overdue",
    "lot_count", "installments", "terms_hash", "invoice_set", "max_depth", "max_lots", "min_lot_minor",
    "late_rate_ppm_per_day", "grace_days", "close_window_seconds",
)  # fmt: skip
_LOT: Final = (
    "id", "receivable", "parent", "owner", "depth", "first_serial", "amount_minor", "seq", "claimed_through",
    "since_s", "flags", "chargee", "secured_minor", "recourse_limit_minor",
)  # fmt: skip

_Values = tuple[Any, ...]
"""The key first."""


async def differences(context: Context) -> AsyncIterator[Found]:
    """Every field of every receivable and lot, emptied lots included."""
    reader = LedgerReader(context.client, context.block)
    counts = array("l")

    async def receivables() -> AsyncIterator[list[_Values]]:
        async for page in reader.receivables():
            counts.extend([record.lot_count for record in page])
            yield [_receivable(record) for record in page]

    async def lots() -> AsyncIterator[list[_Values]]:
        async for page in reader.lots(enumerate(counts, 1)):
            yield [_lot(view) for view in page]

    async for found in _both_ways(context, Receivable, _RECEIVABLE, receivables()):
        yield found
    async for found in _both_ways(context, Lot, _LOT, lots()):
        yield found


async def _both_ways(
    context: Context, model: type[LedgerTable], columns: Sequence[str], chain: AsyncIterator[list[_Values]]
) -> AsyncIterator[Found]:
    """Read in step, both sides by key, which is the first column."""
    table = sql_table(model)
    partitions = _pages(context, model, columns)
    rows: list[_Values] = []
    ended = False
    async for page in chain:
        last = page[-1][0]
        while not ended and (not rows or rows[-1][0] < last):
            some = await anext(partitions, None)
            ended = some is None
            rows += some or ()
        count = len(page) if rows[: len(page)] == page else sum(row[0] <= last for row in rows)
        for found in _against(model, columns, rows[:count], page):
            yield found
        del rows[:count]
    async for more in _rest(rows, partitions):
        for row in more:
            yield Difference(table.name, str(row[0]), "row", "present", "absent")


async def _pages(
    context: Context, model: type[LedgerTable], columns: Sequence[str]
) -> AsyncIterator[list[_Values]]:
    """The mirror's rows; each page is asked for by itself, as `rows_of` does."""
    table = sql_table(model)
    key = table.c[columns[0]]
    statement = select(*(table.c[name] for name in columns)).order_by(key).limit(_ROWS_AT_A_TIME)
    page = [tuple(row) for row in await context.session.execute(statement)]
    while page:
        yield page
        after = statement.where(key > page[-1][0])
        page = [tuple(row) for row in await context.session.execute(after)]


async def _rest(
    rows: list[_Values], partitions: AsyncIterator[list[_Values]]
) -> AsyncIterator[Sequence[_Values]]:
    yield rows
    async for more in partitions:
        yield more


def _against(
    model: type[LedgerTable], columns: Sequence[str], rows: list[_Values], page: list[_Values]
) -> Iterator[Found]:
    """The same ids on both sides, or those between the same ids."""
    if rows == page:
        yield len(page) * (len(columns) - 1)
        return
    mirror, chain = {row[0]: row for row in rows}, {row[0]: row for row in page}
    name = sql_table(model).name
    for key in sorted(mirror.keys() | chain.keys()):
        if key not in chain:
            yield Difference(name, str(key), "row", "present", "absent")
        elif key not in mirror:
            yield missing(model, key)
        else:
            for field, mirrored, expected in zip(columns[1:], mirror[key][1:], chain[key][1:], strict=True):
                same = mirrored == expected
                yield 1 if same else Difference(name, str(key), field, mirrored, expected)


def _receivable(record: ReceivableRecord) -> _Values:
    return (
        record.id, record.debtor, record.creditor, record.currency, record.face, record.paid,
        record.interest_paid, record.claimed, record.interest_owed, record.interest_through, record.issued,
        record.due, record.state.value, record.overdue, record.lot_count, record.installments,
        record.terms_hash, record.invoice_set, record.max_depth, record.max_lots, record.min_lot_minor,
        record.late_rate_ppm_per_day, record.grace_days, record.close_window_seconds,
    )  # fmt: skip


def _lot(view: LotView) -> _Values:
    lot = view.lot
    return (
        view.id, lot.receivable, lot.parent, checksum(lot.owner), lot.depth, lot.first, lot.amount, lot.seq,
        lot.claimed_through, lot.since, lot.flags, checksum(lot.chargee), lot.secured, lot.recourse_limit,
    )  # fmt: skip
