"""A receivable is closed, and all its lots with it: those of before the batch, in it, and that come later."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.ids import LOT_INDEX_MAX, ReceivableId, lot_id
from indexer.changes import Changes, Row, sql_table
from indexer.models import Lot, Receivable

_LOT: Final = sql_table(Lot).c
_RECEIVABLE: Final = sql_table(Receivable).c
_AT_ONCE: Final = 500
"""SQLite takes a bounded number of parameters in a statement."""


def close_new_lots(changes: Changes) -> None:
    """Lots that are made and closed in one batch are written once."""
    known = {number: _closed_s(changes, number) for number in changes.closings}
    for row in changes.inserts.get(Lot, {}).values() if known else ():
        row["closed_s"] = known.get(row["receivable"], row["closed_s"])


async def close_lots(connection: AsyncConnection, changes: Changes) -> None:
    """The other lots of receivables that are closed now; call it when everything else is written."""
    closed: list[dict[str, int]] = []
    for some in _parts(changes):
        named = select(_RECEIVABLE.id, _RECEIVABLE.closed_s).where(
            _RECEIVABLE.id.in_(some), _RECEIVABLE.closed_s.is_not(None)
        )
        closed += [
            {"first": first, "last": last, "at_s": at_s}
            for number, at_s in await connection.execute(named)
            for first, last in [_lots(number)]
        ]
    if closed:
        open_ones = _LOT.id.between(bindparam("first"), bindparam("last")), _LOT.closed_s.is_(None)
        statement = update(sql_table(Lot)).where(*open_ones).values(closed_s=bindparam("at_s"))
        await connection.execute(statement, closed)


async def lots_to_close(connection: AsyncConnection, changes: Changes) -> list[Row]:
    """Keys of the lots that are there before the batch and may be closed by it."""
    found: list[Row] = []
    for number in sorted(changes.closings):
        open_ones = select(_LOT.id).where(_LOT.id.between(*_lots(number)), _LOT.closed_s.is_(None))
        found += [(lot,) for lot in await connection.scalars(open_ones)]
    return found


def _closed_s(changes: Changes, number: int) -> int | None:
    """When the batch itself closes the receivable."""
    for written in (changes.inserts, changes.updates):
        closed_s: int | None = written.get(Receivable, {}).get((number,), {}).get("closed_s")
        if closed_s is not None:
            return closed_s
    return None


def _lots(number: int) -> tuple[int, int]:
    known = ReceivableId(number)
    return lot_id(known, 1), lot_id(known, LOT_INDEX_MAX)


def _parts(changes: Changes) -> Iterator[Sequence[int]]:
    numbers = sorted(changes.closings)
    for start in range(0, len(numbers), _AT_ONCE):
        yield numbers[start : start + _AT_ONCE]
