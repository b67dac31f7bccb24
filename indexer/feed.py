"""How far the mirror is, told to whoever waits in the same process within the same millisecond."""

import asyncio
from contextlib import suppress

from indexer.queries.position import Position


class Bell:
    """Wakes all tasks of this loop that wait, and tells those that were busy that it rang meanwhile."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self.count = 0

    def ring(self) -> None:
        """Wake everybody."""
        self.count += 1
        self._rung.set()
        self._rung = asyncio.Event()

    async def wait(self) -> None:
        """Until it rings the next time."""
        await self._rung.wait()

    async def after(self, count: int, timeout_s: float) -> None:
        """Until it has rung more than `count` times, or `timeout_s` seconds have passed."""
        with suppress(TimeoutError):
            # Not wait_for: before Python 3.12 it can swallow a cancellation that comes with the bell.
            async with asyncio.timeout(timeout_s):
                while self.count == count:
                    await self.wait()


class MirrorFeed:
    """The last committed position. One worker publishes; any number of tasks of the same loop wait."""

    def __init__(self) -> None:
        self._position: Position | None = None
        self._failure: Exception | None = None
        self.bell = Bell()
        """Rung whenever anything is published."""
        self._wanted = asyncio.Event()
        self.trouble: str | None = None
        """Code of what keeps the mirror from going on; None while it goes on."""

    @property
    def position(self) -> Position | None:
        """The last committed position of this run, None before the first."""
        return self._position

    def publish(self, position: Position) -> None:
        """Wake everybody; called after the commit, so that a woken reader finds the rows."""
        self._position = position
        self.bell.ring()

    def fail(self, error: Exception) -> None:
        """The mirror has stopped: waiting is no use any more, and everybody who waits gets `error`."""
        self._failure = error
        self.trouble = self.trouble or type(error).__name__
        self.bell.ring()

    def nudge(self) -> None:
        """A new block is likely: the worker looks at once instead of at its next turn."""
        self._wanted.set()

    async def idle(self, timeout_s: float) -> None:
        """The worker's pause: over after `timeout_s` seconds or at the next nudge."""
        with suppress(TimeoutError):
            # Not wait_for: before Python 3.12 it can swallow a cancellation that comes with the nudge.
            async with asyncio.timeout(timeout_s):
                await self._wanted.wait()
        self._wanted.clear()

    async def wait_for_block(self, number: int, timeout_s: float) -> Position:
        """The position once it is at least `number`.

        Raises TimeoutError after `timeout_s` seconds, and what stopped the mirror if it has stopped.
        """
        self.nudge()
        async with asyncio.timeout(timeout_s):
            while True:
                if self._failure is not None:
                    raise self._failure
                if self._position is not None and self._position.block_number >= number:
                    return self._position
                await self.bell.wait()
