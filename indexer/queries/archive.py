"""What of the events is in the archive."""

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from indexer.changes import sql_table
from indexer.models import Archive, ChainBlock


async def archive_of(session: AsyncSession, block: int) -> Archive | None:
    """Where the events of a block went; None where they are in the mirror, or nowhere."""
    table = sql_table(Archive).c
    holds = table.first_block <= block, table.through_block >= block
    return (await session.scalars(select(Archive).where(*holds))).one_or_none()


async def archived_through(session: AsyncSession) -> int | None:
    """The last block whose events are in the archive; None where all are in the mirror."""
    newest = await session.scalar(select(func.max(sql_table(Archive).c.through_block)))
    return None if newest is None else int(newest)


async def first_block_since(session: AsyncSession, day: datetime) -> int | None:
    """The first mirrored block of a day (UTC) or after it; None where there is none yet."""
    block = sql_table(ChainBlock).c
    begin_s = int(day.replace(tzinfo=UTC).timestamp())
    first = await session.scalar(select(func.min(block.number)).where(block.time_s >= begin_s))
    return None if first is None else int(first)
