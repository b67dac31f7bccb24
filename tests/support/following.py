"""A worker that follows its node while a test looks on."""

import asyncio
from contextlib import asynccontextmanager, suppress

from indexer.worker import MirrorWorker


@asynccontextmanager
async def following(worker: MirrorWorker):
    task = asyncio.create_task(worker.run_forever())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await task
