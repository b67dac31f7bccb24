"""Reading and changing operations in the sender's steps."""

from typing import Final

from sqlalchemy import func
from sqlmodel import col, select

from api.db import ReadSession
from api.outbox.models import UNDER_WAY, Lane, Operation, OperationState

_ACTIVE: Final = (OperationState.QUEUED, *UNDER_WAY)


async def active(session: ReadSession, lane: Lane, *, limit: int) -> list[Operation]:
    """Unfinished operations of a lane: those with a nonce first and in its order, then the queue by age."""
    statement = (
        select(Operation)
        .where(Operation.lane == lane, col(Operation.state).in_(_ACTIVE))
        .order_by(col(Operation.nonce).is_(None), col(Operation.nonce), col(Operation.id))
        .limit(limit)
    )
    return list((await session.scalars(statement)).all())


async def recorded_next_nonce(session: ReadSession, sender: str) -> int | None:
    """One more than the highest nonce that a sender has under way; None if it has none.

    Nonces of finished operations are the chain's to know: it used them, or lost them with its last blocks.
    """
    under_way = col(Operation.state).in_(UNDER_WAY)
    highest = await session.scalar(
        select(func.max(Operation.nonce)).where(Operation.sender == sender, under_way)
    )
    return None if highest is None else int(highest) + 1


async def nonces_from(session: ReadSession, sender: str, mined: int) -> list[int]:
    """Nonces under way that no block has used yet."""
    statement = select(Operation.nonce).where(
        Operation.sender == sender, col(Operation.nonce) >= mined, col(Operation.state).in_(UNDER_WAY)
    )
    return [nonce for nonce in (await session.scalars(statement)).all() if nonce is not None]
