"""What goes where: results to standard output, everything else to standard error."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text
from typing_extensions import override

FILE_COLUMNS: Final = 200


def results() -> Console:
    """Standard output, for what a person asked to see."""
    return _console(stderr=False)


def notices() -> Console:
    """Standard error: narration beside JSON, progress, refusals."""
    return _console(stderr=True)


def silence() -> Console:
    """Nowhere."""
    return Console(quiet=True)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    # A file or a pipe has no width of its own, and tables folded to 80 columns cannot be read.
    return Console(
        stderr=stderr, highlight=False, soft_wrap=True, width=None if stream.isatty() else FILE_COLUMNS
    )


def print_json(document: Any) -> None:
    """One JSON document on one line, the last of standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class _RateColumn(ProgressColumn):
    """How many a second."""

    @override
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f}/s")


@contextmanager
def progress_bar(label: str, total: int | None) -> Iterator[tuple[Progress, Any]]:
    """A bar on standard error with rate and time left, gone when the work is done; nothing where no person
    looks.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=notices(), transient=True, disable=not sys.stderr.isatty()) as progress:
        yield progress, progress.add_task(label, total=total)
