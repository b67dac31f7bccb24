"""Lots of a party in receivables that are open, now or at an earlier time: what the other questions add up.

A lot's amount at a time is its amount of now and all that was cut from it since; in the same way what was
paid in by then is what is paid now less the payments since. Nothing is written for the sake of this.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, Select, case, cast, func, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col

from domain.ids import LOT_INDEX_BITS, PartyAddress
from domain.lots import LotRange, entitlement
from indexer.models import Lot, LotMove, Payment, Receivable

_LOTS_A_RECEIVABLE: Final = 1 << LOT_INDEX_BITS
_LOT: Final = Lot.__table__.c  # type: ignore[attr-defined]
_RECEIVABLE: Final = Receivable.__table__.c  # type: ignore[attr-defined]

Columns = Select[*tuple[Any, ...]]


def lots_held(holder: PartyAddress, at_s: int) -> Columns:
    """A row a lot: `id`, `since_s`, the receivable's `debtor`, `currency`, `due_s` and `face_minor`; as they
    were then, `first_serial`, `amount_minor` and the receivable's `paid_minor`.
    """
    cut = _cut_since(at_s, _LOT.id, _LOT.seq, _RECEIVABLE.id)
    columns = (
        _LOT.id,
        _RECEIVABLE.debtor,
        _RECEIVABLE.currency,
        _RECEIVABLE.due_s,
        _RECEIVABLE.face_minor,
        (_LOT.first_serial - cut).label("first_serial"),
        (_LOT.amount_minor + cut).label("amount_minor"),
        _paid_at(at_s, _RECEIVABLE.id, _RECEIVABLE.paid_minor).label("paid_minor"),
        _LOT.since_s,
    )
    return _in_open(columns, holder, at_s).where(or_(_LOT.amount_minor > 0, cut > 0))


def open_minor(amount_minor: int, paid_minor: int, face_minor: int) -> int:
    """What the debtor still has to pay on a lot of this amount, in principal."""
    if paid_minor == face_minor:
        return 0
    return amount_minor - entitlement(LotRange(0, amount_minor), paid_minor, face_minor, fully_paid=False)


async def sums_at(session: AsyncSession, holder: PartyAddress, at_s: int) -> dict[int, tuple[int, int]]:
    """(amount, open principal) of a party's lots at a time, by currency."""
    named = (_RECEIVABLE.id.label("of"), _RECEIVABLE.currency, _RECEIVABLE.face_minor, _RECEIVABLE.paid_minor)
    there = _in_open((_LOT.id, _LOT.seq, _LOT.amount_minor, *named), holder, at_s).cte("there")
    raw = there.prefix_with("MATERIALIZED").c
    held = select(
        raw.currency,
        raw.face_minor,
        (raw.amount_minor + _cut_since(at_s, raw.id, raw.seq, raw.of)).label("amount_minor"),
        _paid_at(at_s, raw.of, raw.paid_minor).label("paid_minor"),
    )
    sums = await _sums(session, held, ["currency"])
    return {currency: both for (currency,), both in sums.items() if both[0]}


async def open_by(
    session: AsyncSession, holder: PartyAddress, by: Sequence[Any], *where: Any
) -> dict[tuple[Any, ...], int]:
    """Open principal of a party's lots now, by columns of their receivables, of those that meet `where`."""
    columns = (*by, _LOT.amount_minor, _RECEIVABLE.paid_minor, _RECEIVABLE.face_minor)
    held = _in_open(columns, holder).where(*where)
    sums = await _sums(session, held, [column.key for column in by])
    return {key: left for key, (_, left) in sums.items()}


async def _sums(
    session: AsyncSession, held: Columns, by: Sequence[str]
) -> dict[tuple[Any, ...], tuple[int, int]]:
    """(amount, open principal) by these columns.

    Lots of which part is paid are rounded one by one, so these are not added up by the database.
    """
    rows = held.cte("held").prefix_with("MATERIALIZED").c
    parts = [
        case((rows.paid_minor == 0, 0), else_=column).label(f"part_{column.key}")
        for column in (rows.amount_minor, rows.paid_minor, rows.face_minor)
    ]
    keys = [rows[name] for name in by]
    statement = select(*parts, func.count(), func.sum(rows.amount_minor), *keys).group_by(*parts, *keys)
    found: defaultdict[tuple[Any, ...], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in await session.execute(statement):
        amount_minor, paid_minor, face_minor, lots, total, *key = row
        left = open_minor(amount_minor, paid_minor, face_minor) * lots if paid_minor else int(total)
        before = found[tuple(key)]
        found[tuple(key)] = (before[0] + int(total), before[1] + left)
    return found


def _in_open(columns: Sequence[Any], holder: PartyAddress, at_s: int | None = None) -> Columns:
    """What a party has in receivables that are open now, or were at a time: few of all it ever had.

    Which these are is found in indexes alone: a lot's id says of which receivable it is. SQLite goes on from
    each as it finds it, PostgreSQL plans better with all of them found.
    """
    entry = Lot.__table__.alias("entry").c  # type: ignore[attr-defined]
    found = select(entry.id).where(
        entry.owner == holder, (entry.id // _LOTS_A_RECEIVABLE).in_(_open_ones(at_s))
    )
    own = found.cte("own").prefix_with("MATERIALIZED", dialect="postgresql")
    joined = select(*columns).select_from(own).join(Lot, _LOT.id == own.c.id)
    statement = joined.join(Receivable, _RECEIVABLE.id == own.c.id // _LOTS_A_RECEIVABLE)
    return statement if at_s is None else statement.where(_LOT.since_s <= at_s)


def _open_ones(at_s: int | None) -> Any:
    one = Receivable.__table__.alias("one").c  # type: ignore[attr-defined]
    still = select(one.id).where(one.closed_s.is_(None))
    if at_s is None:
        return still
    closed_since = select(one.id).where(one.closed_s > at_s, one.issued_s <= at_s)
    return union_all(still, closed_since)


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
