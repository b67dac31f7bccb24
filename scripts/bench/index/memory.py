"""Memory of a process and of all that it started."""

import asyncio
import os
import subprocess
import sys
from array import array
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from pathlib import Path
from typing import Final

SAMPLE_S: Final = 0.05
PARTS: Final = 10
MEGABYTE: Final = 1 << 20


class Peak:
    """The most that a tree of processes had resident at one time, as far as the samples show."""

    def __init__(self) -> None:
        self._samples = array("q")

    def add(self, resident: int) -> None:
        """A sample, in bytes."""
        self._samples.append(resident)

    @property
    def megabytes(self) -> float:
        """For people."""
        return _megabytes(self._samples)

    @property
    def over_time(self) -> tuple[float, ...]:
        """The most in each tenth of its life, in megabytes."""
        count = len(self._samples)
        bounds = [count * part // PARTS for part in range(PARTS + 1)]
        return tuple(_megabytes(self._samples[first:last]) for first, last in pairwise(bounds))


def _megabytes(samples: Sequence[int]) -> float:
    return round(max(samples, default=0) / MEGABYTE, 1)


@asynccontextmanager
async def watching(pid: int) -> AsyncIterator[Peak]:
    """Sample the tree under a process until the block ends."""
    peak = Peak()

    async def sample() -> None:
        while True:
            peak.add(tree_bytes(pid))
            await asyncio.sleep(SAMPLE_S)

    task = asyncio.create_task(sample())
    try:
        yield peak
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def tree_bytes(pid: int) -> int:
    """Resident bytes of a process and its descendants; 0 when it has ended."""
    return _linux_bytes(pid) if sys.platform == "linux" else _listed_bytes(pid)


def _linux_bytes(pid: int) -> int:
    # A process may end between two looks at it.
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = [int(child) for path in _children(pid) for child in path.read_text().split()]
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(_linux_bytes(child) for child in children)


def _children(pid: int) -> list[Path]:
    return list(Path(f"/proc/{pid}/task").glob("*/children"))


def _listed_bytes(pid: int) -> int:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,rss="], capture_output=True, text=True, check=True
    ).stdout
    resident: dict[int, int] = {}
    parents: dict[int, int] = {}
    for line in listed.splitlines():
        process, parent, kilobytes = map(int, line.split())
        resident[process], parents[process] = kilobytes * 1024, parent
    tree = {pid}
    while more := {child for child, parent in parents.items() if parent in tree} - tree:
        tree |= more
    return sum(resident.get(one, 0) for one in tree)
