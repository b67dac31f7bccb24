"""What each table and index of a mirror takes on disk, and so how it grows."""

import re
from contextlib import closing
from typing import Final

import psycopg

from scripts.bench.figures import Figure
from scripts.bench.index.memory import MEGABYTE
from scripts.bench.index.verify import connected

MILLION: Final = 1_000_000
SHOWN_MB: Final = 5.0
"""What grows by less is shown together."""

_POSTGRES: Final = """
    SELECT coalesce(t.relname, c.relname), CASE WHEN i.indexrelid IS NULL THEN '' ELSE c.relname END,
        pg_relation_size(c.oid) + coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)), 0)
    FROM pg_class AS c LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
    LEFT JOIN pg_class AS t ON t.oid = i.indrelid
    WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind IN ('r', 'i')
"""
_SQLITE: Final = """
    SELECT s.tbl_name, CASE WHEN s.type = 'index' THEN s.name ELSE '' END, sum(d.pgsize)
    FROM dbstat AS d JOIN sqlite_schema AS s ON s.name = d.name GROUP BY s.name
"""
_PARTITION: Final = re.compile(r"^chain_event_\d+$")


def relation_bytes(url: str) -> dict[tuple[str, str], int]:
    """(table, index or nothing) → bytes; the partitions of events are one table."""
    found: dict[tuple[str, str], int] = {}
    with closing(connected(url)) as connection:
        cursor = connection.cursor()
        cursor.execute(_POSTGRES if isinstance(connection, psycopg.Connection) else _SQLITE)
        for table, index, size in cursor.fetchall():
            own_key = index.startswith("pk_") or index.endswith("_pkey")
            name = index.removeprefix("ix_").removesuffix("_idx").removeprefix(f"{table}_")
            key = _PARTITION.sub("chain_event", table), "key" if own_key else name
            found[key] = found.get(key, 0) + int(size)
    return found


def growth(name: str, sizes: dict[tuple[str, str], int], events: int) -> list[Figure]:
    """Megabytes a million events, the largest first."""
    grown = {key: size / events * MILLION / MEGABYTE for key, size in sizes.items()}
    shown = {key: size for key, size in grown.items() if size >= SHOWN_MB}
    rows = sorted(shown.items(), key=lambda item: -item[1])
    figures = [
        Figure(f"{name}: {table}, {index or 'rows'}, a million events", round(size, 1), "MB")
        for (table, index), size in rows
    ]
    rest = sum(grown.values()) - sum(shown.values())
    return [
        Figure(f"{name}: all tables, a million events", round(sum(grown.values()), 1), "MB"),
        *figures,
        Figure(f"{name}: {len(grown) - len(shown)} others, a million events", round(rest, 1), "MB"),
    ]
