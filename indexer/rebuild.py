"""A fresh mirror from the node beside the old one, compared with it, then put in its place.

SQLite: a new file, copied over the old one in one transaction. PostgreSQL: a new schema, renamed in one
transaction. Readers see the old mirror until then and the new one after. A worker may go on meanwhile: it
finds its cursor elsewhere after the exchange, and goes on from there. An old mirror that differs is kept:
somebody will want to know why.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert, make_url, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from chain.node import ChainNode
from domain.ids import ZERO_DIGEST
from indexer.archive.source import ArchivedNode
from indexer.changes import sql_table
from indexer.db import hold_snapshot, make_engine, make_sessions
from indexer.digest import TableDigest, digest_tables
from indexer.lock import rebuild_lock
from indexer.models import ChainBlock, Reorganisation
from indexer.models.base import SCHEMA
from indexer.queries.archive import archived_through
from indexer.queries.position import Position, position
from indexer.schema import migrate
from indexer.sealing import NO_PROOFS, Proofs, source_of
from indexer.worker import MirrorWorker, Progress

_FRESH = "rebuild"
_KEPT = "before_rebuild"
_BLOCKS_A_LOOK = 1_000


@dataclass(frozen=True, slots=True)
class TableDifference:
    """A table whose rows differ between the old mirror and the fresh one at the same block."""

    table: str
    old: TableDigest
    fresh: TableDigest


@dataclass(frozen=True, slots=True)
class Rebuild:
    """`compared_at` is None if there was no old mirror; `kept` names the old one if it differed."""

    compared_at: Position | None
    through: Position
    differences: tuple[TableDifference, ...]
    kept: str | None


async def rebuild(
    client: ChainNode,
    url: str,
    on_progress: Progress | None = None,
    *,
    finality_blocks: int = 0,
    proofs: Proofs = NO_PROOFS,
    archive: Path | None = None,
) -> Rebuild:
    """Make the mirror at `url` anew. Raises MirrorLocked while another rebuild runs, and what `catch_up`
    raises.

    `finality_blocks` and `proofs` as for `MirrorWorker`. Every event since the deployment is read again: from
    the node, which must still have it, or from the folder `archive`. So the fresh mirror has what the old one
    gave to the archive as well.
    """
    migrate(url)
    async with _engine(make_engine(url)) as old, rebuild_lock(old):
        fresh_url, schema = _beside(url)
        await _discard(old, fresh_url, schema)
        migrate(fresh_url, schema=schema)
        async with _engine(make_engine(fresh_url, schema=schema)) as fresh:
            worker = MirrorWorker(client, fresh, finality_blocks=finality_blocks, proofs=proofs)
            if archive is not None:
                archived = await asyncio.to_thread(ArchivedNode, client, archive, source_of(client, proofs))
                worker.read_from(archived.logs)
            async with _engine(make_engine(url, read_only=True)) as reader:
                compared_at, differences, through = await _fill(worker, reader, fresh, on_progress)
            await _keep_reorganisations(old, fresh)
        kept = await _exchange(old, fresh_url, schema, keep=bool(differences))
    return Rebuild(compared_at, through, differences, kept)


async def _fill(
    worker: MirrorWorker, old: AsyncEngine, fresh: AsyncEngine, on_progress: Progress | None
) -> tuple[Position | None, tuple[TableDifference, ...], Position]:
    """Mirror through the old mirror's block, compare there, then go on to the head.

    The old mirror may go on: what it is at one moment is read, then the fresh one is brought to that block.
    """
    async with make_sessions(old)() as session:
        begun = await position(session)
    if begun is None:
        return None, (), await worker.catch_up(None, on_progress)
    await worker.catch_up(begun.block_number, on_progress)
    async with make_sessions(old)() as session:
        await hold_snapshot(session)
        was = await position(session) or begun
        archived = await archived_through(session)
        events_after = -1 if archived is None else archived
        before = await digest_tables(session, events_after=events_after)
    await worker.catch_up(was.block_number, on_progress)
    async with make_sessions(fresh)() as session:
        after = await digest_tables(session, events_after=events_after)
    differences = tuple(
        TableDifference(table, before[table], after[table])
        for table in sorted(before)
        if before[table] != after[table]
    )
    return was, differences, await worker.catch_up(None, on_progress)


async def _keep_reorganisations(old: AsyncEngine, fresh: AsyncEngine) -> None:
    """What clients were told as epochs goes on counting; other blocks than the old mirror's are one more."""
    table = sql_table(Reorganisation)
    async with old.connect() as connection:
        rows = [dict(row) for row in (await connection.execute(select(table))).mappings()]
    turn = await _turn_between(old, fresh)
    if turn is not None:
        rows.append({**turn, "epoch": max((row["epoch"] for row in rows), default=0) + 1})
    if rows:
        async with fresh.begin() as connection:
            await connection.execute(insert(table), rows)


