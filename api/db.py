"""Tables and sessions of the schema `app`, which only the API writes.

Read and write sessions are different types, and the database enforces it: a read session's connection refuses
to write. One command is one transaction, committed where the request leaves the application
(`api.http.routing`).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from indexer import db as engines
from indexer import schema as mirror_schema

SCHEMA: Final = "app"
"""PostgreSQL schema; SQLite engines translate it away."""

VERSION_TABLE: Final = "app_version"
_MIGRATIONS: Final = Path(__file__).parent / "migrations"

_NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# A registry of its own: the mirror has tables with the same class names.
_registry = registry(metadata=MetaData(schema=SCHEMA, naming_convention=_NAMES))


class AppTable(SQLModel, registry=_registry):
    """Base of every table in the schema `app`."""


class ReadSession(AsyncSession):
    """Reads the schema `app`; a write is refused by the database."""


class WriteSession(ReadSession):
    """The one transaction of a command. Repositories never commit it: the edge does."""


class MirrorSession(AsyncSession):
    """Reads the mirror (schema `ledger`); `indexer.queries` takes it."""


@dataclass(frozen=True, slots=True)
class Databases:
    """The engines of one process: `app` to write and to read, the mirror to read.

    `turn` lets the writers of this process queue where the database would let them fight for its one lock.
    """

    writer: AsyncEngine
    reader: AsyncEngine
    mirror_reader: AsyncEngine
    turn: AbstractAsyncContextManager[object]

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[ReadSession]:
        async with ReadSession(self.reader, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[WriteSession]:
        """A transaction that commits when the block ends well and leaves nothing behind when it does not."""
        async with (
            self.turn,
            WriteSession(self.writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @asynccontextmanager
    async def mirror(self) -> AsyncIterator[MirrorSession]:
        async with MirrorSession(self.mirror_reader, expire_on_commit=False) as session:
            yield session

    @classmethod
    def open(cls, app_url: str, mirror_url: str) -> Self:
        """Engines for `sqlite+aiosqlite` or `postgresql+psycopg` URLs; nothing connects before it is used."""
        writer = engines.make_engine(app_url, durable=True)
        return cls(
            writer=writer,
            reader=engines.make_engine(app_url, read_only=True),
            mirror_reader=engines.make_engine(mirror_url, read_only=True),
            turn=asyncio.Lock() if writer.dialect.name == "sqlite" else nullcontext(),
        )

    async def close(self) -> None:
        for engine in (self.writer, self.reader, self.mirror_reader):
            await engine.dispose()


async def serialize(session: WriteSession, name: str) -> None:
    """Let one transaction at a time past this point, until it ends; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name}
        )


def migrate(url: str, revision: str = "head") -> None:
    """Bring the schema `app` to a revision, `head` or `base` (none). Blocking."""
    mirror_schema.migrate(url, revision, schema=SCHEMA, scripts=_MIGRATIONS)


def newest_revision() -> str | None:
    """The revision that this code expects."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return ScriptDirectory.from_config(config).get_current_head()


async def applied_revision(session: ReadSession) -> str | None:
    """The revision that the schema `app` is at."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    table = VERSION_TABLE if is_sqlite else f"{SCHEMA}.{VERSION_TABLE}"
    found = await session.scalar(text(f"SELECT version_num FROM {table}"))  # noqa: S608  # two constants
    return None if found is None else str(found)
