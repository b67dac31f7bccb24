"""The one writer of the mirror: fetches, checks, projects and commits, block range by block range."""

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing
from typing import Protocol

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from chain.errors import MalformedAnswer, NodeError
from chain.logs import BlockRange
from chain.node import ChainNode
from indexer.ancestry import last_common, same_chain
from indexer.cursor import open_cursor
from indexer.errors import CursorMoved, MirrorLocked, MirrorStopped, Reorganised
from indexer.feed import MirrorFeed
from indexer.fetcher import Fetcher, Source
from indexer.listener import HeadListener
from indexer.lock import writer_lock
from indexer.projector import Projector
from indexer.queries.position import Position
from indexer.sealing import NO_PROOFS, Proofs, SealedChain, source_of
from indexer.store import Batch, commit

POLL_S = 0.02
"""Pause between two looks at a chain whose blocks come as soon as there is a transaction."""

NODES_DISAGREE = "indexer.nodes_disagree"

_GUARD_S = 1.0
_COMPARE_S = 10.0
_SILENCE_S = 1.0
"""Pause while the node tells of new blocks by itself: one that it did not tell of is found then."""
_NODE_PAUSE_S = (0.1, 5.0)
_PAUSE_S = 1.0
"""Before the database is tried again."""
_STANDBY_S = 0.2
"""Before the lock of another indexer is tried again."""


log = structlog.get_logger(__name__)

Progress = Callable[[Position, int], None]


class Projects(Protocol):
    """What makes a batch of a range; `Projector` is the one for our contracts."""

    async def project(self, after: Position, blocks: BlockRange) -> Batch:
        """The batch that takes the mirror from `after` through the last block of the range."""


