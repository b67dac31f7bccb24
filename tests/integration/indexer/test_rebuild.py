"""A fresh mirror beside the old one: equal rows are exchanged silently, others are reported and kept."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select, text

from chain.bindings import cash
from indexer.db import make_engine, make_sessions
from indexer.digest import digest_tables
from indexer.errors import MirrorLocked, Reorganised
from indexer.feed import MirrorFeed
from indexer.lock import rebuild_lock
from indexer.models import Reorganisation
from indexer.queries import balance, position
from indexer.rebuild import rebuild
from indexer.schema import migrate
from indexer.worker import MirrorWorker
from tests.integration.indexer.conftest import Mirror, clean_digests
from tests.support.chain import DeployedLedger
from tests.support.following import following
from tests.support.market import Trade
from tests.support.mirror import CNY, FakeNode, address, address_book, log_of

BOOK = address_book()
TRANSFER = log_of(BOOK.cash_address(CNY), cash.Transfer, bytes(20), (1).to_bytes(20), 70)


async def spoil(mirror: Mirror, statement: str) -> None:
    schema = "" if mirror.url.startswith("sqlite") else "ledger."
    async with mirror.engine.begin() as connection:
        await connection.execute(text(statement.format(schema=schema)))


async def test_a_mirror_that_is_right_is_replaced_by_its_equal(
    mirror: Mirror, ledger: DeployedLedger
) -> None:
    await (await Trade.open(ledger)).story()
    await MirrorWorker(ledger.client, mirror.engine).catch_up()
    before = await mirror.digests()
    done = await rebuild(ledger.client, mirror.url)
    assert (done.differences, done.kept) == ((), None)
    assert done.compared_at == done.through
    assert await mirror.digests() == before


async def test_a_spoilt_table_is_named_the_old_mirror_kept_and_the_new_one_right(
    mirror: Mirror, ledger: DeployedLedger
) -> None:
    await (await Trade.open(ledger)).story()
    await MirrorWorker(ledger.client, mirror.engine).catch_up()
    right = await mirror.digests()
    await spoil(mirror, "UPDATE {schema}lot SET amount_minor = amount_minor + 1 WHERE depth = 0")
    await spoil(mirror, "DELETE FROM {schema}claim")
    done = await rebuild(ledger.client, mirror.url)
    assert [difference.table for difference in done.differences] == ["claim", "lot"]
    assert done.differences[0].old.rows == 0
    assert await mirror.digests() == right
    assert await claims_in_kept(mirror, done.kept) == 0


async def claims_in_kept(mirror: Mirror, kept: str | None) -> int:
    assert kept is not None
    if mirror.url.startswith("sqlite"):
        connection = sqlite3.connect(kept)
        (count,) = connection.execute("SELECT count(*) FROM claim").fetchone()
        connection.close()
        return count
    async with mirror.read() as session:
        return await session.scalar(text(f"SELECT count(*) FROM {kept}.claim"))  # noqa: S608


async def test_a_mirror_of_a_branch_that_is_gone_is_made_anew(mirror: Mirror) -> None:
    node = FakeNode(BOOK)
    for _ in range(5):
        node.mine(TRANSFER)
    await MirrorWorker(node, mirror.engine).catch_up()
    node.roll_back(2)
    node.mine(TRANSFER, fork=1)
    with pytest.raises(Reorganised):
        await MirrorWorker(node, mirror.engine).catch_up()
    done = await rebuild(node, mirror.url)
    assert "chain_block" in {difference.table for difference in done.differences}
    async with mirror.read() as session:
        assert await balance(session, address(1), CNY) == 4 * 70
        assert (await position(session)).block_number == 4
    assert (await MirrorWorker(node, mirror.engine).catch_up()).block_number == 4


async def test_an_interrupted_rebuild_leaves_the_mirror_alone_and_the_next_one_starts_over(
    mirror: Mirror,
) -> None:
    class Dying(FakeNode):
        alive = True

        async def logs(self, from_block: int, to_block: int):
            if not self.alive and from_block > 3:
                raise ConnectionAbortedError
            return await super().logs(from_block, to_block)

    node = Dying(BOOK, range_max=1)
    for _ in range(6):
        node.mine(TRANSFER)
    await MirrorWorker(node, mirror.engine).catch_up()
    before = await mirror.digests()
    node.alive = False
    with pytest.raises(ConnectionAbortedError):
        await rebuild(node, mirror.url)
    assert await mirror.digests() == before
    node.alive = True
    assert (await rebuild(node, mirror.url)).differences == ()
    assert await mirror.digests() == before


async def test_a_reader_sees_the_old_mirror_before_and_the_new_one_after(mirror: Mirror) -> None:
    node = FakeNode(BOOK)
    node.mine(TRANSFER)
    await MirrorWorker(node, mirror.engine).catch_up()
    await spoil(mirror, "UPDATE {schema}cash_balance SET amount_minor = 1")
    reader = make_engine(mirror.url, read_only=True)
    async with make_sessions(reader)() as session:
        assert await balance(session, address(1), CNY) == 1
    await rebuild(node, mirror.url)
    async with make_sessions(reader)() as session:
        assert await balance(session, address(1), CNY) == 70
    await reader.dispose()


async def test_a_rebuild_goes_on_beside_a_running_indexer_which_goes_on_from_the_fresh_mirror(
    mirror: Mirror, tmp_path: Path
) -> None:
    class Growing(FakeNode):
        """A block more at each look of the rebuild."""

        async def logs(self, from_block: int, to_block: int):
            if len(self._blocks) < 60:
                self.mine(TRANSFER)
            return await super().logs(from_block, to_block)

    node, feed = Growing(BOOK, range_max=3), MirrorFeed()
    for _ in range(20):
        node.mine(TRANSFER)
    async with following(MirrorWorker(node, mirror.engine, feed=feed)) as worker:
        await feed.wait_for_block(20, 10)
        await spoil(mirror, "UPDATE {schema}cash_supply SET amount_minor = 1")
        done = await rebuild(node, mirror.url)
        assert [difference.table for difference in done.differences] == ["cash_supply"]
        node.mine(TRANSFER)
        last = await node.block_number()
        await feed.wait_for_block(last, 10)
        await asyncio.sleep(0.1)
        assert not worker.done()
    assert await mirror.digests() == await clean_digests(node, tmp_path)


async def test_no_two_rebuilds_at_once(mirror: Mirror) -> None:
    async with rebuild_lock(mirror.engine):
        with pytest.raises(MirrorLocked, match="rebuilt already"):
            await rebuild(FakeNode(BOOK), mirror.url)


async def test_both_databases_hold_the_same_rows(tmp_path, postgres_url: str, ledger: DeployedLedger) -> None:
    await (await Trade.open(ledger)).story()
    digests = []
    for url in (f"sqlite+aiosqlite:///{tmp_path / 'other.db'}", postgres_url):
        migrate(url)
        engine = make_engine(url)
        await MirrorWorker(ledger.client, engine).catch_up()
        async with make_sessions(engine)() as session:
            digests.append(await digest_tables(session))
        await engine.dispose()
    assert digests[0] == digests[1]
    assert digests[0]["lot_move"].rows > 3


async def epochs(mirror: Mirror) -> list[tuple[int, int, int]]:
    async with mirror.read() as session:
        rows = (await session.scalars(select(Reorganisation).order_by(Reorganisation.epoch))).all()
    return [(row.epoch, row.block_number, row.orphaned_number) for row in rows]


@pytest.mark.parametrize(("rolled_back", "mined"), [(3, 5), (3, 1), (10, 2)])
async def test_other_blocks_than_the_old_mirrors_are_a_reorganisation_for_its_readers(
    mirror: Mirror, rolled_back: int, mined: int
) -> None:
    node = FakeNode(BOOK)
    for _ in range(10):
        node.mine(TRANSFER)
    await MirrorWorker(node, mirror.engine).catch_up()
    await rebuild(node, mirror.url)
    assert await epochs(mirror) == []
    node.roll_back(rolled_back)
    for _ in range(mined):
        node.mine(TRANSFER, fork=1)
    # what the operator decides when the node has other blocks than final ones
    await rebuild(node, mirror.url)
    assert await epochs(mirror) == [(1, 10 - rolled_back, 10)]
    await rebuild(node, mirror.url)
    assert await epochs(mirror) == [(1, 10 - rolled_back, 10)]
