"""The mirror compared with the chain again and again while it runs; the first difference is an alarm."""

import asyncio
import time
from collections.abc import Callable

import structlog
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from chain.errors import ChainError
from chain.node import ChainNode
from indexer.changes import sql_table
from indexer.db import make_engine, make_sessions
from indexer.errors import Reorganised
from indexer.models import MirrorCheck
from indexer.queries import position
from indexer.reconcile import Difference, check

KEPT = 1_000
"""Checks on record; older ones go."""

log = structlog.get_logger(__name__)


async def watch(
    client: ChainNode, mirror_url: str, every_s: float, *, wanted: Callable[[], bool] = lambda: True
) -> None:
    """Check every `every_s` seconds until cancelled, and put each result on record (`MirrorCheck`).

    Not while it is not `wanted`: one of several indexers is enough.
    What cannot be checked now (a node or a database that does not answer, a branch that has just changed, a
    block in which not all contracts are there yet) is checked the next time.
    """
    engine, reader = make_engine(mirror_url), make_engine(mirror_url, read_only=True)
    try:
        while True:
            await asyncio.sleep(every_s)
            if not wanted():
                continue
            try:
                await check_and_record(client, engine, reader)
            except (ChainError, DBAPIError, Reorganised) as error:
                log.warning("mirror_not_checked", reason=str(error))
    finally:
        await engine.dispose()
        await reader.dispose()


async def check_and_record(client: ChainNode, engine: AsyncEngine, reader: AsyncEngine) -> list[Difference]:
    """One check. Raises what `indexer.reconcile.check` raises, and the errors of a database."""
    counts: dict[str, int] = {}
    async with make_sessions(reader)() as session:
        differences = await check(client, session, counts.__setitem__)
        here = await position(session)
    if here is None:
        return differences
    first = differences[0] if differences else None
    if first is not None:
        log.error("mirror_differs", block=here.block_number, count=len(differences), first=str(first))
    table = sql_table(MirrorCheck)
    now_ms = time.time_ns() // 1_000_000
    async with engine.begin() as connection:
        await connection.execute(
            insert(table).values(
                checked_ms=now_ms,
                block_number=here.block_number,
                fields=sum(counts.values()),
                differences=len(differences),
                first_difference=None if first is None else str(first),
            )
        )
        oldest = table.select().order_by(table.c.checked_ms.desc()).offset(KEPT).limit(1)
        kept = (await connection.execute(oldest)).first()
        if kept is not None:
            await connection.execute(table.delete().where(table.c.checked_ms <= kept.checked_ms))
    return differences