async def _turn_between(old: AsyncEngine, fresh: AsyncEngine) -> dict[str, Any] | None:
    """Where the blocks of the two part; None where the fresh one has all of the old one's."""
    block = sql_table(ChainBlock).c
    async with make_sessions(old)() as was, make_sessions(fresh)() as made:
        end = await position(was)
        last = end.block_number if end is not None else -1
        while end is not None and last >= 0:
            page = block.number.between(last - _BLOCKS_A_LOOK + 1, last)
            descending = select(block.number, block.hash).where(page).order_by(block.number.desc())
            before = (await was.execute(descending)).all()
            after = {row.number: row.hash for row in await made.execute(descending)}
            common = next((row for row in before if after.get(row.number) == row.hash), None)
            if common is not None and common.number == end.block_number:
                return None
            if common is not None:
                return _turn(common.number, common.hash, end)
            last -= _BLOCKS_A_LOOK
        return None if end is None else _turn(0, ZERO_DIGEST, end)


def _turn(block_number: int, block_hash: str, orphaned: Position) -> dict[str, Any]:
    return {
        "block_number": block_number,
        "block_hash": block_hash,
        "orphaned_number": orphaned.block_number,
        "orphaned_hash": orphaned.block_hash,
        "found_ms": time.time_ns() // 1_000_000,
    }


@asynccontextmanager
async def _engine(engine: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    try:
        yield engine
    finally:
        await engine.dispose()


def _beside(url: str) -> tuple[str, str]:
    """URL and schema of the fresh mirror."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return url, f"{SCHEMA}_{_FRESH}"
    return parsed.set(database=f"{parsed.database}.{_FRESH}").render_as_string(hide_password=False), SCHEMA


async def _discard(old: AsyncEngine, fresh_url: str, schema: str) -> None:
    """Remove what an interrupted rebuild left."""
    if old.dialect.name == "sqlite":
        for file in _files(make_url(fresh_url).database):
            file.unlink(missing_ok=True)
        return
    async with old.begin() as connection:
        await connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))


async def _exchange(old: AsyncEngine, fresh_url: str, schema: str, *, keep: bool) -> str | None:
    if old.dialect.name == "sqlite":
        return await _exchange_files(old, str(make_url(fresh_url).database), keep=keep)
    kept = f"{SCHEMA}_{_KEPT}"
    async with old.begin() as connection:
        if keep:
            await connection.execute(text(f"DROP SCHEMA IF EXISTS {kept} CASCADE"))
            await connection.execute(text(f"ALTER SCHEMA {SCHEMA} RENAME TO {kept}"))
        else:
            await connection.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))
        await connection.execute(text(f"ALTER SCHEMA {schema} RENAME TO {SCHEMA}"))
    return kept if keep else None


async def _exchange_files(old: AsyncEngine, fresh: str, *, keep: bool) -> str | None:
    current = str(old.url.database)
    kept = f"{current}.{_KEPT}" if keep else None
    if kept is not None:
        await asyncio.to_thread(_copy, current, kept)
    await asyncio.to_thread(_copy, fresh, current)
    for file in _files(fresh):
        file.unlink(missing_ok=True)
    return kept


def _copy(source: str, target: str) -> None:
    """All of `source` into `target` as one transaction.

    Renaming the file instead would leave the old write-ahead log of a reader beside the new file, and SQLite
    would apply it.
    """
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)


def _files(database: str | None) -> tuple[Path, ...]:
    return tuple(Path(f"{database}{suffix}") for suffix in ("", "-wal", "-shm"))
