"""A process with mirror and sender that kills itself at a step of a lane, or stops when all is done.

`python -m tests.support.crash_child <step or ""> <how many times the step is passed first>`, settings in the
environment.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable

from sqlmodel import col, func, select

from api.bootstrap import Application, build, open_signers
from api.outbox.lane import Step
from api.outbox.models import FINAL_STATES, Operation
from api.settings import Settings
from chain.address_book import AddressBook
from chain.client import LedgerClient
from indexer.db import make_engine
from indexer.feed import MirrorFeed
from indexer.worker import MirrorWorker


def killer(step: Step, passes: int) -> Callable[[Step], None]:
    left = passes

    def reached(at: Step) -> None:
        nonlocal left
        if at is step:
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

    return reached


def ignore(_at: Step) -> None:
    """Nothing is to happen."""


async def all_final(application: Application) -> None:
    statement = select(func.count()).where(col(Operation.state).not_in(FINAL_STATES))
    while True:
        async with application.resources.databases.reading() as session:
            if not await session.scalar(statement):
                return
        await asyncio.sleep(0.02)


async def main(settings: Settings, step: str, passes: int) -> None:
    feed = MirrorFeed()
    engine = make_engine(settings.mirror_database_url.get_secret_value())
    reached = killer(Step(step), passes) if step else ignore
    application = await build(settings, signers=open_signers(settings), feed=feed, reached=reached)
    book = AddressBook.read(settings.address_book)
    async with await LedgerClient.connect(settings.rpc_url.get_secret_value(), book) as client:
        tasks = [
            asyncio.create_task(MirrorWorker(client, engine, feed=feed).run_forever()),
            asyncio.create_task(application.send_forever()),
        ]
        await all_final(application)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await application.close()
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(Settings(_env_file=None), sys.argv[1], int(sys.argv[2])))
