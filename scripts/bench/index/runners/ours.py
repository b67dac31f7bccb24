"""Our mirror on the flat load: facts, cursor and both projections, into PostgreSQL or SQLite."""

import asyncio

from indexer.db import make_engine
from indexer.schema import migrate
from scripts.bench.index.projector import FlatProjector
from scripts.bench.index.runners.backfilling import backfill
from scripts.bench.index.tables import create_tables
from scripts.bench.index.task import Answer, Task


async def mirror(task: Task) -> float:
    """Seconds from the first request to the last commit."""
    engine = make_engine(task.database)
    await create_tables(engine)
    await engine.dispose()
    return await backfill(task, FlatProjector(task.read_book()))


def main() -> None:
    """See the package."""
    task = Task.given()
    migrate(task.database)
    Answer({"all": asyncio.run(mirror(task))}).say()


if __name__ == "__main__":
    main()
