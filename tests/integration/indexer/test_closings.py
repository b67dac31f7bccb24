"""Lots are closed with their receivable, whichever batch brings them and whichever closes it."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from sqlalchemy import select

from domain.events import Event, LotMoved, ReceivableIssued, ReceivableStateChanged
from domain.ids import LotId, ReceivableId, lot_id
from domain.receivable import Cause, ReceivableState
from indexer.changes import Changes, sql_table
from indexer.handlers import HANDLERS
from indexer.models import Cursor, Lot
from indexer.queries.position import Position
from indexer.store import Batch, commit
from tests.integration.indexer.conftest import Mirror
from tests.support.mirror import CNY, GENESIS_TIME_S, address, block_hash, fact, word

ONE = ReceivableId(1)
OTHER = ReceivableId(2)
CLOSED_AT = 5
AFTER = 7


def issued(number: ReceivableId) -> ReceivableIssued:
    return ReceivableIssued(
        id=number, debtor=address(9), creditor=address(1), lot=lot_id(number, 1), face=1_000, currency=CNY,
        due=GENESIS_TIME_S, terms_hash=word(1), invoice_set=word(2),
    )  # fmt: skip


def moved(number: ReceivableId, index: int, cause: Cause = Cause.ASSIGN) -> LotMoved:
    """Another hundred off the first lot."""
    return LotMoved(
        receivable=number, parent=LotId(0) if index == 1 else lot_id(number, 1), child=lot_id(number, index),
        from_=address(1), to=address(index), first=100 * (index - 2), amount=100,
        parent_left=1_000 - 100 * (index - 1), parent_seq=index - 1, depth=index - 1, cause=cause,
        evidence=word(3),
    )  # fmt: skip


STORY: Sequence[Sequence[Event]] = (
    (),
    (issued(ONE), moved(ONE, 1, Cause.ISSUE)),
    (issued(OTHER), moved(OTHER, 1, Cause.ISSUE)),
    (moved(ONE, 2),),
    (moved(ONE, 3), moved(OTHER, 2)),
    (ReceivableStateChanged(ONE, ReceivableState.ACTIVE, ReceivableState.SETTLED),),
    (moved(OTHER, 3),),
    (moved(ONE, 4, Cause.FORCED), moved(OTHER, 4, Cause.FORCED)),
)
"""By block: the first receivable is closed in block 5, and a lot of it is moved by order in block 7."""


def position_at(block: int) -> Position:
    return Position(block, block_hash(block, 0), fact(block).time_s)


def batch(after: int, through: int) -> Batch:
    """The blocks as one batch."""
    changes = Changes()
    for block in range(after + 1, through + 1):
        for log, event in enumerate(STORY[block]):
            HANDLERS[type(event)](event, fact(block, log), changes)
    return Batch(position_at(after), position_at(through), [], [], changes)


async def prepare(mirror: Mirror) -> None:
    row = Cursor(
        chain_id=1, genesis_hash=word(0), ledger=address(1), block_number=0, block_hash=block_hash(0, 0),
        block_time_s=0, final_block=0,
    )  # fmt: skip
    async with mirror.engine.begin() as connection:
        await connection.execute(sql_table(Cursor).insert(), row.model_dump())


async def closed(mirror: Mirror) -> dict[int, int | None]:
    async with mirror.read() as session:
        rows = await session.execute(select(sql_table(Lot).c.id, sql_table(Lot).c.closed_s))
        return {lot: closed_s for lot, closed_s in rows}  # noqa: C416  # rows are no pairs


CLOSED_S = fact(CLOSED_AT).time_s
EXPECTED = {lot_id(ONE, index): CLOSED_S for index in (1, 2, 3, 4)} | {
    lot_id(OTHER, index): None for index in (1, 2, 3, 4)
}


@pytest.mark.parametrize(
    "ends",
    [(7,), (1, 7), (3, 7), (4, 5, 7), (4, 6, 7), (1, 2, 3, 4, 5, 6, 7), (5, 7), (6, 7)],
    ids=lambda ends: "-".join(map(str, ends)),
)
async def test_all_lots_of_a_closed_receivable_are_closed_however_the_blocks_are_cut(
    mirror: Mirror, ends: tuple[int, ...]
) -> None:
    await prepare(mirror)
    for after, through in pairwise((0, *ends)):
        await commit(mirror.engine, batch(after, through))
    assert await closed(mirror) == EXPECTED


@pytest.mark.parametrize("back_to", [3, 4, 5, 6])
async def test_a_branch_without_the_closing_opens_the_lots_again(mirror: Mirror, back_to: int) -> None:
    await prepare(mirror)
    for block in range(1, AFTER + 1):
        await commit(mirror.engine, batch(block - 1, block), final_block=0)
    turned = Batch(
        position_at(back_to), Position(back_to + 1, block_hash(back_to + 1, 1), 0), [], [], Changes()
    )
    await commit(mirror.engine, turned, final_block=0, instead_of=position_at(AFTER))
    left = {event.child for block in STORY[: back_to + 1] for event in block if isinstance(event, LotMoved)}
    is_closed = back_to >= CLOSED_AT
    assert await closed(mirror) == {
        lot: closed_s if is_closed else None for lot, closed_s in EXPECTED.items() if lot in left
    }
