"""A node's own word of new blocks, passed on to the worker; when there is none, the worker polls."""

import asyncio

import structlog

from chain.errors import NodeError
from chain.heads import new_heads
from indexer.feed import MirrorFeed

_TIMEOUT_S = 5.0
_PAUSE_S = 1.0

log = structlog.get_logger(__name__)


class HeadListener:
    """`listen` in a task of its own; `connected` says whether silence means that there are no blocks."""

    def __init__(self, url: str, feed: MirrorFeed) -> None:
        self._url = url
        self._feed = feed
        self.connected = False

    async def listen(self) -> None:
        """Nudge the worker at each new block, until cancelled."""
        while True:
            try:
                async for _ in new_heads(self._url, _TIMEOUT_S):
                    self.connected = True
                    self._feed.nudge()
            except NodeError as error:
                log.warning("subscription_lost", code=error.code, reason=error.message)
            self.connected = False
            await asyncio.sleep(_PAUSE_S)
