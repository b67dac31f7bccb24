"""PostgreSQL's word to other processes that the mirror has moved: sent with the commit, the number only.

Who hears it reads the mirror; a word that is lost costs the time to the next look. SQLite has no such word.
"""

from collections.abc import AsyncIterator

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

CHANNEL = "tally_mirror"

_NOTIFY = text("SELECT pg_notify(:channel, :number)")


async def publish(connection: AsyncConnection, block_number: int) -> None:
    """Say, when the transaction commits and not before, that the mirror is at this block."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_NOTIFY, {"channel": CHANNEL, "number": str(block_number)})


async def published(engine: AsyncEngine) -> AsyncIterator[None]:
    """Once when listening has begun, then at each word, on a connection of its own.

    Ends with the connection. Raises psycopg.Error where there is none.
    """
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        yield
        async for _ in connection.notifies():
            yield
