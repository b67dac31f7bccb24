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

from domain.ids import PartyAddress
from domain.lots import LotRange, entitlement
from indexer.models import Lot, LotMove, Payment, Receivable

_LOT: Final = Lot.__table__.c  # type: ignore[attr-defined]
_RECEIVABLE: Final = Receivable.__table__.c  # type: ignore[attr-defined]

Columns = Select[*tuple[Any, ...]]


def lots_held(holder: PartyAddress, at_s: int, behind: int, count: int) -> Columns:
    """A row a lot, the first `count` by id after `behind`: `id`, `since_s`, the receivable's `debtor`,
    `currency`, `due_s` and `face_minor`; as they were then, `first_serial`, `amount_minor`, 0 for a lot that
    was emptied before, and the receivable's `paid_minor`.

    The ids are found first, then the rows of these.
    """
    own = _own(holder, at_s).cte("own_ever").prefix_with("MATERIALIZED").c
    some = select(own.id).where(own.id > behind).order_by(own.id).limit(count)
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
    return _rows_of(some, columns).order_by(_LOT.id)


def open_minor(amount_minor: int, paid_minor: int, face_minor: int) -> int:
    """What the debtor still has to pay on a lot of this amount, in principal."""
    if paid_minor == face_minor:
        return 0
    return amount_minor - entitlement(LotRange(0, amount_minor), paid_minor, face_minor, fully_paid=False)


async def sums_at(session: AsyncSession, holder: PartyAddress, at_s: int) -> dict[int, tuple[int, int]]:
    """(amount, open principal) of a party's lots at a time, by currency."""
    named = (_RECEIVABLE.id.label("of"), _RECEIVABLE.currency, _RECEIVABLE.face_minor, _RECEIVABLE.paid_minor)
    columns = (_LOT.id, _LOT.seq, _LOT.amount_minor, *named)
    there = _held(session, columns, holder, at_s).cte("there")
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
    held = _held(session, columns, holder).where(*where)
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


def _held(
    session: AsyncSession, columns: Sequence[Any], holder: PartyAddress, at_s: int | None = None
) -> Columns:
    """All of it. SQLite would look up each row before it sees in the index that it was closed by then;
    PostgreSQL, which does not, would go down to the row twice.
    """
    if session.get_bind().dialect.name == "sqlite":
        return _rows_of(_own(holder, at_s), columns)
    still = _LOT.closed_s.is_(None)
    then = still if at_s is None else or_(still, _LOT.closed_s > at_s) & (_LOT.since_s <= at_s)
    # With an equality it would read all receivables for a few thousand: it expects far more lots than there
    # are, since it cannot know that what was closed late was also there late.
    its_own = _RECEIVABLE.id.between(_LOT.receivable, _LOT.receivable)
    joined = select(*columns).select_from(Lot).join(Receivable, its_own)
    return joined.where(_LOT.owner == holder, then)


def _own(holder: PartyAddress, at_s: int | None = None) -> Any:
    """Ids of what a party has in receivables that are open now, or had in those that were open at a time:
    few of all it ever had, found in one index.
    """
    entry = Lot.__table__.alias("entry").c  # type: ignore[attr-defined]
    mine = select(entry.id).where(entry.owner == holder)
    still = mine.where(entry.closed_s.is_(None))
    if at_s is None:
        return still
    there = entry.since_s <= at_s
    return union_all(still.where(there), mine.where(entry.closed_s > at_s, there))


def _rows_of(ids: Any, columns: Sequence[Any]) -> Columns:
    """Columns of these lots and their receivables."""
    own = ids.cte("own").prefix_with("MATERIALIZED")
    joined = select(*columns).select_from(own).join(Lot, _LOT.id == own.c.id)
    return joined.join(Receivable, _RECEIVABLE.id == _LOT.receivable)


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
