"""Following a node: positions, latency, lagging and changed nodes, other chains, two writers."""

import asyncio
import time

import msgspec
import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from chain.bindings import cash
from chain.errors import NodeUnavailable
from indexer import worker as worker_module
from indexer.errors import MirrorLocked, OtherChain, Reorganised, UnreadableFact
from indexer.feed import MirrorFeed
from indexer.projector import Batch
from indexer.queries import balance, head, position
from indexer.store import commit
from indexer.worker import MirrorWorker
from tests.integration.indexer.conftest import Mirror
from tests.support.chain import DeployedLedger
from tests.support.following import following
from tests.support.market import Trade
from tests.support.mirror import CNY, FakeNode, address, address_book, log_of

BOOK = address_book()
TRANSFER = log_of(BOOK.cash_address(CNY), cash.Transfer, bytes(20), (1).to_bytes(20), 70)


async def test_a_trade_on_a_real_chain_is_in_the_mirror_as_soon_as_it_is_mined(
    mirror: Mirror, ledger: DeployedLedger
) -> None:
    feed = MirrorFeed()
    async with following(MirrorWorker(ledger.client, mirror.engine, feed=feed)):
        trade = await Trade.open(ledger)
        deal = await trade.story()
        number = await ledger.client.block_number()
        assert (await feed.wait_for_block(number, 5)).block_number == number
        async with mirror.read() as session:
            assert (await head(session)).number == number
            assert await balance(session, deal.debtor.address, CNY) == 900_000


async def test_a_block_is_mirrored_within_milliseconds(mirror: Mirror, ledger: DeployedLedger) -> None:
    feed = MirrorFeed()
    trade = await Trade.open(ledger)
    async with following(MirrorWorker(ledger.client, mirror.engine, feed=feed)):
        await feed.wait_for_block(await ledger.client.block_number(), 5)
        latencies = []
        for _ in range(20):
            await ledger.mint(trade.bank, CNY, 1)
            number = await ledger.client.block_number()
            mined = time.perf_counter()
            await feed.wait_for_block(number, 5)
            latencies.append((time.perf_counter() - mined) * 1000)
    assert sorted(latencies)[10] < 100


async def test_a_node_that_lags_is_waited_for(mirror: Mirror) -> None:
    node = FakeNode(BOOK)
    for _ in range(5):
        node.mine(TRANSFER)
    worker = MirrorWorker(node, mirror.engine)
    await worker.catch_up()
    node.roll_back(2)
    assert (await worker.catch_up()).block_number == 5
    node.mine(TRANSFER)
    node.mine(TRANSFER)
    node.mine(TRANSFER)
    assert (await worker.catch_up()).block_number == 6


@pytest.mark.parametrize(("rolled_back", "mined"), [(2, 1), (2, 2), (1, 4)])
async def test_another_branch_stops_the_mirror_and_keeps_what_it_has(
    mirror: Mirror, rolled_back: int, mined: int
) -> None:
    node = FakeNode(BOOK)
    for _ in range(5):
        node.mine(TRANSFER)
    await MirrorWorker(node, mirror.engine).catch_up()
    before = await mirror.digests()
    node.roll_back(rolled_back)
    for _ in range(mined):
        node.mine(fork=1)
    feed = MirrorFeed()
    with pytest.raises(Reorganised, match="tally index rebuild"):
        await MirrorWorker(node, mirror.engine, feed=feed).run_forever()
    with pytest.raises(Reorganised):
        await feed.wait_for_block(100, 1)
    assert await mirror.digests() == before


async def test_an_unknown_event_stops_the_mirror_before_its_range(mirror: Mirror) -> None:
    node = FakeNode(BOOK, range_max=1)
    node.mine(TRANSFER)
    node.mine(log_of(BOOK.address("Ledger"), cash.Transfer, bytes(20), (1).to_bytes(20), 70))
    with pytest.raises(UnreadableFact, match="tally index rebuild"):
        await MirrorWorker(node, mirror.engine).catch_up()
    async with mirror.read() as session:
        assert (await position(session)).block_number == 1


