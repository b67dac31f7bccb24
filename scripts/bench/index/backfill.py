"""The flat load, backfilled by each runner in turn into an empty database."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from chain.compile import REPOSITORY
from chain.devnode import DevNode
from scripts import screen
from scripts.bench.index import stand_in
from scripts.bench.index.child import Measured, run_python
from scripts.bench.index.filling import FlatChain, fill
from scripts.bench.index.flat import Content, Size, expected
from scripts.bench.index.outcome import Outcome
from scripts.bench.index.task import Task
from scripts.bench.index.verify import OURS, OURS_SQLITE, Shape, difference
from scripts.system.postgres import empty_database

Notice = Callable[[str], None]

OURS_POSTGRES_NAME: Final = "ours, PostgreSQL"
OURS_SQLITE_NAME: Final = "ours, SQLite"
PROVEN_NAME: Final = "ours, every block proven"
WEB3_NAME: Final = "web3.py, no database"
NO_SERVER: Final = "not measured: no PostgreSQL server"
LIMITS: Final = ("download", "download and parse", "PostgreSQL COPY", "SQLite executemany")


@dataclass(frozen=True, slots=True)
class Field:
    """Where runners run: the chain with the load, a folder, and the socket folder of a PostgreSQL server, if
    there is one.
    """

    chain: FlatChain
    content: Content
    folder: Path
    cluster: Path | None
    notice: Notice

    @property
    def events(self) -> int:
        """How many there are."""
        return self.chain.size.events

    @property
    def book(self) -> Path:
        """File of the address book."""
        return self.folder / "flat-book.json"

    def task(self, database: str = "", *, verify: bool = False) -> Task:
        """What a runner is told."""
        return Task(self.chain.rpc_url, str(self.book), self.chain.through, database, verify=verify)


@asynccontextmanager
async def flat_field(size: Size, folder: Path, cluster: Path | None, notice: Notice) -> AsyncIterator[Field]:
    """A node with the load on it, which is made anew in about ten seconds a hundred thousand events."""
    notice(f"making {size.events:,} events in {size.blocks:,} blocks ...")
    async with DevNode() as node:
        with screen.progress_bar("events", size.events) as (progress, bar):
            chain = await fill(node, size, lambda done: progress.update(bar, completed=done))
        field = Field(chain, expected(size, chain.book.deployed_block + 1), folder, cluster, notice)
        chain.book.write(field.book)
        yield field


@asynccontextmanager
async def volume_field(
    size: Size, folder: Path, cluster: Path | None, notice: Notice
) -> AsyncIterator[Field]:
    """The same load in any number, told by a stand-in for a node."""
    told = msgspec.json.encode(size).decode()
    command = [sys.executable, "-m", "scripts.bench.index.runners.stand_in", told]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=REPOSITORY, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        port = int(await process.stdout.readline()) if process.stdout else 0
        chain = FlatChain(f"http://127.0.0.1:{port}", stand_in.book(), size, stand_in.DEPLOYED + size.blocks)
        field = Field(chain, expected(size, stand_in.FIRST), folder, cluster, notice)
        chain.book.write(field.book)
        yield field
    finally:
        if process.stdin:
            process.stdin.close()
        await process.wait()


async def ours(field: Field) -> list[Outcome]:
    """Our mirror into both databases."""
    with sqlite_file(field.folder) as url:
        field.notice(f"{OURS_SQLITE_NAME} ...")
        on_sqlite = await _ours(field, OURS_SQLITE_NAME, url, OURS_SQLITE)
    if field.cluster is None:
        return [Outcome(OURS_POSTGRES_NAME, field.events, problem=NO_SERVER), on_sqlite]
    with empty_database(field.cluster) as url:
        field.notice(f"{OURS_POSTGRES_NAME} ...")
        return [await _ours(field, OURS_POSTGRES_NAME, url, OURS), on_sqlite]


async def proven(field: Field) -> Outcome:
    """Our mirror into PostgreSQL, or without a server into SQLite, each block proven from its receipts."""
    field.notice(f"{PROVEN_NAME} ...")
    if field.cluster is None:
        with sqlite_file(field.folder) as url:
            return await _ours(field, PROVEN_NAME, url, OURS_SQLITE, verify=True)
    with empty_database(field.cluster) as url:
        return await _ours(field, PROVEN_NAME, url, OURS, verify=True)


async def plain_script(field: Field) -> Outcome:
    """web3.py without a database."""
    field.notice(f"{WEB3_NAME} ...")
    measured = await run_python("web3_logs", field.task())
    wanted = sum(field.content.totals.values())
    found = measured.answer.amount_minor
    wrong = "" if found == wanted else f"the sum of amounts is {found}, not {wanted}"
    return outcome(WEB3_NAME, field.events, measured, "all", wrong)


async def limits(field: Field) -> list[Outcome]:
    """Each stage by itself."""
    field.notice("the limits of the stages ...")
    if field.cluster is None:
        measured = await run_python("limits", field.task())
    else:
        with empty_database(field.cluster) as url:
            measured = await run_python("limits", field.task(url))
    return [outcome(f"limit: {name}", field.events, measured, name) for name in LIMITS]


def outcome(name: str, events: int, measured: Measured, stage: str, wrong: str = "") -> Outcome:
    """One stage of what a runner answered."""
    problem = measured.problem or (f"wrong: {wrong}" if wrong else "")
    if not problem and stage not in measured.answer.seconds:
        problem = NO_SERVER
    seconds = measured.answer.seconds.get(stage)
    return Outcome(name, events, seconds, measured.wall_s, measured.peak_mb, problem, measured.memory_mb)


@contextmanager
def sqlite_file(folder: Path) -> Iterator[str]:
    """URL of a database that does not exist yet, removed afterwards."""
    path = folder / "mirror.db"
    yield f"sqlite+aiosqlite:///{path}"
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


async def _ours(field: Field, name: str, url: str, shape: Shape, *, verify: bool = False) -> Outcome:
    measured = await run_python("ours", field.task(url, verify=verify))
    wrong = "" if measured.problem else difference(url, shape, field.content)
    return outcome(name, field.events, measured, "all", wrong)
