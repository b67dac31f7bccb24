"""The cursor: which chain the mirror is of, and through which block."""

from sqlalchemy.ext.asyncio import AsyncEngine

from chain.errors import MalformedAnswer
from chain.node import ChainNode
from indexer.db import make_sessions
from indexer.errors import REBUILD_COMMAND, OtherChain
from indexer.models import ChainBlock, Cursor
from indexer.queries.position import Position


async def open_cursor(client: ChainNode, engine: AsyncEngine) -> Position:
    """Where to go on, or the block before the deployment if the mirror is empty.

    Raises OtherChain where the mirror was made from another chain or another deployment.
    """
    async with make_sessions(engine).begin() as session:
        cursor = await session.get(Cursor, 1)
        if cursor is None:
            block = await _block_before_deployment(client)
            cursor = _cursor_at(client, block)
            session.add_all([block, cursor])
        _require_same_chain(client, cursor)
        return Position(cursor.block_number, cursor.block_hash, cursor.block_time_s)


async def _block_before_deployment(client: ChainNode) -> ChainBlock:
    number = client.book.deployed_block - 1
    header = await client.header(number)
    if header is None:
        raise MalformedAnswer(f"the node has no block {number}, after which the contracts were deployed")
    return ChainBlock(
        number=header.number, hash=header.hash, parent_hash=header.parent_hash, time_s=header.timestamp
    )


def _cursor_at(client: ChainNode, block: ChainBlock) -> Cursor:
    return Cursor(
        chain_id=client.book.chain_id,
        genesis_hash=client.book.genesis_hash,
        ledger=client.book.address("Ledger"),
        block_number=block.number,
        block_hash=block.hash,
        block_time_s=block.time_s,
        final_block=block.number,
    )


def _require_same_chain(client: ChainNode, cursor: Cursor) -> None:
    book = client.book
    mirrored = (cursor.chain_id, cursor.genesis_hash, cursor.ledger)
    found = (book.chain_id, book.genesis_hash, book.address("Ledger"))
    if mirrored != found:
        raise OtherChain(
            f"the mirror is of chain {mirrored[0]}, genesis {mirrored[1]}, ledger {mirrored[2]}; "
            f"the node has chain {found[0]}, genesis {found[1]}, ledger {found[2]}. Nothing was changed. "
            f"Point the mirror at its own chain, or make it anew from this one: {REBUILD_COMMAND}"
        )
