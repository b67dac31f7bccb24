"""Lots of a party in receivables that are open, now or at an earlier time: what the other questions add up.

A lot's amount at a time is its amount of now and all that was cut from it since; in the same way what was
paid in by then is what is paid now less the payments since. Nothing is written for the sake of this.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, Select, Text, case, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col

from domain.ids import LOT_INDEX_BITS, LOT_INDEX_MAX, PartyAddress
from domain.lots import LotRange, entitlement
from indexer.models import Lot, LotMove, Payment, Receivable

FEW: Final = 10_000
"""SQLite goes through all lots of a party that had fewer, else through all receivables that are open."""

_LOTS_A_RECEIVABLE: Final = 1 << LOT_INDEX_BITS
_ENTRY: Final = Lot.__table__.alias("entry")  # type: ignore[attr-defined]

Columns = Select[*tuple[Any, ...]]


def lots_held(holder: PartyAddress, at_s: int) -> Columns:
    """A row a lot: `id`, `since_s`, the receivable's `debtor`, `currency`, `due_s` and `face_minor`; as they
    were then, `first_serial`, `amount_minor` and the receivable's `paid_minor`.
    """
    lot, receivable = Lot.__table__.c, Receivable.__table__.c  # type: ignore[attr-defined]
    cut = _cut_since(at_s, lot.id, lot.seq, receivable.id)
    columns = (
        lot.id,
        receivable.debtor,
        receivable.currency,
        receivable.due_s,
        receivable.face_minor,
        (lot.first_serial - cut).label("first_serial"),
        (lot.amount_minor + cut).label("amount_minor"),
        _paid_at(at_s, receivable.id, receivable.paid_minor).label("paid_minor"),
        lot.since_s,
    )
    return _there(columns, holder, at_s).where(or_(lot.amount_minor > 0, cut > 0))


def open_minor(amount_minor: int, paid_minor: int, face_minor: int) -> int:
    """What the debtor still has to pay on a lot of this amount, in principal."""
    if paid_minor == face_minor:
        return 0
    return amount_minor - entitlement(LotRange(0, amount_minor), paid_minor, face_minor, fully_paid=False)


async def sums_at(session: AsyncSession, holder: PartyAddress, at_s: int) -> dict[int, tuple[int, int]]:
    """(amount, open principal) of a party's lots at a time, by currency.

    Lots of which part is paid are rounded one by one, so these are not added up by the database.
    """
    lot, receivable = Lot.__table__.c, Receivable.__table__.c  # type: ignore[attr-defined]
    named = (receivable.id.label("of"), receivable.currency, receivable.face_minor, receivable.paid_minor)
    there = _there((lot.id, lot.seq, lot.amount_minor, *named), holder, at_s).cte("there")
    raw = there.prefix_with("MATERIALIZED").c
    held = select(
        raw.currency,
        raw.face_minor,
        (raw.amount_minor + _cut_since(at_s, raw.id, raw.seq, raw.of)).label("amount_minor"),
        _paid_at(at_s, raw.of, raw.paid_minor).label("paid_minor"),
    ).cte("held")
    rows = held.prefix_with("MATERIALIZED").c
    parts = [
        case((rows.paid_minor == 0, 0), else_=column).label(f"part_{column.key}")
        for column in (rows.amount_minor, rows.paid_minor, rows.face_minor)
    ]
    statement = select(rows.currency, *parts, func.count(), func.sum(rows.amount_minor))
    statement = statement.where(rows.amount_minor > 0).group_by(rows.currency, *parts)
    found: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in await session.execute(statement):
        currency, amount_minor, paid_minor, face_minor, lots, total = list(row)
        left = open_minor(amount_minor, paid_minor, face_minor) * lots if paid_minor else int(total)
        before = found[currency]
        found[currency] = (before[0] + int(total), before[1] + left)
    return found


async def open_by(
    session: AsyncSession, holder: PartyAddress, by: Sequence[Any], *where: Any
) -> dict[tuple[Any, ...], int]:
    """Open principal of a party's lots now, by columns of their receivables, of those that meet `where`."""
    by_lot = session.get_bind().dialect.name == "postgresql" or await _holds_few(session, holder)
    rows = _of_lots(by, holder, *where) if by_lot else _of_receivables(by, holder, *where)
    held = rows.cte("held").prefix_with("MATERIALIZED")
    names = [held.c[column.key] for column in by]
    partly = [held.c.parts, held.c.part_paid, held.c.part_face]
    statement = select(*names, *partly, func.sum(held.c.whole)).group_by(*names, *partly)
    found: defaultdict[tuple[Any, ...], int] = defaultdict(int)
    something = or_(held.c.whole.is_not(None), held.c.parts.is_not(None))
    for row in await session.execute(statement.where(something)):
        key, (parts, paid_minor, face_minor, whole) = tuple(row[: len(by)]), row[len(by) :]
        found[key] += int(whole or 0)
        for amount in parts.split(",") if parts else ():
            found[key] += open_minor(int(amount), paid_minor, face_minor)
    return found


