"""Rows to the database by its own driver, many at a time, inside a transaction of the caller.

SQLAlchemy's statements cost ten microseconds a row, the drivers' own bulk paths one to three.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncConnection

from indexer.changes import Row
from indexer.models.base import SCHEMA
from indexer.store.postgres import PostgresBulk
from indexer.store.shapes import Shape
from indexer.store.sqlite import SqliteBulk


class Bulk(Protocol):
    """Rows have the columns of the shape, in its order. Raises SQLAlchemy's errors, and OverflowError."""

    async def insert(self, shape: Shape, rows: Sequence[Row]) -> None:
        """New rows."""

    async def upsert(self, shape: Shape, rows: Sequence[Row], *, adding: str | None = None) -> None:
        """Rows that take the place of those with their key; the column `adding` is added to instead."""

    async def update(self, shape: Shape, rows: Sequence[Row]) -> int:
        """Columns of rows that are there; the answer is how many were."""

    async def read(self, shape: Shape, keys: Sequence[Row]) -> list[Row]:
        """Rows with these keys, as many as there are, in any order."""

    async def delete(self, shape: Shape, keys: Sequence[Row]) -> None:
        """Rows with these keys, as many as there are."""


@contextmanager
def translated() -> Iterator[None]:
    """Errors of a driver as SQLAlchemy would raise them, so that nobody above has to know two kinds."""
    try:
        yield
    except Exception as error:
        kinds = [kind.__name__ for kind in type(error).__mro__]
        for known in (exc.IntegrityError, exc.DataError, exc.OperationalError, exc.InterfaceError):
            if known.__name__ in kinds and not isinstance(error, exc.DBAPIError):
                raise known("in bulk", None, error) from error
        raise


async def bulk(connection: AsyncConnection) -> Bulk:
    """The bulk path of a connection."""
    raw = (await connection.get_raw_connection()).driver_connection
    if raw is None:
        raise exc.InterfaceError("in bulk", None, ConnectionError("the connection is gone"))
    if connection.dialect.name == "sqlite":
        return SqliteBulk(raw)
    schemas = connection.engine.get_execution_options().get("schema_translate_map", {})
    return PostgresBulk(raw, schemas.get(SCHEMA, SCHEMA))
