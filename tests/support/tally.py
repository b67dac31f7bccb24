"""The command `tally` as a real process: run to its end, or kept running and looked at."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
REAL_INVOICES = ROOT.parent / "shared" / "invoices"
"""Real e-invoices, where a checkout has them beside it; they are not copied into the project."""

_PATIENCE_S = 180.0


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TALLY_")}
    inherited.pop("INVOICES", None)
    return {**inherited, **extra}


def _command(arguments: Sequence[str | Path]) -> list[str]:
    return [sys.executable, "-m", "scripts.tally", *map(str, arguments)]


def tally(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a verb to its end; its exit code is looked at by whoever asked."""
    return subprocess.run(
        _command(arguments),
        cwd=ROOT,
        env=_environment(environment),
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )


def last_json(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The object that is the last line of standard output."""
    document: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return document


class Process:
    """A verb that runs until it is ended; `with Process("up", …) as up:` kills what the test left running."""

    def __init__(self, log: Path, *arguments: str | Path, **environment: str) -> None:
        self.log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                _command(arguments),
                cwd=ROOT,
                env=_environment(environment),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=_PATIENCE_S)

    @property
    def output(self) -> str:
        """What it has said so far."""
        return self.log.read_text(errors="replace")

    def wait_for(self, text: str) -> str:
        """What it has said, once it has said `text`."""
        deadline = time.monotonic() + _PATIENCE_S
        while text not in self.output:
            assert self._process.poll() is None, f"it ended:\n{self.output}"
            assert time.monotonic() < deadline, f"it never said {text!r}:\n{self.output}"
            time.sleep(0.05)
        return self.output

    def descendants(self) -> set[int]:
        """Process ids of its children and theirs (Linux)."""
        return _descendants(self._process.pid)

    def interrupt(self) -> int:
        """Ctrl-C; its exit code."""
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(timeout=_PATIENCE_S)

    def kill_everything(self) -> None:
        """`kill -9` of it and of all that it started, at once."""
        for pid in {self._process.pid, *self.descendants()}:
            os.kill(pid, signal.SIGKILL)
        self._process.wait(timeout=_PATIENCE_S)


def _descendants(pid: int) -> set[int]:
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child, *_descendants(child)}
    return found


def alive(pids: set[int]) -> set[int]:
    """Those that still run; a child that ended but was not waited for does not."""
    running = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            continue
        if state != "Z":
            running.add(pid)
    return running
