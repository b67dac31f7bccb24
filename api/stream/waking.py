"""When to look at the mirror: at once where the indexer can say so, now and then in any case."""

import asyncio
from contextlib import suppress
from typing import Final

import psycopg
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from indexer.feed import Bell, MirrorFeed
from indexer.publish import published

LOOK_S: Final = 0.02
"""Where nobody tells: SQLite written by another process, or PostgreSQL while the connection is gone."""

LOOK_ANYWAY_S: Final = 1.0
"""Where somebody tells: what was not heard is found then."""

_LOG: Final = structlog.get_logger("api.stream")


class Waking:
    """Of a mirror that this process writes (`feed`), or another one."""

    def __init__(self, mirror: AsyncEngine, feed: MirrorFeed | None) -> None:
        self._mirror = mirror
        self._feed = feed
        self._bell = Bell() if feed is None else feed.bell
        self._told = feed is not None

    @property
    def count(self) -> int:
        """Taken before a look, so that what is published during it is not missed."""
        return self._bell.count

    async def wait(self, count: int) -> None:
        """Until it is worth looking again."""
        await self._bell.after(count, LOOK_ANYWAY_S if self._told else LOOK_S)

    async def listen(self) -> None:
        """Hear of another process's commits, until cancelled; returns where there is nothing to hear."""
        if self._feed is not None or self._mirror.dialect.name != "postgresql":
            return
        while True:
            with suppress(psycopg.Error):
                async for _ in published(self._mirror):
                    self._told = True
                    self._bell.ring()
            self._told = False
            _LOG.warning("not_told", look_s=LOOK_S)
            await asyncio.sleep(LOOK_ANYWAY_S)
