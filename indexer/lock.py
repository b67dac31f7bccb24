"""One writer a mirror: a lock that its holder's death frees at once, so that a restart never waits for it."""

import fcntl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from indexer.errors import MirrorLocked

_ADVISORY_KEY = 0x7461_6C6C_7900_0001
"""Any number does, as long as nobody else uses it in the same database."""


@asynccontextmanager
async def writer_lock(engine: AsyncEngine) -> AsyncIterator[None]:
    """Hold the mirror's writer lock. Raises MirrorLocked if another process or task has it."""
    if engine.dialect.name == "sqlite":
        with _file_lock(Path(f"{engine.url.database}.lock")):
            yield
    else:
        async with _advisory_lock(engine):
            yield


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    with path.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise MirrorLocked(f"another indexer holds {path.name}; stop it first") from error
        yield


@asynccontextmanager
async def _advisory_lock(engine: AsyncEngine) -> AsyncIterator[None]:
    # The lock belongs to the session, so it gets a connection of its own that nothing else uses.
    async with engine.connect() as unbound:
        connection = await unbound.execution_options(isolation_level="AUTOCOMMIT")
        taken = await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _ADVISORY_KEY})
        if not taken:
            raise MirrorLocked("another indexer writes to this database; stop it first")
        try:
            yield
        finally:
            await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ADVISORY_KEY})
