"""One batch into SQL, facts, projections and cursor in one transaction: a kill leaves all or nothing."""

from dataclasses import dataclass

from sqlalchemy import case, update
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from indexer.changes import Changes, Row, sql_table
from indexer.errors import REBUILD_COMMAND, CursorMoved, InconsistentEvents, UnreadableFact
from indexer.models import ChainBlock, ChainEvent, Cursor
from indexer.publish import publish
from indexer.queries.position import Position
from indexer.store.bulk import Bulk, bulk, translated
from indexer.store.projections import write_projections
from indexer.store.shapes import shape
from indexer.store.spans import forget_spans, make_spans
from indexer.store.undo import forget_before, record, take_back

_CURSOR_ID = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive blocks from `after` on: the rows of facts, by column, and what follows from them."""

    after: Position
    through: Position
    blocks: list[Row]
    events: list[Row]
    changes: Changes


async def commit(
    engine: AsyncEngine, batch: Batch, *, final_block: int | None = None, instead_of: Position | None = None
) -> None:
    """Write the batch as one transaction. Raises CursorMoved, InconsistentEvents and UnreadableFact.

    Blocks after `final_block` may be taken back later; None says that all are final. `instead_of` is the
    position of the mirror when the batch is the beginning of another branch: everything that was written
    after `batch.after` is taken back in the same transaction.
    """
    await make_spans(engine, batch.after.block_number + 1, batch.through.block_number)
    try:
        async with engine.begin() as connection:
            with translated():
                await _write(connection, batch, final_block, instead_of)
    except CursorMoved:
        forget_spans(engine)
        raise
    except (OverflowError, DataError) as error:
        raise UnreadableFact(
            f"blocks {batch.after.block_number + 1} to {batch.through.block_number} hold a number beyond the "
            f"63 bits that amounts and ids have here; nothing of them was written: {error}"
        ) from error
    except IntegrityError as error:
        raise InconsistentEvents(
            f"blocks {batch.after.block_number + 1} to {batch.through.block_number} bring a row again: "
            f"{error.orig}; compare with a fresh mirror: {REBUILD_COMMAND}"
        ) from error


async def _write(
    connection: AsyncConnection, batch: Batch, final_block: int | None, instead_of: Position | None
) -> None:
    """Write the batch inside the caller's transaction. Raises CursorMoved and InconsistentEvents."""
    through = batch.through.block_number
    final = through if final_block is None else min(final_block, through)
    await _move_cursor(connection, instead_of or batch.after, batch.through, final)
    rows = await bulk(connection)
    if instead_of is not None:
        await take_back(connection, rows, batch.after, instead_of)
    if final < through:
        await record(connection, rows, batch.changes, batch.after.block_number, through)
        await forget_before(connection, final)
    await _write_facts(rows, batch)
    await write_projections(connection, rows, batch.changes)
    await publish(connection, through)


async def _write_facts(rows: Bulk, batch: Batch) -> None:
    await rows.insert(shape(ChainBlock), batch.blocks)
    if batch.events:
        await rows.insert(shape(ChainEvent), batch.events)


async def _move_cursor(
    connection: AsyncConnection, before: Position, after: Position, final_block: int
) -> None:
    cursor = sql_table(Cursor)
    unmoved = (
        cursor.c.id == _CURSOR_ID,
        cursor.c.block_number == before.block_number,
        cursor.c.block_hash == before.block_hash,
    )
    moved = await connection.execute(
        update(cursor)
        .where(*unmoved)
        .values(
            block_number=after.block_number,
            block_hash=after.block_hash,
            block_time_s=after.time_s,
            # what was once final stays so, whatever the settings say now
            final_block=case((cursor.c.final_block > final_block, cursor.c.final_block), else_=final_block),
        )
    )
    if moved.rowcount != 1:
        raise CursorMoved(
            f"the cursor is no longer at block {before.block_number} ({before.block_hash}): "
            "another indexer writes to this mirror; stop one of them"
        )
