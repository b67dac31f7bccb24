"""Engines and sessions for SQLite (aiosqlite) and PostgreSQL (psycopg 3)."""

from typing import Any

from sqlalchemy import Engine, NullPool, create_engine, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from indexer.models.base import SCHEMA

BUSY_TIMEOUT_MS = 10_000

_NO_SCHEMAS: dict[str | None, str | None] = {SCHEMA: None, "app": None}

_PLANS = "-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1"
"""What is asked of the mirror takes milliseconds: less than compiling it or starting workers for it. Disks
have no heads to move, and what is asked about is in memory.
"""

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    "PRAGMA foreign_keys = ON",
)


def make_engine(
    url: str, *, read_only: bool = False, durable: bool = False, schema: str = SCHEMA
) -> AsyncEngine:
    """An engine for `sqlite+aiosqlite:///file` or `postgresql+psycopg://…`.

    In SQLite the schemas `ledger` and `app` are files of their own, so their names are translated away; a
    writing transaction takes the write lock at its start, so that it never fails half way for lack of it.
    `read_only` connections refuse to write. Without `durable` a loss of power, but no kill, may take SQLite's
    last commits, which the mirror reads from the chain again. `schema` is the mirror's name in PostgreSQL.
    """
    if make_url(url).get_backend_name() != "sqlite":
        options: dict[str, Any] = {"schema_translate_map": {SCHEMA: schema}} if schema != SCHEMA else {}
        if read_only:
            options["postgresql_readonly"] = True
        return create_async_engine(
            url, pool_pre_ping=True, execution_options=options, connect_args={"options": _PLANS}
        )
    engine = create_async_engine(url, execution_options={"schema_translate_map": _NO_SCHEMAS})
    _prepare_sqlite(engine.sync_engine, read_only=read_only, durable=durable)
    return engine


def make_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Sessions whose rows stay readable after the transaction."""
    return async_sessionmaker(engine, expire_on_commit=False)


async def hold_snapshot(session: AsyncSession) -> None:
    """All reads of a session of a read-only engine are of one moment; call it before the first."""
    if session.get_bind().dialect.name != "sqlite":
        # In SQLite a reading transaction is a snapshot anyway.
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def make_blocking_engine(url: str, *, schema: str = SCHEMA) -> Engine:
    """One connection at a time, for what changes a schema; the URL is as for `make_engine`."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        options = {"schema_translate_map": {SCHEMA: schema}}
        return create_engine(parsed, poolclass=NullPool, execution_options=options)
    engine = create_engine(
        parsed.set(drivername="sqlite"),
        poolclass=NullPool,
        execution_options={"schema_translate_map": _NO_SCHEMAS},
    )
    # The driver alone would commit each table by itself, and a kill half way leave some of them.
    _prepare_sqlite(engine, read_only=False, durable=True)
    return engine


def _prepare_sqlite(engine: Engine, *, read_only: bool, durable: bool) -> None:
    def connected(connection: Any, _record: object) -> None:
        # The driver's own idea of when a transaction begins is too late for writes and never for reads.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
        cursor.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begin)
