"""Bulk writes for PostgreSQL: many new rows by binary COPY, everything else as one JSON document a table.

`json_to_recordset` gives the database all rows in one parameter of one statement. Arrays and `unnest` do the
same, but psycopg writes each of their values by itself in Python.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import AsyncConnection

from indexer.changes import Row
from indexer.store.shapes import Shape

COPY_FROM_ROWS = 100
"""With fewer rows the start of a COPY costs more than it saves."""


class PostgresBulk:
    """See `indexer.store.bulk.Bulk`."""

    def __init__(self, connection: AsyncConnection[Any], schema: str) -> None:
        self._connection = connection
        self._schema = schema

    async def insert(self, shape: Shape, rows: Sequence[Row]) -> None:
        """New rows."""
        if len(rows) < COPY_FROM_ROWS:
            await self._execute(self._insert(shape), rows, shape.columns)
            return
        into = f"{self._table(shape)} ({', '.join(shape.columns)})"
        async with (
            self._connection.cursor() as cursor,
            cursor.copy(f"COPY {into} FROM STDIN (FORMAT BINARY)".encode()) as copy,
        ):
            copy.set_types(shape.types)
            for row in rows:
                await copy.write_row(row)

    async def upsert(self, shape: Shape, rows: Sequence[Row], *, adding: str | None = None) -> None:
        """Rows that take the place of those with their key; the column `adding` is added to instead."""
        changes = ", ".join(
            f"{name} = {'t.' + name + ' + ' if name == adding else ''}excluded.{name}"
            for name in shape.values
        )
        conflict = f" ON CONFLICT ({', '.join(shape.keys)}) DO UPDATE SET {changes}"
        await self._execute(self._insert(shape) + conflict, rows, shape.columns)

    async def update(self, shape: Shape, rows: Sequence[Row]) -> int:
        """Columns of rows that are there; the answer is how many were."""
        changes = ", ".join(f"{name} = n.{name}" for name in shape.values)
        statement = f"UPDATE {self._table(shape)} AS t SET {changes} FROM {_given(shape, shape.columns)}"
        return await self._execute(f"{statement} WHERE {_same_key(shape)}", rows, shape.columns)

    async def read(self, shape: Shape, keys: Sequence[Row]) -> list[Row]:
        """Rows with these keys, as many as there are, in any order."""
        columns = ", ".join(f"t.{name}" for name in shape.columns)
        statement = f"SELECT {columns} FROM {self._table(shape)} AS t JOIN {_given(shape, shape.keys)}"
        async with self._connection.cursor() as cursor:
            query = f"{statement} ON {_same_key(shape)}".encode()
            await cursor.execute(query, (_document(shape.keys, keys),))
            return await cursor.fetchall()

    async def delete(self, shape: Shape, keys: Sequence[Row]) -> None:
        """Rows with these keys, as many as there are."""
        statement = f"DELETE FROM {self._table(shape)} AS t USING {_given(shape, shape.keys)}"
        await self._execute(f"{statement} WHERE {_same_key(shape)}", keys, shape.keys)

    def _table(self, shape: Shape) -> str:
        return f"{self._schema}.{shape.name}"

    def _insert(self, shape: Shape) -> str:
        columns = ", ".join(shape.columns)
        into = f"{self._table(shape)} AS t ({columns})"
        return f"INSERT INTO {into} SELECT {columns} FROM {_given(shape, shape.columns)}"

    async def _execute(self, statement: str, rows: Sequence[Row], columns: Sequence[str]) -> int:
        async with self._connection.cursor() as cursor:
            await cursor.execute(statement.encode(), (_document(columns, rows),))
            return cursor.rowcount


def _given(shape: Shape, columns: Sequence[str]) -> str:
    types = dict(zip(shape.columns, shape.types, strict=True))
    fields = ", ".join(f"{name} {types[name]}" for name in columns)
    return f"json_to_recordset(%s::json) AS n({fields})"


def _document(columns: Sequence[str], rows: Sequence[Row]) -> str:
    return msgspec.json.encode([dict(zip(columns, row, strict=True)) for row in rows]).decode()


def _same_key(shape: Shape) -> str:
    return " AND ".join(f"t.{name} = n.{name}" for name in shape.keys)
