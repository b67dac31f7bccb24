"""One system for the tests of a module: its own chain, mirror, sender and API."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.api import System, fresh_system


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with fresh_system(tmp_path_factory.mktemp("system")) as running:
        yield running
