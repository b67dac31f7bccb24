"""One batch into SQL, facts, projections and cursor in one transaction: a kill leaves all or nothing."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Insert, Update, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from indexer.changes import Changes, Columns, RowsByKey, Table, key_columns, sql_table
from indexer.errors import REBUILD_COMMAND, CursorMoved, InconsistentEvents, UnreadableFact
from indexer.models import ChainBlock, ChainEvent, Cursor
from indexer.queries.position import Position

_CURSOR_ID = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive blocks from `after` on: the rows of facts, and what follows from them."""

    after: Position
    through: Position
    blocks: list[Columns]
    events: list[Columns]
    changes: Changes


async def commit(engine: AsyncEngine, batch: Batch) -> None:
    """Write the batch as one transaction. Raises CursorMoved, InconsistentEvents and UnreadableFact."""
    try:
        async with engine.begin() as connection:
            await _write(connection, batch)
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


async def _write(connection: AsyncConnection, batch: Batch) -> None:
    """Write the batch inside the caller's transaction. Raises CursorMoved and InconsistentEvents."""
    await _move_cursor(connection, batch.after, batch.through)
    await connection.execute(insert(sql_table(ChainBlock)), batch.blocks)
    if batch.events:
        await connection.execute(insert(sql_table(ChainEvent)), batch.events)
    for table, by_key in batch.changes.inserts.items():
        await connection.execute(insert(sql_table(table)), list(by_key.values()))
    for table, origins in batch.changes.copies.items():
        await _copy(connection, table, origins)
    for table, by_key in batch.changes.puts.items():
        await connection.execute(_put(connection, table), list(by_key.values()))
    for table, by_key in batch.changes.sums.items():
        await connection.execute(_sum(connection, table), list(by_key.values()))
    for table, by_key in batch.changes.updates.items():
        await _update(connection, table, by_key)


async def _move_cursor(connection: AsyncConnection, before: Position, after: Position) -> None:
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
        )
    )
    if moved.rowcount != 1:
        raise CursorMoved(
            f"the cursor is no longer at block {before.block_number} ({before.block_hash}): "
            "another indexer writes to this mirror; stop one of them"
        )


def _put(connection: AsyncConnection, table: Table) -> Insert:
    statement = _upsert(connection, table)
    others = {name: statement.excluded[name] for name in _other_columns(table)}
    return _on_conflict(statement, table, others)


def _sum(connection: AsyncConnection, table: Table) -> Insert:
    statement = _upsert(connection, table)
    others = {name: statement.excluded[name] for name in _other_columns(table)}
    others["amount_minor"] = sql_table(table).c.amount_minor + statement.excluded.amount_minor
    return _on_conflict(statement, table, others)


def _upsert(connection: AsyncConnection, table: Table) -> Any:
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    return dialect.insert(sql_table(table))


def _on_conflict(statement: Any, table: Table, columns: dict[str, Any]) -> Insert:
    upsert: Insert = statement.on_conflict_do_update(index_elements=key_columns(table), set_=columns)
    return upsert


def _other_columns(table: Table) -> list[str]:
    return [column.name for column in sql_table(table).columns if not column.primary_key]


async def _update(connection: AsyncConnection, table: Table, by_key: RowsByKey) -> None:
    """One statement for each set of columns that changes together."""
    keys = key_columns(table)
    target = sql_table(table)
    groups: defaultdict[tuple[str, ...], list[Columns]] = defaultdict(list)
    for row in by_key.values():
        groups[tuple(sorted(row.keys() - set(keys)))].append(row)
    for columns, rows in groups.items():
        statement = update(target).where(*_is(target, "key", keys))
        statement = statement.values({name: bindparam(f"new_{name}") for name in columns})
        bound = [
            {f"key_{name}": row[name] for name in keys} | {f"new_{name}": row[name] for name in columns}
            for row in rows
        ]
        await _change(connection, table, statement, bound)


async def _copy(
    connection: AsyncConnection, table: Table, origins: dict[Hashable, dict[str, Hashable]]
) -> None:
    """One statement for each column that comes from another row of the table."""
    keys = key_columns(table)
    target = sql_table(table)
    source = target.alias("source")
    groups: defaultdict[str, list[Columns]] = defaultdict(list)
    for identity, columns in origins.items():
        for column, origin in columns.items():
            groups[column].append(_named("key", keys, identity) | _named("source", keys, origin))
    for column, bound in groups.items():
        found = select(source.c[column]).where(*_is(source, "source", keys))
        statement = update(target).values({column: found.scalar_subquery()})
        statement = statement.where(*_is(target, "key", keys), found.exists())
        await _change(connection, table, statement, bound)


def _is(table: Any, prefix: str, keys: Sequence[str]) -> list[Any]:
    return [table.c[name] == bindparam(f"{prefix}_{name}") for name in keys]


def _named(prefix: str, keys: Sequence[str], values: Any) -> Columns:
    return {f"{prefix}_{name}": value for name, value in zip(keys, values, strict=True)}


async def _change(connection: AsyncConnection, table: Table, statement: Update, bound: list[Columns]) -> None:
    """Every row must be there."""
    result = await connection.execute(statement, bound)
    if result.rowcount != len(bound):
        raise InconsistentEvents(
            f"{len(bound)} rows of {table.__name__} should have changed, {result.rowcount} did; "
            f"compare with a fresh mirror: {REBUILD_COMMAND}"
        )
