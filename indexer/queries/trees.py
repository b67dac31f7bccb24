"""The tree of a receivable: its lots, the hops that made them, what is left in each."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from domain.ids import PartyAddress, ReceivableId
from indexer.models import Lot, LotMove
from indexer.queries.lots import lots_between
from indexer.queries.pages import Page, page_of


@dataclass(frozen=True, slots=True)
class Branch:
    """A lot, what is left in it, and the hop that made it.

    None for the hop of a lot that a predecessor ledger left (ADR 0021).
    """

    lot: Lot
    hop: LotMove | None


async def tree_of(
    session: AsyncSession,
    receivable_id: ReceivableId,
    *,
    holder: PartyAddress | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Branch]:
    """Lots of a receivable by id, emptied ones included: every lot comes after the one it was cut from.

    Of one holder only if it is named.
    """
    statement = select(Lot).where(lots_between(receivable_id))
    if holder is not None:
        statement = statement.where(Lot.owner == holder)
    page = await page_of(session, statement, [col(Lot.id)], cursor, limit)
    if not page.items:
        return Page([], None)
    ids = [lot.id for lot in page.items]
    hops = await session.scalars(select(LotMove).where(col(LotMove.child).in_(ids)))
    made = {hop.child: hop for hop in hops}
    return Page([Branch(lot, made.get(lot.id)) for lot in page.items], page.next_cursor)