async def test_a_database_that_does_not_answer_is_waited_for(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, feed, refusals = FakeNode(BOOK), MirrorFeed(), 2

    async def full_disk(engine: AsyncEngine, batch: Batch, **terms: object) -> None:
        nonlocal refusals
        if refusals:
            refusals -= 1
            raise OperationalError("INSERT", {}, Exception("database or disk is full"))
        await commit(engine, batch, **terms)

    monkeypatch.setattr(worker_module, "commit", full_disk)
    monkeypatch.setattr(worker_module, "_PAUSE_S", 0.2)
    async with following(MirrorWorker(node, mirror.engine, feed=feed)):
        await feed.wait_for_block(0, 5)
        node.mine(TRANSFER)
        await asyncio.sleep(0.1)
        assert feed.trouble == "indexer.database_unavailable"
        assert (await feed.wait_for_block(1, 5)).block_number == 1
        await asyncio.sleep(0.1)
        assert feed.trouble is None
    assert refusals == 0


async def test_a_mirror_of_another_chain_or_deployment_is_not_touched(mirror: Mirror) -> None:
    node = FakeNode(BOOK)
    node.mine(TRANSFER)
    await MirrorWorker(node, mirror.engine).catch_up()
    before = await mirror.digests()
    contracts = BOOK.contracts | {"Ledger": BOOK.contracts["Lens"]}
    for other in (
        replaced(chain_id=BOOK.chain_id + 1),
        replaced(genesis_hash="0x" + "1" * 64),
        replaced(contracts=contracts),
    ):
        with pytest.raises(OtherChain, match="tally index rebuild"):
            await MirrorWorker(FakeNode(other), mirror.engine).catch_up()
    assert await mirror.digests() == before


def replaced(**fields: object):
    return msgspec.structs.replace(BOOK, **fields)


async def test_two_indexers_never_write_to_one_mirror(mirror: Mirror) -> None:
    node = FakeNode(BOOK)
    async with following(MirrorWorker(node, mirror.engine, feed=(feed := MirrorFeed()))):
        await feed.wait_for_block(0, 5)
        with pytest.raises(MirrorLocked):
            await MirrorWorker(node, mirror.engine).run_forever()


async def test_a_node_that_fails_now_and_then_costs_no_block(mirror: Mirror) -> None:
    class Flaky(FakeNode):
        calls = 0

        async def logs(self, from_block: int, to_block: int):
            Flaky.calls += 1
            if Flaky.calls % 3 == 1:
                raise NodeUnavailable("connection refused")
            return await super().logs(from_block, to_block)

    node = Flaky(BOOK, range_max=2)
    for _ in range(9):
        node.mine(TRANSFER)
    feed = MirrorFeed()
    async with following(MirrorWorker(node, mirror.engine, feed=feed)):
        await feed.wait_for_block(9, 10)
    async with mirror.read() as session:
        assert await balance(session, address(1), CNY) == 9 * 70


async def test_a_second_indexer_takes_over_when_the_first_is_gone(mirror: Mirror) -> None:
    node = FakeNode(BOOK)
    first, second = MirrorFeed(), MirrorFeed()
    async with following(MirrorWorker(node, mirror.engine, feed=first)) as leading:
        await first.wait_for_block(0, 5)
        standby = MirrorWorker(node, mirror.engine, feed=second)
        waiting = asyncio.create_task(standby.run_forever(standby=True))
        try:
            node.mine()
            await first.wait_for_block(1, 5)
            await asyncio.sleep(0.2)
            assert second.position is None
            assert second.trouble == "indexer.mirror_locked"
            assert not standby.leading
            leading.cancel()
            await asyncio.wait([leading])
            gone = time.perf_counter()
            node.mine()
            assert (await second.wait_for_block(2, 5)).block_number == 2
            assert time.perf_counter() - gone < 5
            assert standby.leading
        finally:
            waiting.cancel()
            await asyncio.wait([waiting])
    async with mirror.read() as session:
        here = await position(session)
    assert here is not None
    assert here.block_number == 2
