"""A mirror filled directly: the handlers say what is in the projections, the rows go in by the bulk paths."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from domain.events import Event, ReceivableIssued
from indexer.changes import Changes, Fact, Row, Table, sql_table
from indexer.handlers import HANDLERS
from indexer.models import ChainBlock, ChainEvent, Cursor, Lot
from indexer.store.bulk import bulk
from indexer.store.closings import close_new_lots
from indexer.store.shapes import shape
from indexer.store.spans import make_spans
from scripts.bench.questions.lives import BEGIN_S, NOW_S, lives

EVENTS_A_LOT: Final = 10
"""Of the ledger, the invoices, the signed intents and the cash: about what the real mix has."""
EVENTS_A_BLOCK: Final = 8
MEGABYTE: Final = 1 << 20

_LOTS_AT_ONCE: Final = 20_000
_BLOCKS_AT_ONCE: Final = 20_000
_CONTRACT: Final = "0x" + "c0" * 20
_TOPIC: Final = "0x" + "ab" * 32
_DATA: Final = "0x" + "0" * 63 * 6 + "1" * 6

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Grown:
    """Sizes of a database in MB: what the projections take, with their indexes, and what the facts take."""

    projections_mb: float
    facts_mb: float


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything."""

    events: int

    @property
    def lots(self) -> int:
        """About so many."""
        return self.events // EVENTS_A_LOT

    @property
    def blocks(self) -> int:
        """All of them with as many events."""
        return -(-self.events // EVENTS_A_BLOCK)

    @property
    def block_seconds(self) -> int:
        """From one block to the next."""
        return -(-(NOW_S - BEGIN_S) // self.blocks)

    def time_of(self, block: int) -> int:
        """The timestamp of a block, the first one is 1."""
        return BEGIN_S + (block - 1) * self.block_seconds


async def fill(engine: AsyncEngine, size: Size, progress: Progress) -> Grown:
    """Projections, then facts, into an empty mirror; secondary indexes are built when the rows are there."""
    changed: set[Table] = set()
    empty = await _megabytes(engine)
    async with engine.begin() as connection:
        await _indexes(connection, create=False)
    for changes, done in _changes(size):
        close_new_lots(changes)
        changed.update(changes.inserts)
        async with engine.begin() as connection:
            await _insert(connection, {table: list(rows.values()) for table, rows in changes.inserts.items()})
        progress("lots", done, size.lots)
    async with engine.begin() as connection:
        await _indexes(connection, create=True, leave=ChainEvent)
    projections = await _megabytes(engine)
    await make_spans(engine, 1, size.blocks)
    for first in range(1, size.blocks + 1, _BLOCKS_AT_ONCE):
        last = min(first + _BLOCKS_AT_ONCE - 1, size.blocks)
        async with engine.begin() as connection:
            rows = await bulk(connection)
            await rows.insert(shape(ChainBlock), [_block(size, number) for number in range(first, last + 1)])
            await rows.insert(shape(ChainEvent), list(_events(size, first, last)))
        progress("events", min(last * EVENTS_A_BLOCK, size.events), size.events)
    async with engine.begin() as connection:
        await _indexes(connection, create=True, only=ChainEvent)
        await _insert(connection, {Cursor: [_cursor(size)]})
    await _tidy(engine)
    facts = await _megabytes(engine)
    return Grown(projections - empty, facts - projections)


def told(size: Size) -> Iterator[tuple[Fact, Event]]:
    """Every event of the lives and its place, receivable by receivable."""
    logs = array("l", [0]) * (size.blocks + 1)
    for moments in lives(size.lots):
        for at_s, event in moments:
            yield _fact(size, logs, at_s), event


def _changes(size: Size) -> Iterator[tuple[Changes, int]]:
    """Some receivables at a time with all that becomes of them, and how many lots there are by then."""
    changes, lots = Changes(), 0
    for fact, event in told(size):
        # What becomes of a receivable changes rows that have to be among the same changes.
        if isinstance(event, ReceivableIssued) and len(changes.inserts[Lot]) >= _LOTS_AT_ONCE:
            lots += len(changes.inserts[Lot])
            yield changes, lots
            changes = Changes()
        HANDLERS[type(event)](event, fact, changes)
    yield changes, lots + len(changes.inserts[Lot])


def _fact(size: Size, logs: "array[int]", at_s: int) -> Fact:
    block = 1 + (at_s - BEGIN_S) // size.block_seconds
    index = logs[block]
    logs[block] = index + 1
    return Fact(block, index, size.time_of(block), _hash(block, index), _CONTRACT)


async def _insert(connection: AsyncConnection, inserts: dict[Table, list[dict[str, Any]]]) -> None:
    rows = await bulk(connection)
    for table, written in inserts.items():
        shaped = shape(table)
        await rows.insert(shaped, shaped.rows(written))


def _hash(block: int, index: int) -> str:
    """Scattered like a hash."""
    number = ((block << 8) + index) * 0x9E3779B97F4A7C15 % (1 << 64)
    return f"0x{number:016x}{_TOPIC[18:]}"


def _block(size: Size, number: int) -> Row:
    return (number, _hash(number, 255), _hash(number - 1, 255), size.time_of(number))


def _events(size: Size, first: int, last: int) -> Iterator[Row]:
    """Four logs a transaction."""
    for block in range(first, last + 1):
        for index in range(min(EVENTS_A_BLOCK, size.events - (block - 1) * EVENTS_A_BLOCK)):
            hashed = _hash(block, index // 4)
            yield (
                block, index, hashed, index // 4, _CONTRACT, "LotMoved", _TOPIC, _TOPIC, _TOPIC, _TOPIC, _DATA
            )  # fmt: skip


def _cursor(size: Size) -> dict[str, Any]:
    return {
        "id": 1,
        "chain_id": 1,
        "genesis_hash": _hash(0, 255),
        "ledger": _CONTRACT,
        "block_number": size.blocks,
        "block_hash": _hash(size.blocks, 255),
        "block_time_s": size.time_of(size.blocks),
        "final_block": size.blocks,
    }


async def _indexes(
    connection: AsyncConnection, *, create: bool, only: Table | None = None, leave: Table | None = None
) -> None:
    """Build or drop the secondary indexes."""

    def run(sync: Any) -> None:
        for table in sql_table(ChainBlock).metadata.sorted_tables:
            if (only is None or table is sql_table(only)) and (
                leave is None or table is not sql_table(leave)
            ):
                for index in table.indexes:
                    (index.create if create else index.drop)(sync)

    await connection.run_sync(run)


async def _tidy(engine: AsyncEngine) -> None:
    """What PostgreSQL does by itself in time."""
    if engine.dialect.name == "postgresql":
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("VACUUM ANALYZE"))


async def _megabytes(engine: AsyncEngine) -> float:
    size: dict[str, Sequence[str]] = {
        "postgresql": ("SELECT pg_database_size(current_database())",),
        "sqlite": ("PRAGMA page_count", "PRAGMA page_size"),
    }
    total = 1
    async with engine.connect() as connection:
        for statement in size[engine.dialect.name]:
            total *= (await connection.execute(text(statement))).scalar_one()
    return total / MEGABYTE
