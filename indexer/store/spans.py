"""Events by spans of blocks: in PostgreSQL each span is a table of its own, a partition of `chain_event`.

A span that has gone to the archive is dropped as a whole, which gives its space back at once; rows taken out
one by one would leave it to VACUUM. SQLite has one table, its spans are only what is archived together.
"""

import re
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from indexer.changes import sql_table
from indexer.models import ChainBlock
from indexer.models.base import SCHEMA

SPAN_BLOCKS: Final = 1_000_000
"""At a block every two seconds three weeks. A span should go in one step, and there should not be thousands
of them: a search by transaction looks into each.
"""

_BOUNDS: Final = re.compile(r"FOR VALUES FROM \('(\d+)'\) TO \('(\d+)'\)")
_PARTITIONS: Final = """
    SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits AS i
    JOIN pg_class AS c ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass(:parent)
"""
_READY: Final[WeakKeyDictionary[AsyncEngine, int]] = WeakKeyDictionary()
"""By engine: the first block for which it is not known whether there is a span."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Blocks [first, end); `table` is the partition."""

    first: int
    end: int
    table: str

    @classmethod
    def around(cls, block: int) -> "Span":
        """The one that a block belongs to, where none was made otherwise."""
        first = block // SPAN_BLOCKS * SPAN_BLOCKS
        return cls(first, first + SPAN_BLOCKS, f"chain_event_{first}")


async def spans(connection: AsyncConnection) -> list[Span]:
    """All that there are, by block. A mirror from before there were spans has one large one."""
    if connection.dialect.name == "sqlite":
        block = sql_table(ChainBlock).c.number
        least, most = (await connection.execute(select(func.min(block), func.max(block)))).one()
        # the block before the deployment has no events
        firsts = [] if least is None else range(Span.around(least + 1).first, most + 1, SPAN_BLOCKS)
        return [Span.around(first) for first in firsts]
    parent = {"parent": f"{schema_of(connection)}.chain_event"}
    found = []
    for table, bound in await connection.execute(text(_PARTITIONS), parent):
        if match := _BOUNDS.fullmatch(bound):
            found.append(Span(int(match[1]), int(match[2]), table))
    return sorted(found)


async def make_spans(engine: AsyncEngine, first: int, through: int) -> None:
    """See that the blocks [first, through] have somewhere to go; nearly always nothing is to be done."""
    if engine.dialect.name == "sqlite" or through < _READY.get(engine, 0):
        return
    async with engine.begin() as connection:
        there = await spans(connection)
        while first <= through:
            span = next((one for one in there if one.first <= first < one.end), None)
            if span is None:
                span = Span.around(first)
                await make_span(connection, span)
            first = span.end
    _READY[engine] = first


def forget_spans(engine: AsyncEngine) -> None:
    """Another mirror is in the place of the one that was looked at."""
    _READY.pop(engine, None)


async def make_span(connection: AsyncConnection, span: Span) -> None:
    """A table for a span. Attached, not created as a partition: that would wait for everybody who reads an
    event, and everybody else for it.
    """
    schema = schema_of(connection)
    if connection.dialect.name == "sqlite":
        return
    like = f"(LIKE {schema}.chain_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
    await connection.execute(text(f"CREATE TABLE {schema}.{span.table} {like}"))
    attach = f"ATTACH PARTITION {schema}.{span.table} FOR VALUES FROM ({span.first}) TO ({span.end})"
    await connection.execute(text(f"ALTER TABLE {schema}.chain_event {attach}"))


async def drop_span(connection: AsyncConnection, span: Span) -> None:
    """All events of a span. In SQLite the space is used again by what comes."""
    if connection.dialect.name == "sqlite":
        gone = "DELETE FROM chain_event WHERE block_number >= :first AND block_number < :end"
        await connection.execute(text(gone), {"first": span.first, "end": span.end})
    else:
        await connection.execute(text(f"DROP TABLE {schema_of(connection)}.{span.table}"))


def schema_of(connection: AsyncConnection) -> str:
    """Where this mirror is in PostgreSQL; a rebuild has a schema of its own."""
    schemas = connection.engine.get_execution_options().get("schema_translate_map", {})
    return str(schemas.get(SCHEMA, SCHEMA))
