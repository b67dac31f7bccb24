"""Whether a mirror of the flat load holds what it must: a runner that is wrong is not fast."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import make_url

from scripts.bench.index.flat import Content

Ask = Callable[[str], Sequence[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Shape:
    """Where a runner keeps things: tables of the facts and of both projections, with the same columns."""

    facts: str
    latest: str
    totals: str


OURS = Shape("ledger.chain_event", "ledger.flat_latest", "ledger.flat_total")
OURS_SQLITE = Shape("chain_event", "flat_latest", "flat_total")


def difference(url: str, shape: Shape, content: Content) -> str:
    """What differs first between a database and what it must hold; empty if nothing does."""
    with closing(connected(url)) as connection:
        cursor = connection.cursor()

        def ask(statement: str) -> Sequence[tuple[Any, ...]]:
            cursor.execute(statement)
            found: Sequence[tuple[Any, ...]] = cursor.fetchall()
            return found

        return _difference(ask, shape, content)


def plain_url(url: str) -> str:
    """The same database as psycopg and other clients of PostgreSQL name it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def connected(url: str) -> Any:
    """A connection of either database's own driver."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return sqlite3.connect(str(parsed.database))
    return psycopg.connect(plain_url(url))


def _difference(ask: Ask, shape: Shape, content: Content) -> str:
    ((count, blocks, indexes),) = ask(
        f"SELECT count(*), sum(block_number), sum(log_index) FROM {shape.facts}"  # noqa: S608  # our own names
    )
    facts = (int(count), int(blocks or 0), int(indexes or 0))
    if facts != content.facts:
        return f"facts (rows, sum of blocks, sum of indexes) are {facts}, not {content.facts}"
    latest = {
        int(number): (str(party).lower(), int(amount))
        for number, party, amount in ask(f"SELECT id, party, amount_minor FROM {shape.latest}")  # noqa: S608
    }
    if latest != content.latest:
        return f"latest differs for {_first(latest, content.latest)}"
    totals = {
        str(party).lower(): int(amount)
        for party, amount in ask(f"SELECT party, amount_minor FROM {shape.totals}")  # noqa: S608
    }
    if totals != content.totals:
        return f"the total differs for {_first(totals, content.totals)}"
    return ""


def _first(found: dict[Any, Any], wanted: dict[Any, Any]) -> str:
    differing = [key for key in found.keys() | wanted.keys() if found.get(key) != wanted.get(key)]
    key = min(differing)
    return f"{key}: {found.get(key)}, not {wanted.get(key)} ({len(differing)} rows in all)"
