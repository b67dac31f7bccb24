"""What the worker can be asked for: a benchmark of a mirror that cannot do a thing says so, and goes on."""

import sys
from inspect import signature
from typing import Any

from indexer.worker import MirrorWorker
from scripts.bench.index.outcome import NOT_BUILT
from scripts.bench.index.task import Task


def options(task: Task) -> dict[str, Any]:
    """Keywords of the worker for a task: blocks that may go away, proofs, a subscription where there is one.

    Ends the process where the task wants proofs that the worker cannot make.
    """
    known = signature(MirrorWorker).parameters
    wanted: dict[str, Any] = {"finality_blocks": task.finality_blocks}
    if task.verify:
        if "verify" not in known:
            sys.exit(f"{NOT_BUILT}: the mirror cannot prove blocks")
        wanted["verify"] = True
    if task.subscribe and "heads_url" in known:
        wanted["heads_url"] = task.rpc_url.replace("http://", "ws://", 1)
    return wanted
