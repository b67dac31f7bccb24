"""Who held a serial, that is one cent of a receivable, at any time."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select

from domain.ids import ReceivableId
from indexer.models import Lot, LotMove, Receivable
from indexer.queries.lots import lots_between


class UnknownSerial(Exception):
    """The receivable is not mirrored, or has no such serial."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who held a serial, in which lot, since when."""

    party: str
    lot: int
    since_s: int


async def holder_at(
    session: AsyncSession, receivable_id: ReceivableId, serial: int, when_s: int
) -> Holder | None:
    """Who held the serial at a time, None before the receivable was issued. Raises UnknownSerial."""
    return await _holder(session, receivable_id, serial, _since() <= when_s)


async def holder_at_block(
    session: AsyncSession, receivable_id: ReceivableId, serial: int, block_number: int
) -> Holder | None:
    """Who held the serial after a block, None before the receivable was issued. Raises UnknownSerial.

    Lots that a predecessor ledger left count as there from this ledger's beginning.
    """
    made = func.coalesce(col(LotMove.block_number), 0)
    return await _holder(session, receivable_id, serial, made <= block_number)


async def _holder(
    session: AsyncSession, receivable_id: ReceivableId, serial: int, made: ColumnElement[bool]
) -> Holder | None:
    """All lots that ever had the serial are one below the other, so the last one made has it.

    A lot is cut at its low end only: its end is the same for life, and where it began is in its hop.
    """
    receivable = await session.get(Receivable, receivable_id)
    if receivable is None:
        raise UnknownSerial(f"receivable {receivable_id} is not in the mirror")
    if not 0 <= serial < receivable.face_minor:
        raise UnknownSerial(f"receivable {receivable_id} has serials 0..{receivable.face_minor - 1}")
    statement = (
        select(Lot.owner, Lot.id, _since())
        .outerjoin(LotMove, col(LotMove.child) == col(Lot.id))
        .where(lots_between(receivable_id), made)
        .where(col(Lot.first_serial) + col(Lot.amount_minor) > serial, _began() <= serial)
        .order_by(col(Lot.id).desc())
        .limit(1)
    )
    found = (await session.execute(statement)).one_or_none()
    return None if found is None else Holder(*found)


def _since() -> ColumnElement[int]:
    return func.coalesce(col(LotMove.moved_s), col(Lot.since_s))


def _began() -> ColumnElement[int]:
    """A lot taken over from a predecessor ledger has no hop here: what was cut from it since tells."""
    cut = LotMove.__table__.alias("cut")  # type: ignore[attr-defined]
    left = select(func.coalesce(func.sum(cut.c.amount_minor), 0)).where(cut.c.parent == Lot.id)
    return func.coalesce(col(LotMove.first_serial), col(Lot.first_serial) - left.scalar_subquery())
