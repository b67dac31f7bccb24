"""Our mirror on the ledger's own contracts: facts, cursor and every projection, into PostgreSQL or SQLite."""

import asyncio
import time

from chain.node import ChainNode
from indexer.db import make_engine, migrate
from indexer.worker import MirrorWorker
from scripts.bench.index.task import Answer, Task


async def mirror(task: Task) -> float:
    """Seconds from the first request to the last commit."""
    engine = make_engine(task.database)
    async with await ChainNode.connect(task.rpc_url, task.read_book()) as client:
        worker = MirrorWorker(client, engine)
        started = time.perf_counter()
        await worker.catch_up(task.through)
        seconds = time.perf_counter() - started
    await engine.dispose()
    return seconds


def main() -> None:
    """See the package."""
    task = Task.given()
    migrate(task.database)
    Answer({"all": asyncio.run(mirror(task))}).say()


if __name__ == "__main__":
    main()
