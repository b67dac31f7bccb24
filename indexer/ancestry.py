"""Where the node's chain and the mirror part."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from chain.node import ChainNode
from indexer.changes import sql_table
from indexer.db import make_sessions
from indexer.models import ChainBlock, Cursor
from indexer.projector import reorganised
from indexer.queries.position import Position
from indexer.store.undo import checkpoint

_HEADERS_A_REQUEST = 64


async def same_chain(client: ChainNode, engine: AsyncEngine, number: int) -> None:
    """Raises Reorganised where the node has another block at a mirrored number."""
    async with make_sessions(engine)() as session:
        mirrored = await session.get(ChainBlock, number)
    header = await client.header(number)
    if mirrored is not None and header is not None and header.hash != mirrored.hash:
        raise reorganised(_position(mirrored), header.hash)


async def last_common(client: ChainNode, engine: AsyncEngine, position: Position, head: int) -> Position:
    """The newest position of the mirror that the node's chain has too and to which the mirror can go back.

    Raises Reorganised where that would be before the last final block.
    """
    last = min(head, position.block_number)
    while True:
        first = max(last - _HEADERS_A_REQUEST + 1, 0)
        mirrored, final = await _mirrored(engine, first, last)
        found = {header.number: header.hash for header in await client.headers(first, last)}
        for block in reversed(mirrored):
            if found[block.number] == block.hash:
                return await _back_to(engine, block)
            if block.number <= final:
                raise reorganised(_position(block), found[block.number])
        last = first - 1


async def _mirrored(engine: AsyncEngine, first: int, last: int) -> tuple[list[ChainBlock], int]:
    async with make_sessions(engine)() as session:
        number = sql_table(ChainBlock).c.number
        blocks = select(ChainBlock).where(number >= first, number <= last).order_by(number)
        rows = (await session.scalars(blocks)).all()
        cursor = await session.get_one(Cursor, 1)
        return list(rows), cursor.final_block


async def _back_to(engine: AsyncEngine, common: ChainBlock) -> Position:
    """The end of a batch, if `common` is in the middle of one."""
    async with make_sessions(engine)() as session:
        number = await checkpoint(await session.connection(), common.number)
        return _position(await session.get_one(ChainBlock, number))


def _position(block: ChainBlock) -> Position:
    return Position(block.number, block.hash, block.time_s)
