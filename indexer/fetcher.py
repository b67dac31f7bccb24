"""Ranges of blocks from the node, as large as it takes them, some ahead, and never one block left out."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress

from chain.errors import NodeError
from chain.logs import BlockRange

BLOCKS_MAX = 2_000
LOGS_WANTED = 2_500
"""Logs in a batch: enough to write in bulk. Three times as many take 40 MB more and gain nothing."""
AHEAD = 2
"""Ranges asked for while another is being written: the node works while we do."""

_BLOCKS_FIRST = 50
_GROWTH_MAX = 2
"""A range after quiet blocks may hold so many times the wanted logs: ten times as many took 60 MB more."""

Source = Callable[[int, int], Awaitable[BlockRange]]
"""`ChainNode.logs`, or `ChainNode.proven_logs`."""


class Fetcher:
    """Fits the size of a range to what the last one held; halves it when the node fails, down to one."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._blocks = _BLOCKS_FIRST

    async def stream(self, first: int, last: int) -> AsyncGenerator[BlockRange]:
        """Ranges that follow each other from `first` through `last`.

        Raises NodeError if even one block alone cannot be had; asking again may start at that block.
        """
        ahead: deque[asyncio.Task[list[BlockRange]]] = deque()
        try:
            while first <= last or ahead:
                while first <= last and len(ahead) < AHEAD:
                    size = min(self._blocks, last - first + 1)
                    ahead.append(asyncio.create_task(self._fetch(first, first + size - 1)))
                    first += size
                for blocks in await ahead.popleft():
                    yield blocks
        finally:
            for task in ahead:
                task.cancel()
            for task in ahead:
                with suppress(asyncio.CancelledError, NodeError):
                    await task

    async def _fetch(self, first: int, last: int) -> list[BlockRange]:
        """All blocks of a range, in as many parts as the node makes of it."""
        size = last - first + 1
        try:
            blocks = await self._source(first, last)
        except NodeError:
            if size == 1:
                raise
            self._blocks = size // 2
            middle = first + self._blocks - 1
            return [*await self._fetch(first, middle), *await self._fetch(middle + 1, last)]
        self._adapt(size, len(blocks.logs))
        return [blocks]

    def _adapt(self, size: int, logs: int) -> None:
        wanted = size * LOGS_WANTED // logs if logs else BLOCKS_MAX
        self._blocks = max(1, min(wanted, size * _GROWTH_MAX, BLOCKS_MAX))