class MirrorWorker:
    """Takes the mirror to the head, and tells `feed` after each commit.

    The last `finality_blocks` may be taken back when the chain turns out to go another way; anything deeper
    stops the mirror. 0 is right for a network with immediate finality, where no block ever goes away.
    `proofs` are asked of every block before it is mirrored. `heads_url` (`ws://…`) tells of new blocks;
    without it, and while it does not answer, the node is asked every `poll_s`.
    """

    def __init__(
        self,
        client: ChainNode,
        engine: AsyncEngine,
        *,
        feed: MirrorFeed | None = None,
        finality_blocks: int = 0,
        poll_s: float = POLL_S,
        projector: Projects | None = None,
        proofs: Proofs = NO_PROOFS,
        heads_url: str | None = None,
    ) -> None:
        self._client = client
        self._engine = engine
        self._feed = feed or MirrorFeed()
        self._finality_blocks = finality_blocks
        self._poll_s = poll_s
        self._projector = projector or Projector(client.book)
        self._seals = SealedChain(client, engine, proofs.validators) if proofs.validators else None
        self._fetcher = Fetcher(source_of(client, proofs))
        self._heads = HeadListener(heads_url, self._feed) if heads_url else None
        self._guarded_at = 0.0
        self._compared_at = 0.0
        self.leading = False
        """Whether this worker holds the lock, and no other."""

    def read_from(self, source: Source) -> None:
        """Take blocks from there instead of the node."""
        self._fetcher = Fetcher(source)

    async def run_forever(self, *, standby: bool = False, on_progress: Progress | None = None) -> None:
        """Follow the chain until cancelled. A node or a database that does not answer is waited for.

        With `standby` another indexer that holds the lock is waited for too, and its place is taken when it
        is gone; `on_progress(position, target)` a commit. Raises MirrorStopped (see `indexer.errors`), after
        everybody who waits on the feed has it.
        """
        listening = asyncio.create_task(self._heads.listen()) if self._heads else None
        try:
            while True:
                await self._follow_while_database_answers(standby, on_progress)
        except Exception as error:
            # Waiters must not sit out their time for a mirror that is gone, whatever ended it.
            code = error.code if isinstance(error, MirrorStopped) else type(error).__name__
            log.exception("mirror_stopped", code=code)
            self._feed.fail(error)
            raise
        finally:
            if listening is not None:
                listening.cancel()

    async def catch_up(self, through: int | None = None, on_progress: Progress | None = None) -> Position:
        """Mirror up to the head, or to block `through`; `on_progress(position, target)` a commit.

        Takes no lock: the caller holds it (`indexer.lock`), or nobody else writes. Raises MirrorStopped and
        NodeError.
        """
        position = await self._open()
        return await self._step(position, through, on_progress)

    async def _follow_while_database_answers(self, standby: bool, on_progress: Progress | None) -> None:
        """A full disk, a server that starts again: the lock may be gone with its connection."""
        pause_s = _PAUSE_S
        try:
            async with writer_lock(self._engine):
                self.leading = True
                log.info("leading")
                await self._follow(on_progress)
        except MirrorLocked as error:
            if not standby:
                raise
            if self._feed.trouble != error.code:
                log.info("standing_by")
            self._feed.trouble = error.code
            pause_s = _STANDBY_S
        except (OperationalError, InterfaceError) as error:
            self._feed.trouble = "indexer.database_unavailable"
            log.warning("database_unavailable", reason=str(error.orig), pause_s=_PAUSE_S)
        finally:
            self.leading = False
        await asyncio.sleep(pause_s)

    async def _follow(self, on_progress: Progress | None) -> None:
        position: Position | None = None
        pause_s = _NODE_PAUSE_S[0]
        moved = False
        while True:
            try:
                position = await self._open() if position is None else position
                position = await self._step(position, on_progress=on_progress)
                moved = False
                pause_s = _NODE_PAUSE_S[0]
                self._feed.trouble = await self._disagreement(position)
                heard = self._heads is not None and self._heads.connected
                await self._feed.idle(_SILENCE_S if heard else self._poll_s)
            except CursorMoved:
                # we hold the lock, so it was a rebuild that put a fresh mirror here; but not again at once
                if moved:
                    raise
                moved, position = True, None
                log.info("mirror_exchanged")
            except NodeError as error:
                self._feed.trouble = error.code
                if isinstance(error, MalformedAnswer):
                    self._client.distrust()
                log.warning("node_unavailable", code=error.code, reason=error.message, pause_s=pause_s)
                position = None  # the range may have been committed in part
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, _NODE_PAUSE_S[1])

    async def _disagreement(self, position: Position) -> str | None:
        """Nodes of one network that have different blocks: somebody has to look, and the mirror goes on."""
        now = time.monotonic()
        if now - self._compared_at < _COMPARE_S:
            return self._feed.trouble if self._feed.trouble == NODES_DISAGREE else None
        self._compared_at = now
        hashes = await self._client.disagreeing(position.block_number)
        if not hashes:
            return None
        log.error("nodes_disagree", block=position.block_number, hashes=hashes)
        return NODES_DISAGREE

    async def _open(self) -> Position:
        position = await open_cursor(self._client, self._engine)
        self._feed.publish(position)
        return position

    async def _step(
        self, position: Position, through: int | None = None, on_progress: Progress | None = None
    ) -> Position:
        head = await self._client.block_number()
        try:
            if head <= position.block_number:
                await self._guard(position, head)
            return await self._advance(position, head, through, on_progress)
        except Reorganised:
            if not self._finality_blocks:
                raise
            position = await self._turn(await self._open(), head)
            return await self._advance(position, head, through, on_progress)

    async def _advance(
        self,
        position: Position,
        head: int,
        through: int | None = None,
        on_progress: Progress | None = None,
    ) -> Position:
        """Blocks that are final and those that are not never share a batch: only the latter can be undone.

        While a batch is being written the next is made.
        """
        target = head if through is None else min(through, head)
        final = head - self._finality_blocks
        writing: asyncio.Task[None] | None = None

        async def write(batch: Batch) -> None:
            await commit(self._engine, batch, final_block=final)
            self._feed.publish(batch.through)
            if on_progress is not None:
                on_progress(batch.through, target)

        try:
            for last in (min(final, target), target):
                async with aclosing(self._fetcher.stream(position.block_number + 1, last)) as ranges:
                    async for blocks in ranges:
                        batch = await self._batch(position, blocks)
                        if writing is not None:
                            await writing
                        writing = asyncio.create_task(write(batch))
                        position = batch.through
        finally:
            if writing is not None:
                await writing
        return position

    async def _batch(self, after: Position, blocks: BlockRange) -> Batch:
        batch = await self._projector.project(after, blocks)
        if self._seals is not None:
            await self._seals.follow(batch, blocks.sealings)
        return batch

    async def _turn(self, position: Position, head: int) -> Position:
        """Take the orphaned blocks back and put the first of the other branch in their place, in one
        transaction. Raises Reorganised where the branches part before what can be taken back.
        """
        common = await last_common(self._client, self._engine, position, head)
        if common.block_number == position.block_number:
            return position
        final = head - self._finality_blocks
        async with aclosing(self._fetcher.stream(common.block_number + 1, head)) as ranges:
            blocks = await anext(ranges)
        batch = await self._batch(common, blocks)
        await commit(self._engine, batch, final_block=final, instead_of=position)
        log.warning(
            "reorganised",
            common_block=common.block_number,
            orphaned_block=position.block_number,
            orphaned_hash=position.block_hash,
        )
        self._feed.publish(batch.through)
        return batch.through

    async def _guard(self, position: Position, head: int) -> None:
        """See that the node still has what was mirrored, at once when its head went back, else now and then.

        A head that is merely lower, with the same block there, is a node that lags: it is waited for.
        """
        now = time.monotonic()
        if head >= position.block_number and now - self._guarded_at < _GUARD_S:
            return
        await same_chain(self._client, self._engine, min(head, position.block_number))
        self._guarded_at = now
