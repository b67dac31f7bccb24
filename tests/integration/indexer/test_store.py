"""A batch is written whole or not at all, and only on top of what it was made for."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from chain.bindings import cash, parties, shared
from indexer.changes import sql_table
from indexer.errors import CursorMoved, InconsistentEvents, UnreadableFact
from indexer.models import CashBalance, ChainBlock, Cursor, Lot, Party, RoleGrant
from indexer.projector import Projector
from indexer.queries import balance, position
from indexer.queries.position import Position
from indexer.store import Batch, commit
from tests.integration.indexer.conftest import Mirror
from tests.support.mirror import CNY, FakeNode, address, address_book, block_hash, fact, log_of

BOOK = address_book()
START = Position(0, block_hash(0, 0), 0)
TRANSFER = log_of(BOOK.cash_address(CNY), cash.Transfer, bytes(20), (1).to_bytes(20), 70)


def lot(batch: Batch, number: int, **columns: int) -> None:
    batch.changes.insert(
        fact(log=number), Lot, id=number, receivable=1, parent=0, owner=address(1), depth=0, first_serial=0,
        amount_minor=1, since_s=1, **columns,
    )  # fmt: skip


def hand_on(batch: Batch, source: int, target: int) -> None:
    where = fact(block=2, log=target)
    batch.changes.copy(where, Lot, {"id": target}, "claimed_through", {"id": source})


async def batch_of(*blocks: tuple, after: Position = START) -> Batch:
    node = FakeNode(BOOK)
    for _ in range(after.block_number):
        node.mine()
    for logs in blocks:
        node.mine(*logs)
    fetched = await node.logs(after.block_number + 1, await node.block_number())
    return await Projector(BOOK).project(after, fetched)


async def prepare(mirror: Mirror) -> None:
    row = Cursor(
        chain_id=1, genesis_hash=START.block_hash, ledger=address(1), block_number=0,
        block_hash=START.block_hash, block_time_s=0,
    )  # fmt: skip
    async with mirror.engine.begin() as connection:
        await connection.execute(sql_table(Cursor).insert(), row.model_dump())


async def test_sums_go_on_from_batch_to_batch(mirror: Mirror) -> None:
    await prepare(mirror)
    first = await batch_of((TRANSFER, TRANSFER), ())
    await commit(mirror.engine, first)
    await commit(mirror.engine, await batch_of((TRANSFER,), after=first.through))
    async with mirror.read() as session:
        assert await balance(session, address(1), CNY) == 210
        assert (await position(session)).block_number == 3


async def test_a_batch_made_for_another_position_writes_nothing(mirror: Mirror) -> None:
    await prepare(mirror)
    batch = await batch_of((TRANSFER,))
    await commit(mirror.engine, batch)
    with pytest.raises(CursorMoved):
        await commit(mirror.engine, batch)
    with pytest.raises(CursorMoved):
        await commit(mirror.engine, replace(batch, after=Position(1, block_hash(1, 9), 0)))
    async with mirror.read() as session:
        assert await balance(session, address(1), CNY) == 70


async def test_a_change_of_a_row_that_is_not_there_takes_the_whole_batch_back(mirror: Mirror) -> None:
    await prepare(mirror)
    stranger = log_of(BOOK.address("Parties"), parties.PartyChanged, (5).to_bytes(20), 1, 1, 1, b"\x01" * 32)
    with pytest.raises(InconsistentEvents, match="tally index rebuild"):
        await commit(mirror.engine, await batch_of((TRANSFER, stranger)))
    async with mirror.read() as session:
        assert (await position(session)).block_number == 0
        assert (await session.scalars(select(ChainBlock))).all() == []
        assert (await session.scalars(select(CashBalance))).all() == []


async def test_sixty_three_and_sixty_four_bits_survive(mirror: Mirror) -> None:
    await prepare(mirror)
    batch = await batch_of(())
    batch.changes.add(fact(), CashBalance, {"holder": address(1), "currency": CNY}, 2**63 - 1)
    batch.changes.put(fact(), RoleGrant, role=2**64 - 1, account=address(2), since_s=1, delay_seconds=0)
    await commit(mirror.engine, batch)
    async with mirror.read() as session:
        assert await balance(session, address(1), CNY) == 2**63 - 1
        assert (await session.scalars(select(RoleGrant))).one().role == 2**64 - 1


@pytest.mark.parametrize("value", [2**63, 2**64, 2**256 - 1])
async def test_a_number_beyond_sixty_three_bits_stops_the_mirror_and_writes_nothing(
    mirror: Mirror, value: int
) -> None:
    await prepare(mirror)
    huge = log_of(BOOK.cash_address(CNY), cash.Transfer, bytes(20), (1).to_bytes(20), value)
    with pytest.raises(UnreadableFact, match="blocks 1 to 1 "):
        await commit(mirror.engine, await batch_of((huge,)))
    async with mirror.read() as session:
        assert (await position(session)).block_number == 0
        assert (await session.scalars(select(ChainBlock))).all() == []


async def test_an_intent_that_takes_effect_again_in_a_later_batch_stops_the_mirror(mirror: Mirror) -> None:
    await prepare(mirror)
    used = log_of(BOOK.address("Transfers"), shared.IntentUsed, b"\x07" * 32, 2, 1, (9).to_bytes(20))
    first = await batch_of((used,))
    await commit(mirror.engine, first)
    with pytest.raises(InconsistentEvents, match="tally index rebuild"):
        await commit(mirror.engine, await batch_of((used,), after=first.through))


async def test_parts_of_a_row_change_in_groups_of_the_same_columns(mirror: Mirror) -> None:
    await prepare(mirror)
    first = await batch_of(())
    for number in (1, 2, 3):
        first.changes.insert(
            fact(log=number), Party, address=address(number), legal_id_hash=block_hash(number, 1), status=1,
            roles=1, kyb_until_s=1, admitted_s=1,
        )  # fmt: skip
    await commit(mirror.engine, first)
    second = await batch_of((), after=first.through)
    second.changes.update(fact(block=2, log=0), Party, {"address": address(1)}, blocking=4)
    second.changes.update(fact(block=2, log=1), Party, {"address": address(2)}, status=2)
    second.changes.update(fact(block=2, log=2), Party, {"address": address(3)}, status=2)
    await commit(mirror.engine, second)
    async with mirror.read() as session:
        rows = (await session.scalars(select(Party).order_by(Party.address))).all()
    assert [(row.status, row.blocking, row.block_number, row.log_index) for row in rows] == [
        (1, 4, 2, 0),
        (2, 0, 2, 1),
        (2, 0, 2, 2),
    ]


async def test_a_column_comes_from_another_row_as_it_was_before_anything_else_of_the_batch(
    mirror: Mirror,
) -> None:
    await prepare(mirror)
    first = await batch_of(())
    lot(first, 1, claimed_through=5)
    lot(first, 2, claimed_through=6)
    await commit(mirror.engine, first)
    second = await batch_of((), after=first.through)
    lot(second, 3)
    lot(second, 4)
    lot(second, 5)
    hand_on(second, 1, 3)
    hand_on(second, 3, 4)
    hand_on(second, 2, 5)
    second.changes.update(fact(block=2, log=9), Lot, {"id": 1}, claimed_through=7)
    second.changes.update(fact(block=2, log=9), Lot, {"id": 5}, claimed_through=8)
    await commit(mirror.engine, second)
    async with mirror.read() as session:
        rows = (await session.scalars(select(Lot).order_by(Lot.id))).all()
    assert [(row.id, row.claimed_through) for row in rows] == [(1, 7), (2, 6), (3, 5), (4, 5), (5, 8)]


async def test_a_column_of_a_row_that_is_not_there_takes_the_whole_batch_back(mirror: Mirror) -> None:
    await prepare(mirror)
    batch = await batch_of((TRANSFER,))
    lot(batch, 3)
    hand_on(batch, 1, 3)
    with pytest.raises(InconsistentEvents, match="tally index rebuild"):
        await commit(mirror.engine, batch)
    async with mirror.read() as session:
        assert (await session.scalars(select(Lot))).all() == []
        assert (await position(session)).block_number == 0
