"""Blocks that are not final yet, and how to take them back: each table's rows as they were before.

What a batch touches is recorded from the batch itself, never from a list of tables, so a new table or a new
handler cannot be forgotten. Final blocks are recorded nowhere: a backfill costs nothing.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from indexer.changes import Changes, Columns, Row, Table, all_models, key_columns, sql_table
from indexer.models import ChainBlock, ChainEvent, Lot, Reorganisation, Undo
from indexer.queries.position import Position
from indexer.store.bulk import Bulk
from indexer.store.closings import lots_to_close
from indexer.store.shapes import Shape, shape

_UNDO = sql_table(Undo).c


async def record(
    connection: AsyncConnection, rows: Bulk, changes: Changes, after_block: int, through_block: int
) -> None:
    """Keep the rows that the batch will change as they are. Call it before anything of it is written."""
    kept: list[Row] = []

    def keep(shaped: Shape, key: Row, before: Row | None) -> None:
        row = None if before is None else _text(shaped.columns, before)
        kept.append((after_block, through_block, shaped.name, _text(shaped.keys, key), row))

    for table, new in changes.inserts.items():
        for key in _keys(table, new.values()):
            keep(shape(table), key, None)
    changed = _changed(changes)
    changed[Lot].update(dict.fromkeys(await lots_to_close(connection, changes)))
    for table, keys in changed.items():
        shaped = shape(table)
        before = {_key_of(shaped, row): row for row in await rows.read(shaped, list(keys))}
        for key in keys:
            keep(shaped, key, before.get(key))
    if kept:
        await rows.insert(shape(Undo), kept)


async def checkpoint(connection: AsyncConnection, ancestor: int) -> int:
    """The last block not after `ancestor` at which a batch ended: one batch may hold blocks of both sides."""
    astride = select(func.min(_UNDO.after_block)).where(
        _UNDO.after_block < ancestor, _UNDO.through_block > ancestor
    )
    found = await connection.scalar(astride)
    return ancestor if found is None else int(found)


async def take_back(connection: AsyncConnection, rows: Bulk, to: Position, orphaned: Position) -> None:
    """Every table as it was at the checkpoint `to`; that it happened stays on record."""
    for shaped, before in (await _oldest(connection, to.block_number)).items():
        gone = [key for key, row in before.items() if row is None]
        if gone:
            await rows.delete(shaped, gone)
        back = [row for row in before.values() if row is not None]
        if back:
            await rows.upsert(shaped, back)
    events, blocks = sql_table(ChainEvent), sql_table(ChainBlock)
    await connection.execute(delete(events).where(events.c.block_number > to.block_number))
    await connection.execute(delete(blocks).where(blocks.c.number > to.block_number))
    await connection.execute(delete(sql_table(Undo)).where(_UNDO.after_block >= to.block_number))
    await connection.execute(
        sql_table(Reorganisation)
        .insert()
        .values(
            epoch=await next_epoch(connection),
            block_number=to.block_number,
            block_hash=to.block_hash,
            orphaned_number=orphaned.block_number,
            orphaned_hash=orphaned.block_hash,
            found_ms=time.time_ns() // 1_000_000,
        )
    )


async def next_epoch(connection: AsyncConnection) -> int:
    """One more than the reorganisations so far."""
    return int(await connection.scalar(select(func.count()).select_from(sql_table(Reorganisation))) or 0) + 1


async def forget_before(connection: AsyncConnection, final_block: int) -> None:
    """What is final is not taken back."""
    await connection.execute(delete(sql_table(Undo)).where(_UNDO.through_block <= final_block))


async def _oldest(connection: AsyncConnection, block: int) -> dict[Shape, dict[Row, Row | None]]:
    """By table and key: the row as it was at `block`."""
    recorded = select(_UNDO.table_name, _UNDO.row_key, _UNDO.row_before).where(_UNDO.after_block >= block)
    found: defaultdict[Shape, dict[Row, Row | None]] = defaultdict(dict)
    for name, key, row in await connection.execute(recorded.order_by(_UNDO.after_block)):
        shaped = _shape_named(name)
        found[shaped].setdefault(_row(shaped.keys, key), None if row is None else _row(shaped.columns, row))
    return found


def _changed(changes: Changes) -> defaultdict[Table, dict[Row, None]]:
    """Keys of the rows that may be there before the batch, each once: none that the batch makes."""
    keys: defaultdict[Table, dict[Row, None]] = defaultdict(dict)
    for kind in (changes.puts, changes.updates, changes.sums):
        for table, written in kind.items():
            keys[table].update(dict.fromkeys(_keys(table, written.values())))
    for table, origins in changes.copies.items():
        named = [dict(zip(key_columns(table), identity, strict=True)) for identity in origins]
        keys[table].update(dict.fromkeys(_keys(table, named)))
    for table, found in keys.items():
        for new in _keys(table, changes.inserts.get(table, {}).values()):
            found.pop(new, None)
    return keys


def _keys(table: Table, written: Iterable[Columns]) -> list[Row]:
    return shape(table, key_columns(table)).rows(written)


def _key_of(shaped: Shape, row: Row) -> Row:
    return tuple(row[shaped.columns.index(name)] for name in shaped.keys)


def _shape_named(name: str) -> Shape:
    models = {sql_table(model).name: model for model in all_models()}
    return shape(models[name])


def _text(columns: Sequence[str], row: Row) -> str:
    return msgspec.json.encode(dict(zip(columns, row, strict=True))).decode()


def _row(columns: Sequence[str], text: str) -> Row:
    stored = msgspec.json.decode(text, type=dict[str, int | str | bool | None])
    return tuple(stored[name] for name in columns)
