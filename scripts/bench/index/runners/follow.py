"""Our mirror following the ledger's own contracts until it is ended, for what is measured from outside."""

import asyncio

from chain.node import ChainNode
from indexer.db import make_engine
from indexer.worker import MirrorWorker
from scripts.bench.index.task import Task


async def follow(task: Task) -> None:
    """For ever, or until the mirror stops."""
    engine = make_engine(task.database)
    async with await ChainNode.connect(task.rpc_url, task.read_book()) as client:
        worker = MirrorWorker(
            client,
            engine,
            finality_blocks=task.finality_blocks,
            heads_url=task.rpc_url.replace("http://", "ws://", 1),
        )
        await worker.run_forever(standby=True)


if __name__ == "__main__":
    asyncio.run(follow(Task.given()))
