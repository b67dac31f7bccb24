"""Signed intents: used, and the facts of the transaction that carried one."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from domain.ids import Digest
from indexer.models import ChainEvent, IntentUse

TX_EVENTS_MAX = 2000
"""More events than a transaction of ours can emit within a block's gas."""


async def intent_use(session: AsyncSession, digest: Digest) -> IntentUse | None:
    """When, where and with which subject the intent took effect; None while it has not."""
    return await session.get(IntentUse, digest)


async def tx_events(session: AsyncSession, tx_hash: str) -> Sequence[ChainEvent]:
    """The mirrored events of a transaction in order; none if it emitted none or is not mirrored yet."""
    statement = select(ChainEvent).where(ChainEvent.tx_hash == tx_hash)
    ordered = statement.order_by(col(ChainEvent.block_number), col(ChainEvent.log_index)).limit(TX_EVENTS_MAX)
    return (await session.scalars(ordered)).all()
