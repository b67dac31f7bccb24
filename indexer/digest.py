"""One value a table: mirrors of the same blocks are equal when their values are, whatever the database."""

import hashlib
from dataclasses import dataclass

import msgspec
from sqlalchemy import collate, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import String, TypeDecorator

from indexer.changes import sql_table
from indexer.models import ChainEvent, LedgerTable

_ROWS_AT_A_TIME = 1_000


@dataclass(frozen=True, slots=True)
class TableDigest:
    """`sha256` is over all rows in the order of their key, each a line of JSON."""

    rows: int
    sha256: str


async def digest_tables(session: AsyncSession, *, events_after: int = -1) -> dict[str, TableDigest]:
    """The digest of every table that follows from the chain, facts and cursor included, by table name.

    Of events those after block `events_after`: earlier ones may be in the archive.
    """
    tables = LedgerTable.metadata.tables
    names = sorted(name for name, table in tables.items() if "own" not in table.info)
    return {tables[name].name: await _digest(session, name, events_after) for name in names}


async def _digest(session: AsyncSession, name: str, events_after: int) -> TableDigest:
    table = LedgerTable.metadata.tables[name]
    columns = sorted(
        (column for column in table.columns if "own" not in column.info), key=lambda column: column.name
    )
    binary = "BINARY" if session.get_bind().dialect.name == "sqlite" else "C"
    # Each database sorts text by a rule of its own unless told otherwise.
    order = [collate(column, binary) if _is_text(column.type) else column for column in table.primary_key]
    digest = hashlib.sha256()
    count = 0
    statement = select(*columns).order_by(*order)
    if table is sql_table(ChainEvent):
        statement = statement.where(table.c.block_number > events_after)
    rows = await session.stream(statement.execution_options(yield_per=_ROWS_AT_A_TIME))
    async for row in rows:
        digest.update(msgspec.json.encode(tuple(row)) + b"\n")
        count += 1
    return TableDigest(count, digest.hexdigest())


def _is_text(kind: object) -> bool:
    return isinstance(kind, TypeDecorator) and isinstance(kind.impl_instance, String)
