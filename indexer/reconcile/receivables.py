"""Receivables and their lots, both ways: what one side has and the other has not is a difference too."""

from collections.abc import AsyncIterator
from typing import Any, Final

from sqlmodel import col, select

from chain.reader import LedgerReader, LotRecord, ReceivableRecord
from indexer.models import Lot, Receivable
from indexer.queries.lots import lots_between
from indexer.reconcile.compare import Context, Difference, against, missing

_ROWS_AT_A_TIME: Final = 500


async def differences(context: Context) -> AsyncIterator[Difference | None]:
    """Every field of every receivable and lot, emptied lots included."""
    reader = LedgerReader(context.client, context.block)
    last = 0
    async for record in reader.receivables():
        last = record.id
        row = await context.session.get(Receivable, record.id)
        if row is None:
            yield missing(Receivable, record.id)
            continue
        for difference in against(row, _receivable(record)):
            yield difference
        async for difference in _lots(context, reader, record):
            yield difference
    statement = select(Receivable).where(Receivable.id > last)
    beyond = await context.session.stream_scalars(statement.execution_options(yield_per=_ROWS_AT_A_TIME))
    async for row in beyond:
        for difference in against(row, None):
            yield difference


async def _lots(
    context: Context, reader: LedgerReader, record: ReceivableRecord
) -> AsyncIterator[Difference | None]:
    """Read in step, both sides by id, so that neither has to fit in memory."""
    statement = select(Lot).where(lots_between(record.id)).order_by(col(Lot.id))
    mirrored = await context.session.stream_scalars(statement.execution_options(yield_per=_ROWS_AT_A_TIME))
    row = await anext(mirrored, None)
    async for lot in reader.lots(record):
        while row is not None and row.id < lot.id:
            yield next(against(row, None))
            row = await anext(mirrored, None)
        if row is None or row.id != lot.id:
            yield missing(Lot, lot.id)
            continue
        for difference in against(row, _lot(lot)):
            yield difference
        row = await anext(mirrored, None)
    while row is not None:
        yield next(against(row, None))
        row = await anext(mirrored, None)


def _receivable(record: ReceivableRecord) -> dict[str, Any]:
    return {
        "debtor": record.debtor,
        "creditor": record.creditor,
        "currency": record.currency,
        "face_minor": record.face,
        "paid_minor": record.paid,
        "interest_paid_minor": record.interest_paid,
        "claimed_minor": record.claimed,
        "interest_owed_minor": record.interest_owed,
        "interest_through_s": record.interest_through,
        "issued_s": record.issued,
        "due_s": record.due,
        "state": record.state.value,
        "overdue": record.overdue,
        "lot_count": record.lot_count,
        "installments": record.installments,
        "terms_hash": record.terms_hash,
        "invoice_set": record.invoice_set,
        "max_depth": record.max_depth,
        "max_lots": record.max_lots,
        "min_lot_minor": record.min_lot_minor,
        "late_rate_ppm_per_day": record.late_rate_ppm_per_day,
        "grace_days": record.grace_days,
        "close_window_seconds": record.close_window_seconds,
    }


def _lot(record: LotRecord) -> dict[str, Any]:
    return {
        "receivable": record.receivable,
        "parent": record.parent,
        "owner": record.owner,
        "depth": record.depth,
        "first_serial": record.first,
        "amount_minor": record.amount,
        "seq": record.seq,
        "claimed_through": record.claimed_through,
        "since_s": record.since,
        "flags": record.flags.value,
        "chargee": record.chargee,
        "secured_minor": record.secured,
        "recourse_limit_minor": record.recourse_limit,
    }
