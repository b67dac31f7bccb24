"""What both runners of ours do: a backfill by the clock."""

import time

from chain.node import ChainNode
from indexer.db import make_engine
from indexer.sealing import Proofs
from indexer.worker import MirrorWorker, Projects
from scripts.bench.index.task import Task


async def backfill(task: Task, projector: Projects | None = None) -> float:
    """Seconds from the first request to the last commit."""
    engine = make_engine(task.database)
    async with await ChainNode.connect(task.rpc_url, task.read_book()) as client:
        worker = MirrorWorker(client, engine, projector=projector, proofs=Proofs(receipts=task.verify))
        started = time.perf_counter()
        await worker.catch_up(task.through)
        seconds = time.perf_counter() - started
    await engine.dispose()
    return seconds
