"""A life in which everything happens, read as events: all of it can be shown, to the same parties whenever
and from whichever database it is read.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, get_args

import pytest

from api.auth.visibility import Audience
from api.events.audience import AUDITORS
from api.events.reading import EventReader
from domain import events
from indexer.branches import Mark
from indexer.db import make_engine, make_sessions
from indexer.schema import migrate
from indexer.worker import MirrorWorker
from tests.support.chain import DeployedLedger, fresh_ledger
from tests.support.life import life
from tests.support.postgres import postgres_cluster, postgres_url
from tests.support.workout import Workout

__all__ = ["postgres_cluster", "postgres_url"]

SUCCESSION = {"ReceivableImported", "TotalsImported", "LotImported", "Sealed", "Retired"}
FOR_AUDITORS = {"MintLimitChanged", "RightsChanged", "IntentFailed"}
Told = list[tuple[dict[str, Any], Audience]]


@pytest.fixture
async def lived() -> AsyncIterator[DeployedLedger]:
    async with fresh_ledger() as ledger:
        await life(await Workout.open(ledger))
        yield ledger


async def told(ledger: DeployedLedger, url: str, limit: int, *, along: bool = False) -> Told:
    """Everything from the beginning; `along`: read block by block, as the mirror goes on."""
    migrate(url)
    engine, found, mark = make_engine(url), Told(), Mark(0, 0)
    worker, reader = MirrorWorker(ledger.client, engine), EventReader(ledger.book)
    first, head = ledger.book.deployed_block, await ledger.client.block_number()
    for block in range(first, head + 1) if along else [head]:
        await worker.catch_up(block)
        more = True
        while more:
            async with make_sessions(engine)() as session:
                page = await reader.after(session, mark, limit)
            found += [(event.document, event.audience) for event in page.events]
            mark, more = page.through, page.more
    await engine.dispose()
    return found


async def test_everything_is_told_alike_whenever_and_wherever_it_is_read(
    lived: DeployedLedger, tmp_path: Path, postgres_url: str
) -> None:
    whole = await told(lived, f"sqlite+aiosqlite:///{tmp_path}/whole.db", 500)
    assert await told(lived, f"sqlite+aiosqlite:///{tmp_path}/along.db", 7, along=True) == whole
    assert await told(lived, postgres_url, 100) == whole
    names = {document["type"] for document, _ in whole}
    assert names >= {kind.__name__ for kind in get_args(events.Event)} - SUCCESSION
    assert "RoleGranted" in names
    ids = [document["id"] for document, _ in whole]
    assert len(set(ids)) == len(ids)
    for document, audience in whole:
        known = document["type"] in {kind.__name__ for kind in get_args(events.Event)} - FOR_AUDITORS
        concerns_somebody = audience.everybody or bool(audience.parties)
        assert concerns_somebody == (known and not _is_of_nobody(document)), document
        assert "topics" not in document["data"] or audience == AUDITORS


def _is_of_nobody(document: dict[str, Any]) -> bool:
    """An intent that is about no receivable and no lot: whose it was, only the API knows."""
    return document["type"] == "IntentUsed" and document["receivable_id"] is None
