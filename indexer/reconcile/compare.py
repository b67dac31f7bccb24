"""How a mirrored row is held against what the chain says, and how the chain is asked."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import literal, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from chain.address_book import AddressBook
from chain.calls import Call
from chain.errors import ContractReverted
from chain.node import ChainNode
from indexer.changes import key_columns, sql_table
from indexer.models import LedgerTable

ROW: Final = "row"
"""The field of a difference that is about the row as a whole."""

_ROWS_AT_A_TIME: Final = 200
_CALLS_A_REQUEST: Final = 200

Row = TypeVar("Row", bound=LedgerTable)


@dataclass(frozen=True, slots=True)
class Difference:
    """What mirror and chain say of one field; `key` is the row's primary key, its parts joined by a slash."""

    table: str
    key: str
    field: str
    mirror: object
    chain: object


Found = Difference | int | None
"""What a part of the check yields: a difference, or how many fields were the same; None is one."""


@dataclass(frozen=True, slots=True)
class Context:
    """One snapshot of the mirror, and the block that the chain is asked about."""

    client: ChainNode
    session: AsyncSession
    block: int

    @property
    def book(self) -> AddressBook:
        """The deployment's addresses."""
        return self.client.book


async def rows_of(session: AsyncSession, model: type[Row]) -> AsyncIterator[Sequence[Row]]:
    """All rows of a table in the order of their key, some at a time.

    Each page is asked for by itself: a check that ends half way leaves no cursor open.
    """
    keys = [sql_table(model).c[name] for name in key_columns(model)]
    statement = select(model).order_by(*keys).limit(_ROWS_AT_A_TIME)
    page = (await session.scalars(statement)).all()
    while page:
        yield page
        last = [literal(getattr(page[-1], key.name), key.type) for key in keys]
        page = (await session.scalars(statement.where(tuple_(*keys) > tuple_(*last)))).all()


async def ask(context: Context, calls: Sequence[Call]) -> list[bytes | None]:
    """What each view call returns at the block, None where the contract reverts: it does not know the key."""
    answers: list[bytes | None] = []
    for start in range(0, len(calls), _CALLS_A_REQUEST):
        some = calls[start : start + _CALLS_A_REQUEST]
        try:
            answers += await context.client.call_many(some, context.block)
        except ContractReverted:
            answers += [await _ask_one(context, call) for call in some]
    return answers


async def _ask_one(context: Context, call: Call) -> bytes | None:
    try:
        return await context.client.call(call, context.block)
    except ContractReverted:
        return None


def against(row: LedgerTable, chain: Mapping[str, Any] | None) -> Iterator[Difference | None]:
    """A difference for each field that differs, and None for each that does not, so that both are counted.

    `chain` has the expected value by column; None says that the chain does not have the row.
    """
    table = sql_table(type(row)).name
    key = "/".join(str(getattr(row, name)) for name in key_columns(type(row)))
    if chain is None:
        yield Difference(table, key, ROW, "present", "absent")
        return
    for field, expected in chain.items():
        mirrored = getattr(row, field)
        yield None if mirrored == expected else Difference(table, key, field, mirrored, expected)


def missing(model: type[LedgerTable], *key: object) -> Difference:
    """The chain has a row that the mirror has not."""
    return Difference(sql_table(model).name, "/".join(map(str, key)), ROW, "absent", "present")
