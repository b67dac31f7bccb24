"""Our mirror on the flat load: facts, cursor and both projections, into PostgreSQL or SQLite."""

import asyncio
import time

from chain.node import ChainNode
from indexer.db import make_engine, migrate
from indexer.worker import MirrorWorker
from scripts.bench.index.projector import FlatProjector
from scripts.bench.index.tables import create_tables
from scripts.bench.index.task import Answer, Task


async def mirror(task: Task) -> float:
    """Seconds from the first request to the last commit."""
    book = task.read_book()
    engine = make_engine(task.database)
    await create_tables(engine)
    async with await ChainNode.connect(task.rpc_url, book) as client:
        worker = MirrorWorker(client, engine, projector=FlatProjector(book), verify=task.verify)
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
