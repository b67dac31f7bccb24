"""How far the mirror reaches, which is also the clock of the business (ADR 0008)."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from indexer.models import ChainBlock, Cursor, MirrorCheck


@dataclass(frozen=True, slots=True)
class Position:
    """A mirrored block; `time_s` is its timestamp."""

    block_number: int
    block_hash: str
    time_s: int


async def position(session: AsyncSession) -> Position | None:
    """The last block whose facts and projections are committed; None before the first."""
    cursor = (await session.scalars(select(Cursor))).one_or_none()
    if cursor is None:
        return None
    return Position(cursor.block_number, cursor.block_hash, cursor.block_time_s)


async def last_check(session: AsyncSession) -> MirrorCheck | None:
    """The newest comparison with the chain; None before the first."""
    newest = select(MirrorCheck).order_by(col(MirrorCheck.checked_ms).desc()).limit(1)
    return (await session.scalars(newest)).one_or_none()


async def head(session: AsyncSession) -> ChainBlock | None:
    """The block at the position, with its parent."""
    here = await position(session)
    return None if here is None else await session.get(ChainBlock, here.block_number)
