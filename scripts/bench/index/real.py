"""The ledger's own contracts under the real mix: backfill with every projection, and the check of it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.db import make_engine, make_sessions
from indexer.digest import TableDigest, digest_tables
from scripts import screen
from scripts.bench.figures import Figure
from scripts.bench.index.backfill import Notice, outcome, sqlite_file
from scripts.bench.index.child import run_python
from scripts.bench.index.mix.load import MixChain, kept_mix, mix_chain
from scripts.bench.index.outcome import Outcome
from scripts.bench.index.sizes import growth, relation_bytes
from scripts.bench.index.task import Task
from scripts.bench.index.verify import connected
from scripts.system.postgres import empty_database

ON_POSTGRES: Final = "PostgreSQL"
ON_SQLITE: Final = "SQLite"


@dataclass(frozen=True, slots=True)
class RealField:
    """The chain with the mix, a folder, and the socket folder of a PostgreSQL server, if there is one."""

    chain: MixChain
    folder: Path
    cluster: Path | None
    notice: Notice

    def task(self, database: str, finality_blocks: int = 0) -> Task:
        """What a runner is told."""
        book = self.folder / "mix" / "book.json"
        return Task(self.chain.node.url, str(book), self.chain.mix.through, database, finality_blocks)


@dataclass(frozen=True, slots=True)
class Database:
    """One of those that are mirrored into."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What came of one database; `fields` is how many the check compared, `sizes` what each table takes."""

    backfill: Outcome
    check: Outcome
    fields: int | None
    sizes: dict[tuple[str, str], int]
    tables: dict[str, TableDigest]


@asynccontextmanager
async def real_field(
    events: int, folder: Path, cluster: Path | None, notice: Notice
) -> AsyncIterator[RealField]:
    """A node with at least so many events. The first time on a machine they are made, in some minutes."""
    notice(f"the real mix of {events:,} events (made when first asked for, in some minutes) ...")
    with screen.progress_bar("events", events) as (progress, bar):
        kept = await kept_mix(events, lambda done: progress.update(bar, completed=done))
    async with mix_chain(kept, folder) as chain:
        yield RealField(chain, folder, cluster, notice)


@contextmanager
def databases(field: RealField) -> Iterator[list[Database]]:
    """Both, empty, gone afterwards; SQLite alone where there is no server."""
    with ExitStack() as stack:
        on_sqlite = Database(ON_SQLITE, stack.enter_context(sqlite_file(field.folder)))
        if field.cluster is None:
            yield [on_sqlite]
            return
        yield [Database(ON_POSTGRES, stack.enter_context(empty_database(field.cluster))), on_sqlite]


async def backfilled(field: RealField, database: Database) -> Outcome:
    """Through the last block of the mix."""
    name = f"real mix, {database.name}"
    field.notice(f"{name} ...")
    measured = await run_python("mirror", field.task(database.url))
    wrong = "" if measured.problem else _facts_missing(field, database.url)
    return outcome(name, field.chain.mix.events, measured, "all", wrong)


async def mirrored(field: RealField, database: Database) -> Mirrored:
    """Backfilled and checked."""
    backfill = await backfilled(field, database)
    name = f"{backfill.name}: check"
    if backfill.problem:
        return Mirrored(backfill, Outcome(name, backfill.events, problem="nothing to check"), None, {}, {})
    sizes = relation_bytes(database.url)
    field.notice(f"{name} ...")
    checked = await run_python("check", field.task(database.url))
    check = outcome(name, backfill.events, checked, "all")
    return Mirrored(backfill, check, checked.answer.fields, sizes, await _digests(database.url))


def figures(done: list[Mirrored]) -> list[Figure]:
    """What else is known of each beside the rate."""
    found: list[Figure] = []
    for one in done:
        name, seconds = one.backfill.name, one.check.seconds
        a_second = round(one.fields / seconds) if one.fields and seconds else None
        found += [
            Figure(f"{name}: check", _rounded(seconds), "s", note=one.check.problem),
            Figure(f"{name}: fields compared", a_second, "fields/s", note=one.check.problem),
            *(growth(name, one.sizes, one.backfill.events) if one.sizes else ()),
        ]
    return found


def unlike(done: list[Mirrored]) -> list[str]:
    """Tables that are not the same in both databases."""
    first, *others = (one.tables for one in done)
    return sorted({name for other in others for name in other if other[name] != first[name]})


def _facts_missing(field: RealField, url: str) -> str:
    table = "chain_event" if url.startswith("sqlite") else "ledger.chain_event"
    mix = field.chain.mix
    with closing(connected(url)) as connection:
        cursor = connection.cursor()
        cursor.execute(f"SELECT count(*) FROM {table} WHERE block_number >= {mix.first}")  # noqa: S608  # no text
        ((count,),) = cursor.fetchall()
    return "" if count == mix.events else f"{count} events, not {mix.events}"


async def _digests(url: str) -> dict[str, TableDigest]:
    engine = make_engine(url, read_only=True)
    try:
        async with make_sessions(engine)() as session:
            return await digest_tables(session)
    finally:
        await engine.dispose()


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 2)
