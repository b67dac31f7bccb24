"""Our mirror on the ledger's own contracts: facts, cursor and every projection, into PostgreSQL or SQLite."""

import asyncio

from indexer.schema import migrate
from scripts.bench.index.runners.backfilling import backfill
from scripts.bench.index.task import Answer, Task


def main() -> None:
    """See the package."""
    task = Task.given()
    migrate(task.database)
    Answer({"all": asyncio.run(backfill(task))}).say()


if __name__ == "__main__":
    main()
