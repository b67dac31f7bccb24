"""A runner as a process of its own, its memory watched, its answer read."""

import asyncio
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from chain.compile import REPOSITORY
from scripts.bench.index.memory import watching
from scripts.bench.index.task import Answer, Task

TIMEOUT_S: Final = 1_800.0
LINE_BYTES_MAX: Final = 1 << 24
"""Some programs log a whole stack, or what they sent, on one line."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What a process said and used; `wall_s` from its start to its end, starting the interpreter included."""

    output: str
    errors: str
    code: int
    wall_s: float
    peak_mb: float
    memory_mb: tuple[float, ...]

    @property
    def last_words(self) -> str:
        """Why it failed, as far as its last line tells."""
        said = (self.errors.strip() or self.output.strip()).splitlines()
        return said[-1][:300] if said else f"exit code {self.code}"


@dataclass(frozen=True, slots=True)
class Measured:
    """A runner's answer and memory, or the problem why there is none."""

    answer: Answer
    wall_s: float
    peak_mb: float
    problem: str = ""
    memory_mb: tuple[float, ...] = ()


async def run_python(module: str, task: Task) -> Measured:
    """A runner of `scripts.bench.index.runners` to its end."""
    command = [sys.executable, "-m", f"scripts.bench.index.runners.{module}", task.as_text()]
    ended = await run(command, REPOSITORY, {})
    if ended.code != 0:
        return Measured(Answer({}), ended.wall_s, ended.peak_mb, ended.last_words, ended.memory_mb)
    answer = msgspec.json.decode(ended.output.splitlines()[-1], type=Answer)
    return Measured(answer, ended.wall_s, ended.peak_mb, memory_mb=ended.memory_mb)


async def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], *, until: str | None = None
) -> Ended:
    """A command to its end, or killed with all it started once it says `until`, or after TIMEOUT_S.

    Raises TimeoutError, and FileNotFoundError where there is no such program.
    """
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        limit=LINE_BYTES_MAX,
    )
    async with watching(process.pid) as peak:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                output, errors = await asyncio.gather(_said(process, until), _rest(process.stderr))
                await process.wait()
        finally:
            await kill(process)
    wall_s = time.perf_counter() - started
    code = process.returncode if process.returncode is not None else -1
    return Ended(output.decode(), errors.decode(), code, wall_s, peak.megabytes, peak.over_time)


async def _said(process: asyncio.subprocess.Process, until: str | None) -> bytes:
    """Standard output; with `until` the process is killed at the line that has it."""
    said = []
    async for line in process.stdout or asyncio.StreamReader():
        said.append(line)
        if until is not None and until.encode() in line:
            await kill(process)
    return b"".join(said)


async def _rest(stream: asyncio.StreamReader | None) -> bytes:
    return await stream.read() if stream is not None else b""


async def kill(process: asyncio.subprocess.Process) -> None:
    """End a process that leads a session of its own, and all that it started, at once."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, 9)
    await process.wait()
