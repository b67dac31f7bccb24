"""Nodes that lie, sleep, disagree or are of another network: nothing wrong is mirrored, nothing is lost."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from chain.errors import MalformedAnswer, NodeUnavailable, WrongChain
from chain.node import ChainNode
from indexer.feed import MirrorFeed
from indexer.queries import balance
from indexer.sealing import Proofs
from indexer.worker import NODES_DISAGREE, MirrorWorker
from tests.integration.indexer.conftest import Mirror, clean_digests
from tests.support.chain import Actor, DeployedLedger, fresh_ledger
from tests.support.following import following, until
from tests.support.market import Trade
from tests.support.mirror import CNY
from tests.support.proxy import Proxy, proxy_of

HELD = 1_000_000
CHANGED_DATA = "0x" + "00" * 31 + "07"


@pytest.fixture
def mirror_url(tmp_path: Path) -> str:
    """What a node says does not depend on the database."""
    return f"sqlite+aiosqlite:///{tmp_path / 'mirror.db'}"


@pytest.fixture
async def proxy(ledger: DeployedLedger) -> AsyncIterator[Proxy]:
    async with proxy_of(ledger.node.url) as found:
        yield found


@pytest.fixture
async def bank(ledger: DeployedLedger) -> Actor:
    """A party with cash, `HELD`."""
    return (await Trade.open(ledger)).bank


def without_logs(method: str, result: Any) -> Any:
    return [] if method == "eth_getLogs" else result


def with_one_log_less(method: str, result: Any) -> Any:
    if method == "eth_getLogs":
        return result[:-1]
    if method == "eth_getBlockReceipts":
        return [receipt | {"logs": receipt["logs"][:-1]} for receipt in result]
    return result


def with_other_data(method: str, result: Any) -> Any:
    if method == "eth_getLogs":
        return [*result[:-1], result[-1] | {"data": CHANGED_DATA}]
    if method == "eth_getBlockReceipts":
        return [
            receipt | {"logs": [log | {"data": CHANGED_DATA} for log in receipt["logs"]]}
            for receipt in result
        ]
    return result


def with_a_receipt_less(method: str, result: Any) -> Any:
    return result[:-1] if method == "eth_getBlockReceipts" else result


async def test_a_node_that_leaves_out_all_logs_of_a_block_is_found_out_without_proofs(
    mirror: Mirror, ledger: DeployedLedger, bank: Actor, proxy: Proxy
) -> None:
    async with await ChainNode.connect(proxy.url, ledger.book) as client:
        proxy.lie = without_logs
        with pytest.raises(MalformedAnswer, match="left out the logs of block"):
            await MirrorWorker(client, mirror.engine).catch_up()
        proxy.lie = lambda _method, result: result
        await MirrorWorker(client, mirror.engine).catch_up()
    async with mirror.read() as session:
        assert await balance(session, bank.address, CNY) == HELD


@pytest.mark.parametrize("lie", [with_one_log_less, with_other_data, with_a_receipt_less])
async def test_a_node_that_changes_or_hides_anything_is_found_out_with_proofs(
    mirror: Mirror, ledger: DeployedLedger, bank: Actor, proxy: Proxy, lie: Any
) -> None:
    async with await ChainNode.connect(proxy.url, ledger.book) as client:
        worker = MirrorWorker(client, mirror.engine, proofs=Proofs(receipts=True))
        proxy.lie = lie
        with pytest.raises(MalformedAnswer, match="does not prove itself"):
            await worker.catch_up()
        proxy.lie = lambda _method, result: result
        await worker.catch_up()
    async with mirror.read() as session:
        assert await balance(session, bank.address, CNY) == HELD


async def test_a_proven_mirror_has_the_rows_of_an_unproven_one(
    mirror: Mirror, ledger: DeployedLedger, bank: Actor, proxy: Proxy, tmp_path: Path
) -> None:
    async with await ChainNode.connect(proxy.url, ledger.book) as client:
        await MirrorWorker(client, mirror.engine, proofs=Proofs(receipts=True)).catch_up()
        assert "eth_getLogs" not in proxy.methods
        proven = await mirror.digests()
    assert proven == await clean_digests(ledger.client, tmp_path)


async def test_the_next_node_is_asked_when_one_sleeps_and_no_block_is_missing(
    mirror: Mirror, ledger: DeployedLedger, bank: Actor, proxy: Proxy
) -> None:
    client = await ChainNode.connect([proxy.url, ledger.node.url], ledger.book, timeout_s=1.0)
    async with client:
        feed = MirrorFeed()
        async with following(MirrorWorker(client, mirror.engine, feed=feed)):
            await feed.wait_for_block(await ledger.client.block_number(), 30)
            proxy.delay_s = 60
            await ledger.mint(bank, CNY, 5)
            await feed.wait_for_block(await ledger.client.block_number(), 30)
            assert feed.trouble is None
    async with mirror.read() as session:
        assert await balance(session, bank.address, CNY) == HELD + 5


async def test_the_next_node_is_asked_when_one_makes_no_sense(
    mirror: Mirror, ledger: DeployedLedger, bank: Actor, proxy: Proxy
) -> None:
    client = await ChainNode.connect([proxy.url, ledger.node.url], ledger.book)
    async with client:
        proxy.lie = without_logs
        feed = MirrorFeed()
        async with following(MirrorWorker(client, mirror.engine, feed=feed)):
            await feed.wait_for_block(await ledger.client.block_number(), 30)
    async with mirror.read() as session:
        assert await balance(session, bank.address, CNY) == HELD


async def test_a_node_of_another_network_is_refused_at_the_start_and_never_asked(
    ledger: DeployedLedger,
) -> None:
    async with fresh_ledger() as other:
        with pytest.raises(WrongChain):
            await ChainNode.connect([ledger.node.url, other.node.url], ledger.book)


async def test_no_node_that_answers_is_an_error_that_says_how_many_were_asked(ledger: DeployedLedger) -> None:
    gone = "http://127.0.0.1:1"
    async with ChainNode([gone, gone], ledger.book) as client:
        with pytest.raises(NodeUnavailable, match="none of 2 nodes"):
            await client.block_number()


async def test_nodes_that_have_different_blocks_are_reported_and_the_mirror_goes_on(
    mirror: Mirror, ledger: DeployedLedger, bank: Actor, proxy: Proxy
) -> None:
    def other_hash(method: str, result: Any) -> Any:
        return result | {"hash": "0x" + "ab" * 32} if method == "eth_getBlockByNumber" else result

    client = await ChainNode.connect([ledger.node.url, proxy.url], ledger.book)
    async with client:
        proxy.lie = other_hash
        feed = MirrorFeed()
        async with following(MirrorWorker(client, mirror.engine, feed=feed)):
            here = await feed.wait_for_block(await ledger.client.block_number(), 30)
            await until(lambda: feed.trouble == NODES_DISAGREE)
        assert here.block_hash == (await ledger.client.head()).hash


async def test_new_blocks_come_by_subscription_without_any_poll(
    mirror: Mirror, ledger: DeployedLedger, bank: Actor
) -> None:
    feed = MirrorFeed()
    worker = MirrorWorker(
        ledger.client,
        mirror.engine,
        feed=feed,
        poll_s=60,
        heads_url=ledger.node.url.replace("http", "ws"),
    )
    async with following(worker):
        await until(lambda: feed.position is not None)
        waits = []
        for _ in range(5):
            await ledger.mint(bank, CNY, 1)
            number = await ledger.client.block_number()
            mined = time.perf_counter()
            await until(lambda reached=number: feed.position.block_number >= reached)
            waits.append(time.perf_counter() - mined)
        assert sorted(waits)[2] < 0.5


async def test_a_lost_subscription_falls_back_to_polling(mirror: Mirror, ledger: DeployedLedger) -> None:
    feed = MirrorFeed()
    worker = MirrorWorker(ledger.client, mirror.engine, feed=feed, heads_url="ws://127.0.0.1:1")
    async with following(worker):
        trade = await Trade.open(ledger)
        await ledger.mint(trade.bank, CNY, 1)
        await feed.wait_for_block(await ledger.client.block_number(), 30)
