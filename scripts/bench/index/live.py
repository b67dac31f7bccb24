"""Real time on the real contracts: how long after a block its rows are there, and after what goes wrong.

A block is there when the node says that it has mined it; the mirror may have heard of it a little before. The
time since the order to mine it is given too: the truth is between the two.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from chain.rpc import Request
from scripts.bench.figures import Figure
from scripts.bench.index.child import run_python
from scripts.bench.index.follower import Cursor, Follower, NotThere, cursor_of
from scripts.bench.index.mix.blocks import BlockMaker
from scripts.bench.index.mix.traffic import Traffic
from scripts.bench.index.real import Database, RealField
from scripts.bench.index.stream import stream_figures
from scripts.story.summary import percentile

PAUSES_MS: Final = 23
"""Pauses between blocks are 0 to 22 ms, so that no rhythm of the mirror is met by chance."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many blocks each measurement takes; `final` is how far back a mirror has to be able to go."""

    blocks: int = 200
    burst: int = 200
    missed: int = 50
    orphaned: int = 60
    final: int = 128


async def live(field: RealField, databases: list[Database], counts: Counts) -> tuple[list[Figure], list[str]]:
    """The figures of each mirror, which is there already and goes on as the chain does; and what the check of
    each says against it in the end.
    """
    chain = field.chain
    maker = await BlockMaker.on(chain.node.url, chain.book)
    try:
        traffic = Traffic(chain, maker)
        found: list[Figure] = []
        wrong: list[str] = []
        for database in databases:
            found += await _Live(field, database, traffic, counts).figures()
            found += await stream_figures(field, database, traffic, counts.blocks)
            field.notice(f"{database.name}: check ...")
            checked = await run_python("check", field.task(database.url))
            wrong += [f"{database.name}, after all that: {checked.problem}"] if checked.problem else []
    finally:
        await maker.rpc.close()
    return found, wrong


class _Live:
    """One mirror, from measurement to measurement."""

    def __init__(self, field: RealField, database: Database, traffic: Traffic, counts: Counts) -> None:
        self._field = field
        self._database = database
        self._traffic = traffic
        self._counts = counts

    async def figures(self) -> list[Figure]:
        """All of them. A measurement that cannot be made says why, and the next one goes on."""
        counts = self._counts
        async with cursor_of(self._database.url) as cursor:
            burst = f"burst of {counts.burst} blocks caught up"
            restart = f"restart to head after kill -9, {counts.missed} blocks missed"
            takeover = "takeover by the indexer that stands by, after kill -9"
            reorganisation = f"reorganisation of {counts.orphaned} blocks"
            return [
                *await self._latency(cursor),
                await self._timed(burst, 0.2, lambda: self._burst(cursor)),
                await self._timed(restart, 1.0, lambda: self._restart(cursor)),
                await self._timed(takeover, 5.0, lambda: self._take_over(cursor)),
                await self._timed(reorganisation, 0.2, lambda: self._reorganise(cursor)),
            ]

    async def _timed(self, what: str, target_s: float, measure: Callable[[], Awaitable[float]]) -> Figure:
        name = f"{self._database.name}: {what}"
        self._field.notice(f"{name} ...")
        try:
            return Figure(name, round(await measure(), 4), "s", target_s)
        except NotThere as reason:
            return Figure(name, None, "s", target_s, note=str(reason))

    async def _latency(self, cursor: Cursor) -> list[Figure]:
        name = f"{self._database.name}: block to row"
        self._field.notice(f"{name} ...")
        try:
            since_mined, since_order = await self._follow(cursor)
        except NotThere as reason:
            return [Figure(f"{name} p95", None, "ms", 10.0, note=str(reason))]
        return [
            Figure(f"{name} p50", percentile(since_mined, 50), "ms"),
            Figure(f"{name} p95", percentile(since_mined, 95), "ms", 10.0),
            Figure(f"{name} p50, mining included", percentile(since_order, 50), "ms"),
            Figure(f"{name} p95, mining included", percentile(since_order, 95), "ms"),
        ]

    async def _follow(self, cursor: Cursor) -> tuple[list[float], list[float]]:
        """Milliseconds until the rows of each block are there, since it was mined, and since the order to."""
        since_mined: list[float] = []
        since_order: list[float] = []
        maker = self._traffic.maker
        steps = await self._traffic.steps()
        async with self._follower() as follower:
            number = await self._following(follower, cursor)
            for place in range(self._counts.blocks):
                step = next(steps)
                await maker.hand_over(step)
                await asyncio.sleep(place * 7 % PAUSES_MS / 1000)
                number += 1
                ordered = time.perf_counter()
                await maker.mine()
                mined = time.perf_counter()
                there = await follower.reach(cursor, number)
                since_mined.append((there - mined) * 1000)
                since_order.append((there - ordered) * 1000)
                await maker.logs_of_last(len(step))
        return since_mined, since_order

    async def _burst(self, cursor: Cursor) -> float:
        """The mirror gets no time while they are mined, then all of it."""
        async with self._follower() as follower:
            await self._following(follower, cursor)
            follower.pause()
            number = await self._traffic.mine(self._counts.burst)
            started = time.perf_counter()
            follower.resume()
            return await follower.reach(cursor, number) - started

    async def _restart(self, cursor: Cursor) -> float:
        """Counts from the start of the process: importing everything is part of it."""
        async with self._follower() as follower:
            await self._following(follower, cursor)
            await follower.kill()
        number = await self._traffic.mine(self._counts.missed)
        started = time.perf_counter()
        async with self._follower() as follower:
            return await follower.reach(cursor, number) - started

    async def _take_over(self, cursor: Cursor) -> float:
        """From the death of the one that leads until the other has a block mined after it."""
        async with self._follower() as leading:
            await self._following(leading, cursor)
            async with self._follower(name="standby") as standby:
                await standby.stands_by()
                started = time.perf_counter()
                await leading.kill()
                return await standby.reach(cursor, await self._traffic.mine(1)) - started

    async def _reorganise(self, cursor: Cursor) -> float:
        """From a branch that is longer by a block, with other events in every block, to the mirror's. The
        mirror gets no time while the node makes it.
        """
        traffic, count = self._traffic, self._counts.orphaned
        async with self._follower(self._counts.final) as follower:
            await self._following(follower, cursor)
            before = await traffic.maker.nonce(traffic.bank)
            await follower.reach(cursor, await traffic.mine(count))
            traffic.maker.nonces[traffic.bank.address] = before
            branch = await traffic.maker.signed([traffic.credit() for _ in range(count)], traffic.bank)
            pairs = [[raw, place] for place, raw in enumerate(branch)]
            follower.pause()
            await traffic.maker.rpc.batch([Request("anvil_reorg", (count, pairs))])
            await traffic.mine(1)
            head = await self._field.chain.node.head()
            started = time.perf_counter()
            follower.resume()
            return await follower.reach(cursor, head.number, head.hash) - started

    async def _following(self, follower: Follower, cursor: Cursor) -> int:
        """Number of a new block that the mirror has: it is awake and at the head."""
        number = await self._traffic.mine(1)
        await follower.reach(cursor, number)
        return number

    def _follower(self, finality_blocks: int = 0, name: str = "follower") -> Follower:
        task = self._field.task(self._database.url, finality_blocks)
        return Follower(task, self._field.folder / f"{name}.log")