async def _holds_few(session: AsyncSession, holder: PartyAddress) -> bool:
    some = select(_ENTRY.c.id).where(_ENTRY.c.owner == holder).limit(FEW).subquery()
    return int(await session.scalar(select(func.count()).select_from(some)) or 0) < FEW


def _of_lots(by: Sequence[Any], holder: PartyAddress, *where: Any) -> Columns:
    """A row a lot."""
    amount = col(Lot.amount_minor)
    statement = select(*by, *_open(amount, cast(amount, Text))).select_from(_ENTRY)
    return _joined(statement).where(_ENTRY.c.owner == holder, col(Receivable.closed_s).is_(None), *where)


def _of_receivables(by: Sequence[Any], holder: PartyAddress, *where: Any) -> Columns:
    """A row a receivable; written so that no database has a choice of where to begin."""
    first = col(Receivable.id) * _LOTS_A_RECEIVABLE
    own = (col(Lot.owner) == holder, col(Lot.id).between(first + 1, first + LOT_INDEX_MAX))
    amount = col(Lot.amount_minor)
    whole = select(cast(func.sum(amount), BigInteger)).where(*own)
    parts = select(func.aggregate_strings(cast(amount, Text), ",")).where(*own)
    values = [sub.correlate(Receivable).scalar_subquery() for sub in (whole, parts)]
    return select(*by, *_open(*values)).where(col(Receivable.closed_s).is_(None), *where)


def _open(whole: Any, parts: Any) -> list[Any]:
    """The amount where nothing is paid; else the amounts one by one with what is paid of which face."""
    paid, face = col(Receivable.paid_minor), col(Receivable.face_minor)
    return [
        case((paid == 0, whole)).label("whole"),
        case((paid > 0, parts)).label("parts"),
        case((paid > 0, paid)).label("part_paid"),
        case((paid > 0, face)).label("part_face"),
    ]


def _joined(statement: Columns) -> Columns:
    """What is in the index on owners alone says which receivables to look at, and most are closed."""
    joined = statement.join(Receivable, col(Receivable.id) == _ENTRY.c.id // _LOTS_A_RECEIVABLE)
    return joined.join(Lot, col(Lot.id) == _ENTRY.c.id)


def _there(columns: Sequence[Any], holder: PartyAddress, at_s: int) -> Columns:
    closed = col(Receivable.closed_s)
    return (
        _joined(select(*columns).select_from(_ENTRY))
        .where(_ENTRY.c.owner == holder, or_(closed.is_(None), closed > at_s))
        .where(col(Receivable.issued_s) <= at_s, col(Lot.since_s) <= at_s)
    )


def _cut_since(at_s: int, lot: Any, seq: Any, receivable: Any) -> ColumnElement[int]:
    """A lot from which something was cut has a `seq`, and most have none."""
    # That it is the same receivable goes without saying, and has it looked up for the open ones only.
    cut = (LotMove.parent == lot, col(LotMove.moved_s) > at_s, LotMove.receivable == receivable)
    return case((seq == 0, 0), else_=_sum_of(LotMove.amount_minor, lot.table, receivable.table, cut))


def _paid_at(at_s: int, receivable: Any, paid: Any) -> ColumnElement[int]:
    since = (Payment.receivable == receivable, col(Payment.paid_s) > at_s)
    return case((paid == 0, 0), else_=paid - _sum_of(Payment.principal_minor, paid.table, paid.table, since))


def _sum_of(column: Any, one: Any, other: Any, where: Sequence[Any]) -> ColumnElement[int]:
    """PostgreSQL gives sums of bigint as numeric."""
    total = func.coalesce(func.sum(col(column)), 0)
    return select(cast(total, BigInteger)).where(*where).correlate(one, other).scalar_subquery()
