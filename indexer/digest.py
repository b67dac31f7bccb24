"""One value a table: mirrors of the same blocks are equal when their values are, whatever the database."""

import hashlib
from dataclasses import dataclass

import msgspec
from sqlalchemy import collate, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import String, TypeDecorator

from indexer.models import LedgerTable

_ROWS_AT_A_TIME = 1_000


@dataclass(frozen=True, slots=True)
class TableDigest:
    """`sha256` is over all rows in the order of their key, each a line of JSON."""

    rows: int
    sha256: str


async def digest_tables(session: AsyncSession) -> dict[str, TableDigest]:
    """The digest of every table that follows from the chain, facts and cursor included, by table name."""
    tables = LedgerTable.metadata.tables
    names = sorted(name for name, table in tables.items() if "own" not in table.info)
    return {tables[name].name: await _digest(session, name) for name in names}


async def _digest(session: AsyncSession, name: str) -> TableDigest:
    table = LedgerTable.metadata.tables[name]
    columns = sorted(
        (column for column in table.columns if "own" not in column.info), key=lambda column: column.name
    )
    binary = "BINARY" if session.get_bind().dialect.name == "sqlite" else "C"
    # Each database sorts text by a rule of its own unless told otherwise.
    order = [collate(column, binary) if _is_text(column.type) else column for column in table.primary_key]
    digest = hashlib.sha256()
    count = 0
    rows = await session.stream(
        select(*columns).order_by(*order).execution_options(yield_per=_ROWS_AT_A_TIME)
    )
    async for row in rows:
        digest.update(msgspec.json.encode(tuple(row)) + b"\n")
        count += 1
    return TableDigest(count, digest.hexdigest())


def _is_text(kind: object) -> bool:
    return isinstance(kind, TypeDecorator) and isinstance(kind.impl_instance, String)
