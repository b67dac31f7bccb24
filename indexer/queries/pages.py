"""Pages by key: a page starts after the last key of the one before, so new rows never shift it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Row as SqlRow
from sqlalchemy import Select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel.sql.expression import SelectOfScalar

from indexer.models.types import Int64

Row = TypeVar("Row")
Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])

PAGE_MAX = 200
"""No page is longer, whatever the caller asks for."""


class BadCursor(ValueError):
    """A cursor that no page of this list has given out."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows in the order of their key, and the cursor of the next page, None on the last one."""

    items: Sequence[Row]
    next_cursor: str | None


async def page_of(
    session: AsyncSession,
    statement: SelectOfScalar[Row],
    key: Sequence[Any],
    cursor: str | None,
    limit: int,
) -> Page[Row]:
    """One page of `statement` in ascending order of `key`, columns that are unique together.

    A cursor is the last row's key as text, its columns joined by a dot. Raises BadCursor.
    """
    size = page_size(limit)
    statement = _after(statement, key, cursor)
    rows = (await session.scalars(statement.order_by(*key).limit(size + 1))).all()
    return _page(rows, size, key)


async def rows_page_of(
    session: AsyncSession,
    statement: Select[*tuple[Any, ...]],
    key: Sequence[Any],
    cursor: str | None,
    limit: int,
) -> Page[SqlRow[*tuple[Any, ...]]]:
    """The same for a statement of several columns, which must have those of the key under their names."""
    size = page_size(limit)
    statement = _after(statement, key, cursor)
    rows = (await session.execute(statement.order_by(*key).limit(size + 1))).all()
    return _page(rows, size, key)


def page_size(limit: int) -> int:
    """How many rows a page has at most."""
    return max(1, min(limit, PAGE_MAX))


def _after(statement: Statement, key: Sequence[Any], cursor: str | None) -> Statement:
    if cursor is None:
        return statement
    return statement.where(tuple_(*key) > tuple_(*parse_cursor(key, cursor)))


def _page(rows: Sequence[Row], size: int, key: Sequence[Any]) -> Page[Row]:
    if len(rows) <= size:
        return Page(rows, None)
    return Page(rows[:size], ".".join(str(getattr(rows[size - 1], column.key)) for column in key))


def parse_cursor(key: Sequence[Any], cursor: str) -> list[Any]:
    """The values of the key behind which a page starts. Raises BadCursor."""
    parts = cursor.split(".")
    if len(parts) != len(key):
        raise BadCursor(f"expected {len(key)} part(s)")
    return [_value(column, part) for column, part in zip(key, parts, strict=True)]


def _value(column: ColumnElement[Any], text: str) -> int | str:
    return _number(text) if isinstance(column.type, Int64) else _text(text)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and int(text) < 1 << 63):
        raise BadCursor("expected a number below 2**63")
    return int(text)


def _text(text: str) -> str:
    if not (text.isascii() and text.isalnum() and len(text) <= 66):
        raise BadCursor("expected an address or a word")
    return text
