"""An empty, migrated mirror on each database, and a chain with contracts of its own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from chain.node import ChainNode
from indexer.db import make_engine, make_sessions
from indexer.digest import TableDigest, digest_tables
from indexer.schema import migrate
from indexer.worker import MirrorWorker
from tests.support.chain import DeployedLedger, fresh_ledger
from tests.support.life import life
from tests.support.mirror import FakeNode
from tests.support.play import play
from tests.support.postgres import postgres_cluster, postgres_url
from tests.support.workout import Workout

__all__ = ["postgres_cluster", "postgres_url"]


@dataclass(frozen=True)
class Mirror:
    """A mirror and its readers."""

    url: str
    engine: AsyncEngine
    read: async_sessionmaker[AsyncSession]

    async def digests(self) -> dict[str, TableDigest]:
        async with self.read() as session:
            return await digest_tables(session)


async def clean_digests(node: ChainNode | FakeNode, folder: Path) -> dict[str, TableDigest]:
    """Of a mirror that never saw another branch."""
    url = f"sqlite+aiosqlite:///{folder}/clean.db"
    migrate(url)
    engine = make_engine(url)
    await MirrorWorker(node, engine).catch_up()
    async with make_sessions(engine)() as session:
        digests = await digest_tables(session)
    await engine.dispose()
    return digests


@pytest.fixture(params=["sqlite", "postgres"])
def mirror_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'mirror.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def mirror(mirror_url: str) -> AsyncIterator[Mirror]:
    """An empty mirror with its schema."""
    migrate(mirror_url)
    engine, reader = make_engine(mirror_url), make_engine(mirror_url, read_only=True)
    yield Mirror(mirror_url, engine, make_sessions(reader))
    await engine.dispose()
    await reader.dispose()


@pytest.fixture
async def ledger() -> AsyncIterator[DeployedLedger]:
    """A chain of this test alone."""
    async with fresh_ledger() as deployed:
        yield deployed


@pytest.fixture
async def lived(ledger: DeployedLedger) -> FakeNode:
    """A chain in which everything has happened, on a node that can forget."""
    trade = await Workout.open(ledger)
    await life(trade)
    await play(trade, Random(5), 30)
    node = FakeNode(ledger.book)
    first = ledger.book.deployed_block
    node.skip_to(first - 1)
    found = await ledger.client.logs(first, await ledger.client.block_number())
    for header in found.headers:
        node.mine(*(log for log in found.logs if log.block_number == header.number))
    return node
