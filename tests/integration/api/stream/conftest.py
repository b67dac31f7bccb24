"""A system of a module's own on each database, behind a real server."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from tests.support.api import System, running_system, settings_for
from tests.support.chain import fresh_ledger
from tests.support.postgres import postgres_cluster, postgres_url
from tests.support.streams import Server, served

__all__ = ["postgres_cluster", "postgres_url"]

FINALITY = 64


@pytest.fixture(params=["sqlite", "postgres"])
def databases(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Settings of the databases: files of the test, or one server."""
    if request.param == "sqlite":
        return {}
    url = SecretStr(request.getfixturevalue("postgres_url"))
    return {"app_database_url": url, "mirror_database_url": url}


@pytest.fixture(params=[True, False], ids=["together", "apart"])
def feeding(request: pytest.FixtureRequest) -> bool:
    """Whether the API is told by the indexer in its own process."""
    return bool(request.param)


@pytest_asyncio.fixture
async def system(tmp_path: Path, databases: dict[str, Any], feeding: bool) -> AsyncIterator[System]:
    """A chain whose last blocks may change, and everything on it."""
    async with fresh_ledger() as ledger:
        settings = settings_for(tmp_path, ledger).model_copy(
            update={**databases, "finality_blocks": FINALITY, "streams_per_party_max": 3, "streams_max": 5}
        )
        async with running_system(tmp_path, ledger, settings=settings, feeding=feeding) as running:
            yield running


@pytest_asyncio.fixture
async def server(system: System) -> AsyncIterator[Server]:
    async with served(system) as running:
        yield running
