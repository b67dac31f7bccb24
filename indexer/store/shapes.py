"""How a table of the mirror looks to a driver: names, keys, PostgreSQL types, and 64 bits as text."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from indexer.changes import Columns, Row, Table, key_columns, sql_table
from indexer.models.types import U64, Flag, Int64


@dataclass(frozen=True, slots=True)
class Shape:
    """Some columns of a table, in the order in which rows give their values; `keys` are those of its key."""

    table: Table
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """Of the table, without its schema."""
        return str(sql_table(self.table).name)

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the columns of the primary key."""
        return key_columns(self.table)

    @property
    def values(self) -> tuple[str, ...]:
        """Names of the columns that are not of the key."""
        return tuple(name for name in self.columns if name not in self.keys)

    @property
    def types(self) -> tuple[str, ...]:
        """PostgreSQL types of the columns."""
        return tuple(_postgres_type(sql_table(self.table).c[name].type) for name in self.columns)

    def rows(self, written: Iterable[Columns]) -> list[Row]:
        """Values by column, as the database has them."""
        return _reader(self)(written)


@cache
def shape(table: Table, columns: tuple[str, ...] | None = None) -> Shape:
    """All columns of a table, or those named, in the table's order."""
    every = tuple(column.name for column in sql_table(table).columns)
    return Shape(table, tuple(name for name in every if columns is None or name in columns))


@cache
def _reader(shaped: Shape) -> Callable[[Iterable[Columns]], list[Row]]:
    columns = shaped.columns
    values = itemgetter(*columns) if len(columns) > 1 else lambda row: (row[columns[0]],)
    kinds = sql_table(shaped.table).c
    wide = tuple(place for place, name in enumerate(columns) if isinstance(kinds[name].type, U64))
    if not wide:
        return lambda written: [values(row) for row in written]

    def as_text(row: Columns) -> Row:
        stored = list(values(row))
        for place in wide:
            stored[place] = f"0x{stored[place]:016x}"
        return tuple(stored)

    return lambda written: [as_text(row) for row in written]


def _postgres_type(kind: Any) -> str:
    if isinstance(kind, Int64):
        return "int8"
    return "bool" if isinstance(kind, Flag) else "text"
