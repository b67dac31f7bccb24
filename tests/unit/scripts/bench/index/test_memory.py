"""Memory is counted with all that a process has started."""

import asyncio
import subprocess
import sys

from scripts.bench.index.memory import MEGABYTE, tree_bytes, watching

HOLD = "held = b'x' * (60 << 20); print('held', flush=True); input()"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLD!r}])"


async def test_the_child_of_a_child_counts() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    async with watching(process.pid) as peak:
        assert await process.stdout.readline() == b"held\n"
        assert tree_bytes(process.pid) > 60 * MEGABYTE
        await asyncio.sleep(0.2)
        process.stdin.write(b"\n")
        await process.communicate()
    assert 60 < peak.megabytes < 200
    assert len(peak.over_time) == 10
    assert max(peak.over_time) == peak.megabytes


def test_a_process_that_is_gone_has_none() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert tree_bytes(ended.pid) == 0
