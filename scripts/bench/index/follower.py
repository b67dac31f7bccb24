"""A mirror that follows the chain as a process of its own, and how far it is, read from its database."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, Final, Self

from chain.compile import REPOSITORY
from scripts.bench.index.child import kill
from scripts.bench.index.task import Task
from scripts.bench.index.verify import connected

PATIENCE_S: Final = 20.0
_LOOK_S: Final = 0.0005


class NotThere(Exception):
    """The mirror did not come to where it was waited for."""


class Cursor:
    """What the mirror says of itself, looked at twice a millisecond; its rows are in the same transaction."""

    def __init__(self, connection: Any, table: str) -> None:
        self._cursor = connection.cursor()
        self._statement = f"SELECT block_number, block_hash FROM {table}"  # noqa: S608  # our own name

    def position(self) -> tuple[int, str]:
        """Number and hash of the last mirrored block."""
        self._cursor.execute(self._statement)
        ((number, block_hash),) = self._cursor.fetchall()
        return int(number), str(block_hash)


@asynccontextmanager
async def cursor_of(database: str) -> AsyncIterator[Cursor]:
    """A connection of its own to a mirror."""
    is_sqlite = database.startswith("sqlite")
    with closing(connected(database)) as connection:
        if not is_sqlite:
            connection.autocommit = True
        yield Cursor(connection, "mirror_cursor" if is_sqlite else "ledger.mirror_cursor")


class Follower:
    """Use as a context; a process that is still there is killed at its end."""

    def __init__(self, task: Task, log: Path) -> None:
        self._task = task
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        with self._log.open("wb") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "scripts.bench.index.runners.follow",
                self._task.as_text(),
                cwd=REPOSITORY,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.kill()

    async def stands_by(self) -> None:
        """Wait until it has found another that leads. Raises NotThere after PATIENCE_S."""
        until = time.perf_counter() + PATIENCE_S
        while "standing_by" not in self._log.read_text(encoding="utf-8"):
            if time.perf_counter() > until:
                raise NotThere(f"does not stand by after {PATIENCE_S:.0f} s")
            await asyncio.sleep(_LOOK_S)

    async def kill(self) -> None:
        """`kill -9`."""
        if self._process is not None:
            await kill(self._process)

    def pause(self) -> None:
        """As if the machine had no time for it."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Go on."""
        self._signal(signal.SIGCONT)

    async def reach(self, cursor: Cursor, number: int, block_hash: str | None = None) -> float:
        """The moment (of `perf_counter`) at which the mirror has the block, with this hash if one is given.

        Raises NotThere when the process ends before, or after PATIENCE_S.
        """
        deadline = time.perf_counter() + PATIENCE_S
        while True:
            at, found = cursor.position()
            now = time.perf_counter()
            if at >= number and block_hash in (None, found):
                return now
            if self._process is None or self._process.returncode is not None:
                raise NotThere(f"the mirror stopped: {self._last_words()}")
            if now > deadline:
                raise NotThere(f"at block {at} instead of {number} after {PATIENCE_S:.0f} s")
            await asyncio.sleep(_LOOK_S)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1][:200] if lines else "without a word"
