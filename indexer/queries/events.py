"""The ledger's events in their order, and what has to be known to say whom they concern."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from domain.ids import LOT_INDEX_BITS
from indexer.branches import Branches, Mark, Turn
from indexer.changes import Table, sql_table
from indexer.models import (
    ChainBlock,
    ChainEvent,
    Cursor,
    Lot,
    LotChargeChange,
    LotFlagChange,
    LotMove,
    Mandate,
    Receivable,
    Reorganisation,
)


@dataclass(frozen=True, slots=True)
class EventFact:
    """An event as the node told it; `time_s` is its block's."""

    block_number: int
    log_index: int
    tx_hash: str
    contract: str
    name: str
    data: str
    time_s: int
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ends:
    """Between whom a receivable is, and its currency (ISO 4217 number)."""

    debtor: str
    creditor: str
    currency: int


@dataclass(frozen=True, slots=True)
class Side:
    """Who holds a lot, and from whom it came (None where a predecessor knows)."""

    owner: str
    giver: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What a column of a lot became at a place."""

    block_number: int
    log_index: int
    value: int | str


async def where_it_is(session: AsyncSession, known: Branches | None = None) -> tuple[Mark, Branches]:
    """The end of what the mirror has, and every reorganisation there was: `known` where none was added."""
    cursor, turn = sql_table(Cursor).c, sql_table(Reorganisation).c
    newest = select(func.max(turn.epoch)).scalar_subquery()
    row = (await session.execute(select(cursor.block_number, newest))).one_or_none()
    block_number, epoch = (0, None) if row is None else row
    if known is None or (known.last.epoch if known.last else None) != epoch:
        found = await session.execute(
            select(turn.epoch, turn.block_number, turn.found_ms).order_by(turn.epoch)
        )
        known = Branches([Turn(*values) for values in found])
    return known.mark(block_number), known


async def events_after(session: AsyncSession, mark: Mark, limit: int) -> list[EventFact]:
    """At most `limit` events behind a position, in their order."""
    event, block = sql_table(ChainEvent).c, sql_table(ChainBlock).c
    facts = (event.block_number, event.log_index, event.tx_hash, event.contract, event.name, event.data)
    topics = (event.topic0, event.topic1, event.topic2, event.topic3)
    wanted = (
        select(*facts, block.time_s, *topics)
        .join_from(sql_table(ChainEvent), sql_table(ChainBlock), block.number == event.block_number)
        .where(tuple_(event.block_number, event.log_index) > tuple_(*mark.key))
        .order_by(event.block_number, event.log_index)
        .limit(limit)
    )
    found = []
    for number, index, tx_hash, contract, name, data, time_s, *given in await session.execute(wanted):
        known = tuple(topic for topic in given if topic is not None)
        found.append(EventFact(number, index, tx_hash, contract, name, data, time_s, known))
    return found


async def ends_of(session: AsyncSession, receivables: Collection[int]) -> dict[int, Ends]:
    """By receivable."""
    if not receivables:
        return {}
    one = sql_table(Receivable).c
    wanted = select(one.id, one.debtor, one.creditor, one.currency).where(one.id.in_(receivables))
    return {number: Ends(*ends) for number, *ends in await session.execute(wanted)}


async def sides_of(session: AsyncSession, lots: Collection[int]) -> dict[int, Side]:
    """By lot; a lot's owner never changes."""
    if not lots:
        return {}
    lot, move = sql_table(Lot).c, sql_table(LotMove).c
    wanted = (
        select(lot.id, lot.owner, move.from_party)
        .join_from(sql_table(Lot), sql_table(LotMove), move.child == lot.id, isouter=True)
        .where(lot.id.in_(lots))
    )
    return {number: Side(*sides) for number, *sides in await session.execute(wanted)}


async def holders_of(session: AsyncSession, receivables: Collection[int]) -> dict[int, dict[str, int]]:
    """By receivable: everybody who ever got a lot of it, and the block of the first; 0 where a predecessor
    knows.
    """
    if not receivables:
        return {}
    one, lot, move = sql_table(Receivable).c, sql_table(Lot).c, sql_table(LotMove).c
    lots = 1 << LOT_INDEX_BITS
    wanted = (
        select(one.id, lot.owner, func.min(func.coalesce(move.block_number, 0)))
        .join_from(
            sql_table(Receivable), sql_table(Lot), and_(lot.id >= one.id * lots, lot.id < (one.id + 1) * lots)
        )
        .join(sql_table(LotMove), move.child == lot.id, isouter=True)
        .where(one.id.in_(receivables))
        .group_by(one.id, lot.owner)
    )
    found: dict[int, dict[str, int]] = {}
    for receivable, owner, block in await session.execute(wanted):
        found.setdefault(receivable, {})[owner] = block
    return found


async def chargees_of(session: AsyncSession, lots: Collection[int]) -> dict[int, list[Change]]:
    """By lot: who else had a right to it from when on, the zero address where nobody."""
    return await _changes(session, LotChargeChange, "chargee", lots)


async def flags_of(session: AsyncSession, lots: Collection[int]) -> dict[int, list[Change]]:
    """By lot: its flags from when on."""
    return await _changes(session, LotFlagChange, "flags", lots)


async def granted_by(session: AsyncSession, mandates: Collection[str]) -> dict[str, tuple[str, int]]:
    """By mandate: its bank and its currency."""
    if not mandates:
        return {}
    one = sql_table(Mandate).c
    wanted = select(one.id, one.bank, one.currency).where(one.id.in_(mandates))
    return {mandate: (bank, currency) for mandate, bank, currency in await session.execute(wanted)}


async def _changes(
    session: AsyncSession, table: Table, column: str, lots: Collection[int]
) -> dict[int, list[Change]]:
    if not lots:
        return {}
    one = sql_table(table).c
    wanted = (
        select(one.lot, one.block_number, one.log_index, one[column])
        .where(one.lot.in_(lots))
        .order_by(one.block_number, one.log_index)
    )
    found: dict[int, list[Change]] = {}
    for lot, *change in await session.execute(wanted):
        found.setdefault(lot, []).append(Change(*change))
    return found
