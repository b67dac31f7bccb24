"""The chain takes another way: what was mirrored is as if it had always gone there, or the mirror stops."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from chain.bindings import cash
from chain.logs import RawLog
from chain.rpc import JsonRpc, Request
from indexer.changes import all_models, sql_table
from indexer.errors import Reorganised
from indexer.feed import MirrorFeed
from indexer.models import Cursor, Reorganisation, Undo
from indexer.queries import balance, position
from indexer.worker import MirrorWorker
from tests.integration.indexer.conftest import Mirror, clean_digests
from tests.support.chain import DeployedLedger
from tests.support.following import following
from tests.support.mirror import CNY, FakeNode, address_book, log_of
from tests.support.workout import Workout

BOOK = address_book()
FINALITY = 64


def transfer(to: int, amount: int) -> RawLog:
    return log_of(BOOK.cash_address(CNY), cash.Transfer, bytes(20), to.to_bytes(20), amount)


def mine(node: FakeNode, count: int, *, fork: int = 0, amount: int = 1) -> None:
    for number in range(count):
        node.mine(transfer(number % 3 + 1, amount), fork=fork)


async def wait_for_hash(mirror: Mirror, node: FakeNode) -> None:
    """Until the mirror has the head of the node."""
    header = await node.header(await node.block_number())
    assert header is not None
    async with asyncio.timeout(10):
        while True:
            async with mirror.read() as session:
                here = await position(session)
            if here is not None and here.block_hash == header.hash:
                return
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("rolled_back", "mined"), [(1, 1), (1, 4), (5, 1), (5, 5), (5, 9), (60, 60), (64, 65)]
)
async def test_another_branch_takes_the_place_of_the_old_one(
    mirror: Mirror, tmp_path: Path, rolled_back: int, mined: int
) -> None:
    node = FakeNode(BOOK)
    mine(node, 70)
    worker = MirrorWorker(node, mirror.engine, finality_blocks=FINALITY)
    await worker.catch_up()
    for _ in range(10):
        mine(node, 1)
        await worker.catch_up()
    node.roll_back(rolled_back)
    mine(node, mined, fork=1, amount=7)
    await worker.catch_up()
    assert await mirror.digests() == await clean_digests(node, tmp_path)
    async with mirror.read() as session:
        (turn,) = (await session.scalars(select(Reorganisation))).all()
        assert (turn.epoch, turn.orphaned_number) == (1, 80)
        assert turn.block_number <= 80 - rolled_back


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.6, 0.9])
async def test_every_table_goes_back_and_takes_the_same_transactions_in_other_blocks(
    mirror: Mirror, tmp_path: Path, lived: FakeNode, kept: float
) -> None:
    """The new branch has one empty block more, so all that happened again happened in another block."""
    first, last = lived.book.deployed_block, await lived.block_number()
    branch = lived.fork_after(first + int((last - first) * kept))
    worker = MirrorWorker(lived, mirror.engine, finality_blocks=10_000)
    await worker.catch_up(first + 3)
    for number in range(first + 4, last + 1, 3):
        await worker.catch_up(number)
    await worker.catch_up()
    async with mirror.read() as session:
        recorded = set(await session.scalars(select(sql_table(Undo).c.table_name).distinct()))
    wanted = {sql_table(model).name for model in all_models() if "own" not in sql_table(model).info}
    assert recorded == wanted - {"chain_block", "chain_event", "mirror_cursor"}
    await MirrorWorker(branch, mirror.engine, finality_blocks=10_000).catch_up()
    assert await mirror.digests() == await clean_digests(branch, tmp_path)


async def test_what_was_final_when_it_was_mirrored_is_never_taken_back(mirror: Mirror) -> None:
    node = FakeNode(BOOK)
    mine(node, 10)
    await MirrorWorker(node, mirror.engine).catch_up()
    mine(node, 2)
    worker = MirrorWorker(node, mirror.engine, finality_blocks=FINALITY)
    await worker.catch_up()
    before = await mirror.digests()
    node.roll_back(3)
    mine(node, 5, fork=1)
    with pytest.raises(Reorganised, match=r"block 10 .*tally index rebuild"):
        await worker.catch_up()
    assert await mirror.digests() == before


async def test_blocks_that_have_become_final_are_not_kept_for_going_back(mirror: Mirror) -> None:
    node = FakeNode(BOOK)
    worker = MirrorWorker(node, mirror.engine, finality_blocks=3)
    for _ in range(12):
        mine(node, 1)
        await worker.catch_up()
    async with mirror.read() as session:
        assert set(await session.scalars(select(sql_table(Undo).c.after_block))) == {9, 10, 11}
        assert (await session.get_one(Cursor, 1)).final_block == 9
    node.roll_back(4)
    mine(node, 6, fork=1)
    with pytest.raises(Reorganised):
        await worker.catch_up()


async def test_a_shorter_chain_with_the_same_blocks_is_a_node_that_lags(mirror: Mirror) -> None:
    node = FakeNode(BOOK)
    mine(node, 8)
    worker = MirrorWorker(node, mirror.engine, finality_blocks=FINALITY)
    await worker.catch_up()
    node.roll_back(3)
    assert (await worker.catch_up()).block_number == 8
    async with mirror.read() as session:
        assert (await session.scalars(select(Reorganisation))).all() == []


async def test_branch_after_branch_is_followed_while_the_worker_runs(mirror: Mirror, tmp_path: Path) -> None:
    node, feed = FakeNode(BOOK), MirrorFeed()
    mine(node, 20)
    async with following(MirrorWorker(node, mirror.engine, feed=feed, finality_blocks=FINALITY)):
        for fork in range(1, 6):
            node.roll_back(4)
            mine(node, 5, fork=fork, amount=fork)
            await wait_for_hash(mirror, node)
    assert await mirror.digests() == await clean_digests(node, tmp_path)
    async with mirror.read() as session:
        epochs = (await session.scalars(select(sql_table(Reorganisation).c.epoch))).all()
    assert len(epochs) <= 5


async def test_a_real_node_that_reorganises_is_followed(mirror: Mirror, ledger: DeployedLedger) -> None:
    trade = await Workout.open(ledger)
    worker = MirrorWorker(ledger.client, mirror.engine, finality_blocks=FINALITY)
    await worker.catch_up()
    for _ in range(10):
        await ledger.mint(trade.bank, CNY, 5)
        await worker.catch_up()
    async with mirror.read() as session:
        before = await balance(session, trade.bank.address, CNY)
    rpc = JsonRpc(ledger.node.url, 10.0)
    await rpc.batch([Request("anvil_reorg", (4, []))])
    await rpc.close()
    here = await worker.catch_up()
    assert here.block_hash == (await ledger.client.head()).hash
    async with mirror.read() as session:
        assert await balance(session, trade.bank.address, CNY) == before - 4 * 5
