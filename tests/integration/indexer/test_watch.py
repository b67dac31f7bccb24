"""A mirror that compares itself with the chain: what it finds is on record and stops being ready."""

import asyncio

from sqlalchemy import update

from indexer.changes import sql_table
from indexer.models import Lot
from indexer.queries import last_check
from indexer.watch import watch
from indexer.worker import MirrorWorker
from tests.integration.indexer.conftest import Mirror
from tests.support.chain import DeployedLedger
from tests.support.following import following, until_async
from tests.support.market import Trade


async def test_checks_go_on_beside_the_worker_and_the_first_difference_is_on_record(
    mirror: Mirror, ledger: DeployedLedger
) -> None:
    trade = await Trade.open(ledger)
    await trade.story()

    async def checked(wrong: bool) -> bool:
        if watching.done():
            watching.result()
        async with mirror.read() as session:
            found = await last_check(session)
        return found is not None and bool(found.differences) == wrong and found.fields > 20

    async with following(MirrorWorker(ledger.client, mirror.engine)):
        watching = asyncio.create_task(watch(ledger.client, mirror.url, 0.05))
        try:
            await until_async(lambda: checked(wrong=False))
            lots = sql_table(Lot)
            async with mirror.engine.begin() as connection:
                await connection.execute(update(lots).where(lots.c.depth == 2).values(depth=3))
            await until_async(lambda: checked(wrong=True))
        finally:
            watching.cancel()
            await asyncio.wait([watching])
    async with mirror.read() as session:
        found = await last_check(session)
    assert found is not None
    assert "depth" in (found.first_difference or "")
