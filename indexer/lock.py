"""One writer a mirror: a lock that its holder's death frees at once, so that a restart never waits for it."""

import fcntl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from indexer.errors import MirrorLocked

_WRITER_KEY = 0x7461_6C6C_7900_0001
_REBUILD_KEY = 0x7461_6C6C_7900_0002
"""Any numbers do, as long as nobody else uses them in the same database."""


@asynccontextmanager
async def writer_lock(engine: AsyncEngine) -> AsyncIterator[None]:
    """Hold the mirror's writer lock. Raises MirrorLocked if another process or task has it."""
    async with exclusive(engine, "lock", _WRITER_KEY, "another indexer writes to this mirror; stop it first"):
        yield


@asynccontextmanager
async def rebuild_lock(engine: AsyncEngine) -> AsyncIterator[None]:
    """One rebuild at a time, beside the writer. Raises MirrorLocked if another process or task has it."""
    async with exclusive(engine, "rebuild.lock", _REBUILD_KEY, "this mirror is being rebuilt already"):
        yield


@asynccontextmanager
async def exclusive(
    engine: AsyncEngine, suffix: str, key: int, problem: str
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """A lock of a database: a file of that suffix beside SQLite's, an advisory lock `key` in PostgreSQL.

    Gives a function that raises DBAPIError when the lock went with its connection. Raises MirrorLocked with
    `problem` if another process or task has it.
    """
    if engine.dialect.name == "sqlite":
        with _file_lock(Path(f"{engine.url.database}.{suffix}"), problem):
            yield _held_for_good
    else:
        async with _advisory_lock(engine, key, problem) as still_held:
            yield still_held


async def _held_for_good() -> None:
    """A file lock goes with the process only."""


@contextmanager
def _file_lock(path: Path, problem: str) -> Iterator[None]:
    with path.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise MirrorLocked(f"{problem} ({path.name})") from error
        yield


@asynccontextmanager
async def _advisory_lock(
    engine: AsyncEngine, key: int, problem: str
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    # The lock belongs to the session, so it gets a connection of its own that nothing else uses.
    async with engine.connect() as unbound:
        connection = await unbound.execution_options(isolation_level="AUTOCOMMIT")
        taken = await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key})
        if not taken:
            raise MirrorLocked(problem)

        async def still_held() -> None:
            await connection.execute(text("SELECT 1"))

        try:
            yield still_held
        finally:
            await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})
