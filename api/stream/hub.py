"""One look at the mirror a block for all who follow it, and a short memory of what was found.

A follower has a position and nothing else. While it keeps up it is served from the memory; when it comes with
an old position, or is slow, it reads pages from the mirror until it has caught up. So nothing is queued for
anybody, and 300 followers cost one read of each block.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Collection, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionInTime

from api.db import Databases
from api.events.reading import EventReader, LedgerEvent
from api.stream.waking import Waking
from indexer import queries
from indexer.branches import Branches, Mark, UnknownMark
from indexer.db import hold_snapshot
from indexer.feed import Bell, MirrorFeed

MEMORY_EVENTS: Final = 1_000
"""How many events are kept; a look that finds more of them forgets, and the followers read for themselves."""

PAGE_EVENTS: Final = 500
BATCH_EVENTS: Final = 200
BATCHES_KEPT: Final = 16
"""Of the same block: most followers are at one place, and a few behind it."""

READERS: Final = 4
"""Followers that read for themselves at one time; the others wait their turn."""

_PAUSE_S: Final = 1.0
_LOG: Final = structlog.get_logger("api.stream")
_UNREACHABLE: Final = (DBAPIError, NoConnectionInTime)


@dataclass(frozen=True, slots=True)
class Batch:
    """What came after a position, through the position `through`.

    Followers that keep up get the same one, so what is made of it for one of them may be kept for others:
    `made` is for that.
    """

    events: Sequence[LedgerEvent]
    through: Mark
    made: dict[Hashable, bytes] = field(default_factory=dict)


class Hub:
    """`run` looks while there are followers; each of them asks `after` again and again."""

    def __init__(self, databases: Databases, reader: EventReader, feed: MirrorFeed | None) -> None:
        self._databases = databases
        self._reader = reader
        self._waking = Waking(databases.mirror_reader, feed)
        self._readers = asyncio.Semaphore(READERS)
        self._followers = 0
        self._wanted = asyncio.Event()
        self._news = Bell()
        self._branches = Branches()
        self._floor: Mark | None = None
        self._through: Mark | None = None
        self._memory: list[LedgerEvent] = []
        self._batches: dict[tuple[int, int], Batch] = {}
        self.closed = asyncio.Event()
        """Set at the end of `run`: whoever follows lets go."""

    async def run(self) -> None:
        """Look until cancelled; then everybody who follows is let go."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._waking.listen())
                tasks.create_task(self._look_for_ever())
        finally:
            self.closed.set()
            self._news.ring()

    @contextmanager
    def following(self) -> Iterator[None]:
        """Held by whoever asks `after`."""
        self._followers += 1
        self._wanted.set()
        try:
            yield
        finally:
            self._followers -= 1
            if not self._followers:
                self._wanted.clear()

    async def now(self) -> Mark:
        """The end of what the mirror has."""
        return (await self._here())[0]

    async def check(self, mark: Mark) -> None:
        """Raises UnknownMark where a position was never given out."""
        async with self._databases.mirror() as session:
            _, branches = await queries.where_it_is(session)
        branches.left_at(mark)

    async def after(
        self, mark: Mark, patience_s: float, types: Collection[str] | None = None
    ) -> Batch | None:
        """What comes after a position, as soon as there is something, or None after `patience_s` seconds.

        `types` are those that are read from the mirror; what comes from memory may be of any. Raises
        UnknownMark.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience_s
        while not self.closed.is_set():
            count = self._news.count
            batch = await self._at_once(mark, types)
            if batch is not None:
                return batch
            left_s = deadline - loop.time()
            if left_s <= 0:
                return None
            await self._news.after(count, left_s)
        return None

    async def _at_once(self, mark: Mark, types: Collection[str] | None) -> Batch | None:
        through, floor = self._through, self._floor
        if through is None or floor is None:
            return None
        try:
            left_at = self._branches.left_at(mark)
        except UnknownMark:
            # Of a branch that we have not looked at yet, if it is of any.
            return await self._read(mark, types)
        if left_at is not None:
            return Batch([self._reader.reorganised(self._branches, left_at)], left_at)
        if mark.key >= through.key:
            return None
        if mark.key < floor.key:
            return await self._read(mark, types)
        if mark.key not in self._batches:
            if len(self._batches) >= BATCHES_KEPT:
                self._batches = {}
            start = bisect_right(self._memory, mark.key, key=lambda event: event.mark.key)
            events = self._memory[start : start + BATCH_EVENTS]
            rest = start + BATCH_EVENTS < len(self._memory)
            self._batches[mark.key] = Batch(events, events[-1].mark if rest else through)
        return self._batches[mark.key]

    async def _read(self, mark: Mark, types: Collection[str] | None) -> Batch | None:
        try:
            async with self._readers, self._databases.mirror() as session:
                page = await self._reader.after(session, mark, PAGE_EVENTS, types)
        except _UNREACHABLE as error:
            _LOG.warning("mirror_unreachable", error=type(error).__name__)
            await asyncio.sleep(_PAUSE_S)
            return None
        return Batch(page.events, page.through) if page.through != mark else None

    async def _look_for_ever(self) -> None:
        while True:
            if not self._followers:
                # What is remembered would have a gap when somebody comes again.
                self._floor = self._through = None
                self._memory, self._batches = [], {}
                await self._wanted.wait()
            count = self._waking.count
            try:
                there_is_more = await self._look()
            except _UNREACHABLE as error:
                _LOG.warning("mirror_unreachable", error=type(error).__name__)
                await asyncio.sleep(_PAUSE_S)
                continue
            if not there_is_more:
                await self._waking.wait(count)

    async def _look(self) -> bool:
        """Remember what is new; true where another look is worth it at once."""
        before = self._through
        if before is None:
            self._forget(*await self._here())
            return False
        try:
            async with self._databases.mirror() as session:
                page = await self._reader.after(session, before, MEMORY_EVENTS)
        except UnknownMark:
            # Another mirror was put in its place, an older one: its followers will find out as well.
            self._forget(*await self._here())
            return False
        if self._branches.last != page.branches.last:
            # Followers of the old branch are told by what they had; what comes next begins where it ended.
            left_at = page.branches.left_at(before)
            self._forget(left_at or before, page.branches)
            return True
        if page.more:
            # A backfill is faster than we are: the followers are on their own until it is done.
            self._forget(*await self._here())
            return False
        if page.through != before:
            self._memory = [*self._memory, *page.events][-MEMORY_EVENTS:]
            if len(self._memory) == MEMORY_EVENTS:
                self._floor = self._memory[0].mark
            self._through = page.through
            self._batches = {}
            self._news.ring()
        return False

    async def _here(self) -> tuple[Mark, Branches]:
        async with self._databases.mirror() as session:
            await hold_snapshot(session)
            return await queries.where_it_is(session)

    def _forget(self, mark: Mark, branches: Branches) -> None:
        self._memory, self._floor, self._through = [], mark, mark
        self._branches, self._batches = branches, {}
        self._news.ring()
