"""Whose seals a mirrored block was checked for."""

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from indexer.models import ValidatorSet
from indexer.queries.position import position


async def validator_set_at(session: AsyncSession, block_number: int) -> ValidatorSet | None:
    """The validators of whom enough sealed the block; None where the mirror did not check its seals."""
    newest = (
        select(ValidatorSet)
        .where(col(ValidatorSet.first_block) <= block_number)
        .order_by(col(ValidatorSet.first_block).desc())
        .limit(1)
    )
    found = (await session.scalars(newest)).one_or_none()
    return found if found is not None and found.last_block >= block_number else None


async def sealed_from(session: AsyncSession) -> int | None:
    """The block from which on, through the mirror's last, every block's seals were checked; None where those
    of the last were not.
    """
    here = await position(session)
    first: int | None = None
    wanted = here.block_number if here else None
    for known in await session.scalars(select(ValidatorSet).order_by(col(ValidatorSet.last_block).desc())):
        if known.last_block != wanted:
            break
        first, wanted = known.first_block, known.first_block - 1
    return first
