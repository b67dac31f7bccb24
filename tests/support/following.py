"""A worker that follows its node while a test looks on."""

import asyncio
from collections.abc import Awaitable, Callable
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


async def until(condition: Callable[[], bool], timeout_s: float = 30) -> None:
    """Look every millisecond, without touching what is looked at. Raises TimeoutError."""
    async with asyncio.timeout(timeout_s):
        while True:
            if condition():
                return
            await asyncio.sleep(0.001)


async def until_async(condition: Callable[[], Awaitable[bool]], timeout_s: float = 30) -> None:
    """The same for what has to be waited for itself."""
    async with asyncio.timeout(timeout_s):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.02)
