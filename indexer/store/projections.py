"""What a batch changes in the projections, table by table and kind by kind."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from indexer.changes import Changes, Columns, Row, RowsByKey, Table, key_columns, sql_table
from indexer.errors import REBUILD_COMMAND, InconsistentEvents
from indexer.store.bulk import Bulk
from indexer.store.closings import close_lots, close_new_lots
from indexer.store.shapes import shape


async def write_projections(connection: AsyncConnection, rows: Bulk, changes: Changes) -> None:
    """Write the changes of a batch. Raises InconsistentEvents where a row that has to be there is not."""
    close_new_lots(changes)
    for table, by_key in changes.inserts.items():
        shaped = shape(table)
        await rows.insert(shaped, shaped.rows(by_key.values()))
    for table, origins in changes.copies.items():
        await _copy(connection, table, origins)
    for table, by_key in changes.puts.items():
        shaped = shape(table)
        await rows.upsert(shaped, shaped.rows(by_key.values()))
    for table, by_key in changes.sums.items():
        shaped = shape(table)
        await rows.upsert(shaped, shaped.rows(by_key.values()), adding="amount_minor")
    for table, by_key in changes.updates.items():
        await _update(rows, table, by_key)
    await close_lots(connection, changes)


async def _update(rows: Bulk, table: Table, by_key: RowsByKey) -> None:
    """One statement for each set of columns that changes together."""
    groups: defaultdict[tuple[str, ...], list[Columns]] = defaultdict(list)
    for row in by_key.values():
        groups[tuple(sorted(row))].append(row)
    for columns, changed in groups.items():
        shaped = shape(table, columns)
        _require_all(table, len(changed), await rows.update(shaped, shaped.rows(changed)))


async def _copy(connection: AsyncConnection, table: Table, origins: dict[Row, dict[str, Row]]) -> None:
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
        changed = await connection.execute(statement, bound)
        _require_all(table, len(bound), changed.rowcount)


def _is(table: Any, prefix: str, keys: Sequence[str]) -> list[Any]:
    return [table.c[name] == bindparam(f"{prefix}_{name}") for name in keys]


def _named(prefix: str, keys: Sequence[str], values: Any) -> Columns:
    return {f"{prefix}_{name}": value for name, value in zip(keys, values, strict=True)}


def _require_all(table: Table, wanted: int, changed: int) -> None:
    if changed != wanted:
        raise InconsistentEvents(
            f"{wanted} rows of {table.__name__} should have changed, {changed} did; "
            f"compare with a fresh mirror: {REBUILD_COMMAND}"
        )
