"""Spans from the database into the archive and back. At any moment the events are in one of them, whole.

A span leaves the database in one transaction, together with the record of where it went, after its file was
written, was brought to the disk, and was read from there again. A kill before that leaves a file more, which
the next run writes again; a kill after it leaves nothing to be done.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import islice, pairwise
from pathlib import Path
from typing import Final

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from indexer.archive.files import BlockLine, Manifest, manifests, publish, read, writing
from indexer.changes import sql_table
from indexer.db import make_engine
from indexer.errors import ArchiveRefused
from indexer.lock import rebuild_lock
from indexer.models import Archive, ChainBlock, ChainEvent, Cursor
from indexer.store.bulk import bulk
from indexer.store.shapes import shape
from indexer.store.spans import Span, drop_span, make_span, spans

_BLOCKS_AT_ONCE: Final = 500
_LINES_AT_ONCE: Final = 2_000
_LOCK_WAIT_S: Final = 10

_ARCHIVE: Final = sql_table(Archive)
_BLOCK: Final = sql_table(ChainBlock)
_EVENT: Final = sql_table(ChainEvent)

Progress = Callable[[int, int], None]


async def archive(
    url: str, folder: Path, before_block: int, on_progress: Progress | None = None
) -> list[Manifest]:
    """Move every span that ends before `before_block` and is final; the answer is what was moved.

    `on_progress(block, last)` as it goes. An indexer may go on meanwhile. Raises ArchiveRefused where the
    folder does not have what was archived before, and MirrorLocked during a rebuild.
    """
    moved: list[Manifest] = []
    async with _engines(url) as (engine, reader), rebuild_lock(engine):
        last = await _last_of_folder(reader, folder)
        for span in await _old_spans(reader, before_block):
            written = await _write(reader, folder, span, last, on_progress)
            await asyncio.to_thread(_read_through, folder, written)
            await _leave(engine, span, written)
            moved.append(written)
            last = written
    return moved


async def restore(url: str, folder: Path, on_progress: Progress | None = None) -> list[Manifest]:
    """Bring everything that was archived back into the database, the newest span first. The files stay.

    Raises ArchiveRefused where a file is not what the mirror remembers, or has other blocks.
    """
    back: list[Manifest] = []
    async with _engines(url) as (engine, reader), rebuild_lock(engine):
        async with reader.connect() as connection:
            rows = (await connection.execute(select(_ARCHIVE).order_by(_ARCHIVE.c.first_block.desc()))).all()
        known = {manifest.sha256: manifest for manifest in await asyncio.to_thread(manifests, folder)}
        for row in rows:
            if row.sha256 not in known:
                raise ArchiveRefused(
                    f"{folder} does not have the manifest of blocks from {row.first_block} on"
                )
            await _return(engine, folder, known[row.sha256], on_progress)
            back.append(known[row.sha256])
    return back


@asynccontextmanager
async def _engines(url: str) -> AsyncIterator[tuple[AsyncEngine, AsyncEngine]]:
    """One that writes and one that only reads: in SQLite nobody else writes while the former is in use."""
    engine, reader = make_engine(url, durable=True), make_engine(url, read_only=True)
    try:
        yield engine, reader
    finally:
        await engine.dispose()
        await reader.dispose()


async def _last_of_folder(reader: AsyncEngine, folder: Path) -> Manifest | None:
    """The newest manifest of what is no longer in the database; those after it were never counted."""
    async with reader.connect() as connection:
        newest = select(_ARCHIVE).order_by(_ARCHIVE.c.first_block.desc()).limit(1)
        row = (await connection.execute(newest)).one_or_none()
    if row is None:
        return None
    found = [one for one in await asyncio.to_thread(manifests, folder) if one.sha256 == row.sha256]
    if not found:
        raise ArchiveRefused(f"{folder} does not have what was archived through block {row.through_block}")
    return found[0]


async def _old_spans(reader: AsyncEngine, before_block: int) -> list[Span]:
    async with reader.connect() as connection:
        final = await connection.scalar(select(sql_table(Cursor).c.final_block))
        limit = min(before_block, -1 if final is None else final + 1)
        archived = await connection.scalar(select(func.max(_ARCHIVE.c.through_block)))
        return [
            span for span in await spans(connection) if span.end <= limit and span.end - 1 > (archived or -1)
        ]


async def _write(
    reader: AsyncEngine, folder: Path, span: Span, last: Manifest | None, on_progress: Progress | None
) -> Manifest:
    async with reader.connect() as connection:
        cursor = (await connection.execute(select(sql_table(Cursor)))).one()
        # The block before the deployment is where the mirror begins; it has no events and no parent here.
        begun = int(await connection.scalar(select(func.min(_BLOCK.c.number))) or 0) + 1
        first = last.through_block + 1 if last else begun
        parent = await connection.scalar(select(_BLOCK.c.hash).where(_BLOCK.c.number == first - 1))
        with writing(folder) as (writer, draft):
            hashed = str(parent)
            async for lines, child_of in _lines(connection, first, span.end - 1):
                if child_of != hashed:
                    raise ArchiveRefused(f"block {lines[0].number} is not the child of the block before it")
                await asyncio.to_thread(writer.add, lines)
                hashed = lines[-1].hash
                if on_progress is not None:
                    on_progress(lines[-1].number, span.end - 1)
            lines_sha256 = await asyncio.to_thread(writer.finish)
            manifest = Manifest(
                chain_id=cursor.chain_id,
                genesis_hash=cursor.genesis_hash,
                ledger=cursor.ledger,
                first_block=first,
                through_block=span.end - 1,
                parent_hash=str(parent),
                last_hash=hashed,
                events=writer.events,
                lines_sha256=lines_sha256,
                previous=last.sha256 if last else "",
            )
            await asyncio.to_thread(publish, folder, manifest, draft)
    return manifest


async def _lines(
    connection: AsyncConnection, first: int, last: int
) -> AsyncIterator[tuple[list[BlockLine], str]]:
    """Some blocks at a time with their events, and the parent of the first of them."""
    for begin in range(first, last + 1, _BLOCKS_AT_ONCE):
        end = min(begin + _BLOCKS_AT_ONCE, last + 1)
        blocks = select(_BLOCK).where(_BLOCK.c.number >= begin, _BLOCK.c.number < end)
        events = select(_EVENT).where(_EVENT.c.block_number >= begin, _EVENT.c.block_number < end)
        by_place = events.order_by(_EVENT.c.block_number, _EVENT.c.log_index)
        found: dict[int, list[list[int | str | None]]] = {}
        for row in await connection.execute(by_place):
            number, *event = row
            found.setdefault(number, []).append(event)
        rows = (await connection.execute(blocks.order_by(_BLOCK.c.number))).all()
        if [row.number for row in rows] != list(range(begin, end)):
            raise ArchiveRefused(f"the mirror does not have all blocks from {begin} to {end - 1}")
        for parent, child in pairwise(rows):
            if child.parent_hash != parent.hash:
                raise ArchiveRefused(f"block {child.number} is not the child of the block before it")
        lines = [BlockLine(row.number, row.hash, row.time_s, found.get(row.number, [])) for row in rows]
        yield lines, rows[0].parent_hash


def _read_through(folder: Path, manifest: Manifest) -> None:
    """What is on the disk is what its manifest says, or ArchiveRefused."""
    for _ in read(folder, manifest):
        pass


async def _leave(engine: AsyncEngine, span: Span, manifest: Manifest) -> None:
    """The record and the end of the span, in one transaction."""
    async with engine.begin() as connection:
        if connection.dialect.name != "sqlite":
            # Dropping waits for who reads an event, and everybody else for the dropping: not for long.
            await connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_WAIT_S}s'"))
        await connection.execute(
            insert(_ARCHIVE).values(
                first_block=manifest.first_block,
                through_block=manifest.through_block,
                events=manifest.events,
                sha256=manifest.sha256,
                archived_ms=time.time_ns() // 1_000_000,
            )
        )
        await drop_span(connection, span)


async def _return(
    engine: AsyncEngine, folder: Path, manifest: Manifest, on_progress: Progress | None
) -> None:
    """All rows of a span and the end of its record, in one transaction."""
    first, end = manifest.first_block, manifest.through_block + 1
    lines = read(folder, manifest)
    async with engine.begin() as connection:
        await make_span(connection, Span(first, end, f"chain_event_{first}"))
        rows = await bulk(connection)
        while some := await asyncio.to_thread(_some, lines):
            await _require_same_blocks(connection, some)
            events = [row for line in some for row in line.rows()]
            if events:
                await rows.insert(shape(ChainEvent), events)
            if on_progress is not None:
                on_progress(some[-1].number, manifest.through_block)
        await connection.execute(delete(_ARCHIVE).where(_ARCHIVE.c.first_block == first))


def _some(lines: Iterator[BlockLine]) -> list[BlockLine]:
    return list(islice(lines, _LINES_AT_ONCE))


async def _require_same_blocks(connection: AsyncConnection, lines: list[BlockLine]) -> None:
    within = _BLOCK.c.number >= lines[0].number, _BLOCK.c.number <= lines[-1].number
    ordered = select(_BLOCK.c.hash).where(*within).order_by(_BLOCK.c.number)
    if list(await connection.scalars(ordered)) != [line.hash for line in lines]:
        raise ArchiveRefused(f"the mirror has other blocks from {lines[0].number} on than the archive")
