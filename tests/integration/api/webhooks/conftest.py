"""A system on each database, and a receiver."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from api.webhooks import courier, patience
from tests.support.api import System, running_system, settings_for
from tests.support.chain import fresh_ledger
from tests.support.postgres import postgres_cluster, postgres_url
from tests.support.receiver import Receiver, receiving

__all__ = ["postgres_cluster", "postgres_url"]


@pytest.fixture(params=["sqlite", "postgres"])
def databases(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Settings of the databases: files of the test, or one server."""
    if request.param == "sqlite":
        return {}
    url = SecretStr(request.getfixturevalue("postgres_url"))
    return {"app_database_url": url, "mirror_database_url": url}


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PAUSE_FIRST_MS", 20)


@pytest_asyncio.fixture
async def system(tmp_path: Path, databases: dict[str, Any]) -> AsyncIterator[System]:
    """A chain whose last blocks may change, and everything on it; receivers may be on this machine."""
    async with fresh_ledger() as ledger:
        settings = settings_for(tmp_path, ledger).model_copy(
            update={
                **databases,
                "finality_blocks": 64,
                "webhook_any_target": True,
                "webhooks_per_party_max": 3,
            }
        )
        async with running_system(tmp_path, ledger, settings=settings) as running:
            yield running


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as listening:
        yield listening


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Positions move past what is not for a receiver at once."""
    monkeypatch.setattr(courier, "KEPT_UP_MS", 0)
