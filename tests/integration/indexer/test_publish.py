"""PostgreSQL tells other processes of each commit, with the number alone, and of nothing that was undone."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from indexer.errors import CursorMoved
from indexer.feed import Bell
from indexer.publish import CHANNEL, published
from indexer.store import commit
from indexer.worker import MirrorWorker
from tests.integration.indexer.conftest import Mirror
from tests.support.following import until
from tests.support.mirror import FakeNode, address_book

pytestmark = pytest.mark.parametrize("mirror_url", ["postgres"], indirect=True)


@pytest.fixture
async def words(mirror: Mirror) -> AsyncIterator[list[str]]:
    """What is said on the channel, from another connection."""
    heard: list[str] = []
    url = mirror.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(f"LISTEN {CHANNEL}")

        async def listen() -> None:
            async for word in connection.notifies():
                heard.append(word.payload)  # noqa: PERF401  # each at once

        task = asyncio.create_task(listen())
        yield heard
        task.cancel()
        await asyncio.wait({task})


async def test_each_commit_is_told_by_its_number(mirror: Mirror, words: list[str]) -> None:
    node = FakeNode(address_book())
    worker = MirrorWorker(node, mirror.engine)
    for _ in range(3):
        node.mine()
        await worker.catch_up()
    await until(lambda: words == ["1", "2", "3"], 5)


async def test_what_was_not_committed_is_not_told(mirror: Mirror, words: list[str]) -> None:
    node = FakeNode(address_book())
    node.mine()
    worker = MirrorWorker(node, mirror.engine)
    here = await worker.catch_up()
    await until(lambda: words == ["1"], 5)
    node.mine()
    batch = await worker._projector.project(here, await node.logs(2, 2))
    await commit(mirror.engine, batch)
    with pytest.raises(CursorMoved):
        await commit(mirror.engine, batch)
    await until(lambda: words == ["1", "2"], 5)
    await asyncio.sleep(0.2)
    assert words == ["1", "2"]


async def test_whoever_listens_is_woken_and_knows_from_when_on(mirror: Mirror) -> None:
    bell, node = Bell(), FakeNode(address_book())
    worker = MirrorWorker(node, mirror.engine)

    async def listen() -> None:
        async for _ in published(mirror.engine):
            bell.ring()

    task = asyncio.create_task(listen())
    await until(lambda: bell.count == 1, 5)
    node.mine()
    await worker.catch_up()
    await until(lambda: bell.count == 2, 5)
    task.cancel()
    await asyncio.wait({task})
