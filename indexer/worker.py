"""The one writer of the mirror: fetches, checks, projects and commits, block range by block range."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from chain.client import LedgerClient
from chain.errors import NodeError
from chain.logs import BlockRange
from indexer.cursor import open_cursor
from indexer.db import make_sessions
from indexer.errors import MirrorStopped
from indexer.feed import MirrorFeed
from indexer.fetcher import Fetcher
from indexer.lock import writer_lock
from indexer.models import ChainBlock
from indexer.projector import Projector, reorganised
from indexer.queries.position import Position
from indexer.store import Batch, commit

POLL_S = 0.02
"""Pause between two looks at a chain whose blocks come as soon as there is a transaction."""

_GUARD_S = 1.0
_NODE_PAUSE_S = (0.1, 5.0)
_DATABASE_PAUSE_S = 1.0

log = structlog.get_logger(__name__)


class BlockProjector(Protocol):
    """What makes a batch of a range of blocks, as `indexer.projector.Projector` does."""

    def project(self, after: Position, blocks: BlockRange) -> Batch: ...


class MirrorWorker:
    """Takes the mirror to the head less `finality_blocks`, and tells `feed` after each commit.

    On a network with immediate finality, and on a development chain, `finality_blocks` is 0.
    `projector` is the ledger's own unless another is given.
    """

    def __init__(
        self,
        client: LedgerClient,
        engine: AsyncEngine,
        *,
        projector: BlockProjector | None = None,
        feed: MirrorFeed | None = None,
        finality_blocks: int = 0,
        poll_s: float = POLL_S,
    ) -> None:
        self._client = client
        self._engine = engine
        self._feed = feed or MirrorFeed()
        self._finality_blocks = finality_blocks
        self._poll_s = poll_s
        self._projector: BlockProjector = projector or Projector(client.book)
        self._fetcher = Fetcher(client)
        self._guarded_at = 0.0

    async def run_forever(self) -> None:
        """Follow the chain until cancelled. A node or a database that does not answer is waited for.

        Raises MirrorStopped (see `indexer.errors`), after everybody who waits on the feed has got it.
        """
        try:
            while True:
                await self._follow_while_database_answers()
                await asyncio.sleep(_DATABASE_PAUSE_S)
        except Exception as error:
            # Waiters must not sit out their time for a mirror that is gone, whatever ended it.
            code = error.code if isinstance(error, MirrorStopped) else type(error).__name__
            log.exception("mirror_stopped", code=code)
            self._feed.fail(error)
            raise

    async def catch_up(
        self, through: int | None = None, on_progress: Callable[[Position, int], None] | None = None
    ) -> Position:
        """Mirror up to the final head, or to block `through`; `on_progress(position, target)` a commit.

        Takes no lock: the caller holds it (`indexer.lock`), or nobody else writes. Raises MirrorStopped and
        NodeError.
        """
        position = await self._open()
        head = await self._client.block_number()
        await self._guard(position, head)
        target = head - self._finality_blocks if through is None else min(through, head)
        return await self._advance(position, target, on_progress)

    async def _follow_while_database_answers(self) -> None:
        """A full disk, a server that starts again: the lock may be gone with its connection."""
        try:
            async with writer_lock(self._engine):
                await self._follow()
        except (OperationalError, InterfaceError) as error:
            self._feed.trouble = "indexer.database_unavailable"
            log.warning("database_unavailable", reason=str(error.orig), pause_s=_DATABASE_PAUSE_S)

    async def _follow(self) -> None:
        position: Position | None = None
        pause_s = _NODE_PAUSE_S[0]
        while True:
            try:
                position = await self._open() if position is None else position
                position = await self._step(position)
                pause_s = _NODE_PAUSE_S[0]
                self._feed.trouble = None
                await self._feed.idle(self._poll_s)
            except NodeError as error:
                self._feed.trouble = error.code
                log.warning("node_unavailable", code=error.code, reason=error.message, pause_s=pause_s)
                position = None  # the range may have been committed in part
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, _NODE_PAUSE_S[1])

    async def _open(self) -> Position:
        position = await open_cursor(self._client, self._engine)
        self._feed.publish(position)
        return position

    async def _step(self, position: Position) -> Position:
        head = await self._client.block_number()
        target = head - self._finality_blocks
        if target <= position.block_number:
            await self._guard(position, head)
            return position
        return await self._advance(position, target)

    async def _advance(
        self,
        position: Position,
        target: int,
        on_progress: Callable[[Position, int], None] | None = None,
    ) -> Position:
        while position.block_number < target:
            blocks = await self._fetcher.fetch(position.block_number + 1, target)
            batch = self._projector.project(position, blocks)
            await commit(self._engine, batch)
            position = batch.through
            self._feed.publish(position)
            if on_progress is not None:
                on_progress(position, target)
        return position

    async def _guard(self, position: Position, head: int) -> None:
        """See that the node still has what was mirrored, at once when its head went back, else now and then.

        A head that is merely lower, with the same block there, is a node that lags: it is waited for.
        """
        now = time.monotonic()
        if head >= position.block_number and now - self._guarded_at < _GUARD_S:
            return
        number = min(head, position.block_number)
        async with make_sessions(self._engine)() as session:
            mirrored = await session.get(ChainBlock, number)
        header = await self._client.header(number)
        if mirrored is not None and header is not None and header.hash != mirrored.hash:
            raise reorganised(Position(number, mirrored.hash, mirrored.time_s), header.hash)
        self._guarded_at = now
