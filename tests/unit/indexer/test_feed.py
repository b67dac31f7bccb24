"""Waiting for a block: woken by the commit, by the time limit, or by what stopped the mirror."""

import asyncio

import pytest

from indexer.errors import Reorganised
from indexer.feed import Bell, MirrorFeed
from indexer.queries.position import Position


def at(number: int) -> Position:
    return Position(number, "0x", 0)


async def test_a_block_already_mirrored_needs_no_waiting() -> None:
    feed = MirrorFeed()
    feed.publish(at(5))
    assert (await feed.wait_for_block(4, 1)).block_number == 5


async def test_everybody_who_waits_is_woken_by_the_block_and_not_before() -> None:
    feed = MirrorFeed()
    waiting = [asyncio.create_task(feed.wait_for_block(3, 5)) for _ in range(3)]
    await asyncio.sleep(0)
    feed.publish(at(2))
    await asyncio.sleep(0.01)
    assert not any(task.done() for task in waiting)
    feed.publish(at(3))
    assert [position.block_number for position in await asyncio.gather(*waiting)] == [3, 3, 3]


async def test_a_block_that_does_not_come_is_a_timeout() -> None:
    with pytest.raises(TimeoutError):
        await MirrorFeed().wait_for_block(1, 0.01)


async def test_a_mirror_that_stops_tells_those_who_wait_and_those_who_come_later() -> None:
    feed = MirrorFeed()
    waiting = asyncio.create_task(feed.wait_for_block(1, 5))
    await asyncio.sleep(0)
    feed.fail(Reorganised("another block"))
    with pytest.raises(Reorganised):
        await waiting
    with pytest.raises(Reorganised):
        await feed.wait_for_block(1, 5)


async def test_a_nudge_ends_the_pause_at_once() -> None:
    feed = MirrorFeed()
    pause = asyncio.create_task(feed.idle(60))
    await asyncio.sleep(0)
    feed.nudge()
    await asyncio.wait_for(pause, 1)


async def test_a_bell_that_rang_while_nobody_listened_is_not_missed() -> None:
    bell = Bell()
    count = bell.count
    bell.ring()
    await asyncio.wait_for(bell.after(count, 60), 1)
    waiting = asyncio.create_task(bell.after(bell.count, 60))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    bell.ring()
    await asyncio.wait_for(waiting, 1)


async def test_a_bell_that_does_not_ring_is_waited_for_so_long_only() -> None:
    bell = Bell()
    await asyncio.wait_for(bell.after(bell.count, 0.01), 1)


async def test_whatever_is_published_rings_the_bell() -> None:
    feed = MirrorFeed()
    feed.publish(at(1))
    feed.publish(at(1))
    feed.fail(Reorganised("another block"))
    assert feed.bell.count == 3
