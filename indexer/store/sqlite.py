"""Bulk writes by `executemany` of sqlite3, which aiosqlite runs in its own thread."""

from collections.abc import Sequence

from aiosqlite import Connection

from indexer.changes import Row
from indexer.store.shapes import Shape

_VARIABLES_MAX = 30_000
"""SQLite takes 32,766 in a statement."""


class SqliteBulk:
    """See `indexer.store.bulk.Bulk`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def insert(self, shape: Shape, rows: Sequence[Row]) -> None:
        """New rows."""
        await self._execute(_insert(shape), rows)

    async def upsert(self, shape: Shape, rows: Sequence[Row], *, adding: str | None = None) -> None:
        """Rows that take the place of those with their key; the column `adding` is added to instead."""
        changes = ", ".join(
            f"{name} = {name} + excluded.{name}" if name == adding else f"{name} = excluded.{name}"
            for name in shape.values
        )
        conflict = f" ON CONFLICT ({', '.join(shape.keys)}) DO UPDATE SET {changes}"
        await self._execute(_insert(shape) + conflict, rows)

    async def update(self, shape: Shape, rows: Sequence[Row]) -> int:
        """Columns of rows that are there; the answer is how many were."""
        places = {name: place + 1 for place, name in enumerate(shape.columns)}
        changes = ", ".join(f"{name} = ?{places[name]}" for name in shape.values)
        where = " AND ".join(f"{name} = ?{places[name]}" for name in shape.keys)
        return await self._execute(f"UPDATE {shape.name} SET {changes} WHERE {where}", rows)

    async def read(self, shape: Shape, keys: Sequence[Row]) -> list[Row]:
        """Rows with these keys, as many as there are, in any order."""
        found: list[Row] = []
        for part in _parts(shape, keys):
            values = [value for key in part for value in key]
            async with self._connection.execute(_read(shape, len(part)), values) as cursor:
                found += [tuple(row) for row in await cursor.fetchall()]
        return found

    async def delete(self, shape: Shape, keys: Sequence[Row]) -> None:
        """Rows with these keys, as many as there are."""
        where = " AND ".join(f"{name} = ?" for name in shape.keys)
        await self._execute(f"DELETE FROM {shape.name} WHERE {where}", keys)

    async def _execute(self, statement: str, rows: Sequence[Row]) -> int:
        async with self._connection.executemany(statement, rows) as cursor:
            return cursor.rowcount


def _insert(shape: Shape) -> str:
    columns = shape.columns
    return f"INSERT INTO {shape.name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def _read(shape: Shape, count: int) -> str:
    """Joined in this order: SQLite reads all of a table for a list of keys of more than one column."""
    keys = ", ".join(shape.keys)
    given = ", ".join([f"({', '.join('?' * len(shape.keys))})"] * count)
    columns = ", ".join(f"t.{name}" for name in shape.columns)
    same = " AND ".join(f"t.{name} = n.{name}" for name in shape.keys)
    return (
        f"WITH n ({keys}) AS (VALUES {given}) SELECT {columns} FROM n CROSS JOIN {shape.name} AS t ON {same}"
    )


def _parts(shape: Shape, keys: Sequence[Row]) -> list[Sequence[Row]]:
    size = _VARIABLES_MAX // len(shape.keys)
    return [keys[start : start + size] for start in range(0, len(keys), size)]
