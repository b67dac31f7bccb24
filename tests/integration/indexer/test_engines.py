"""What an engine promises: readers that cannot write, writers that lose nothing they must keep."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from indexer.db import make_engine
from tests.integration.indexer.conftest import Mirror


async def test_a_reader_cannot_write(mirror: Mirror) -> None:
    schema = "" if mirror.url.startswith("sqlite") else "ledger."
    async with mirror.read() as session:
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            await session.execute(text(f"DELETE FROM {schema}lot"))  # noqa: S608


@pytest.mark.parametrize(("durable", "level"), [(True, 2), (False, 1)])
@pytest.mark.parametrize("mirror_url", ["sqlite"], indirect=True)
async def test_a_durable_engine_waits_for_the_disk(mirror_url: str, durable: bool, level: int) -> None:
    engine = make_engine(mirror_url, durable=durable)
    async with engine.connect() as connection:
        assert (await connection.execute(text("PRAGMA synchronous"))).scalar() == level
    await engine.dispose()
