"""One running system for all tests of the trade: starting it takes longer than most of them."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.api import fresh_system
from tests.support.postgres import postgres_cluster, postgres_url
from tests.support.stack import Market

__all__ = ["market", "postgres_cluster", "postgres_url"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def market(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Market]:
    """The market, with nothing traded yet but by other tests."""
    async with fresh_system(tmp_path_factory.mktemp("market")) as system:
        yield await Market.open(system)
