"""What `tally index check` does, on a mirror that is there already."""

import asyncio
import sys
import time

from chain.node import ChainNode
from scripts.bench.index.task import Answer, Task
from scripts.system.checks import MirrorCheck, check_mirror


async def check(task: Task) -> MirrorCheck:
    """Every field, both ways."""
    async with await ChainNode.connect(task.rpc_url, task.read_book()) as client:
        return await check_mirror(client, task.database)


def main() -> None:
    """See the package. A mirror that differs ends it with the first difference."""
    started, worked = time.perf_counter(), time.process_time()
    checked = asyncio.run(check(Task.given()))
    seconds, processor = time.perf_counter() - started, time.process_time() - worked
    if checked.differences or not checked.cash_holds:
        first = checked.differences[:1]
        sys.exit(f"{len(checked.differences)} differences, cash holds: {checked.cash_holds}; {first}")
    Answer({"all": seconds, "processor": processor}, fields=checked.fields).say()


if __name__ == "__main__":
    main()
