"""All benchmarks by name. A new one adds a line here, and is reached by `make bench NAME=…`."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Final

from scripts import screen
from scripts.exits import ExitCode, Failure

BENCHMARKS: Final[dict[str, tuple[str, str]]] = {
    "story": ("scripts.bench.story", "accepted quote to cash, import, memory, the whole demo"),
    "gas": (
        "scripts.bench.gas",
        "gas and code size, side by side with ERC-721, ERC-1155, ERC-3525 and ERC-20",
    ),
    "index": (
        "scripts.bench.index.run",
        "the mirror: backfill, real time, check and memory, side by side with Ponder, SQD and web3.py",
    ),
    "questions": (
        "scripts.bench.questions.run",
        "the mirror at a million lots and ten million events: what people ask, and how it grows",
    ),
}
"""name → (module with a function `bench(*, as_json)`, what it measures)"""

DIVISIBLE: Final = frozenset({"index", "questions"})
"""Those whose function takes `parts` and `events` as well."""


def bench(name: str | None, *, as_json: bool, parts: Sequence[str] = (), events: int | None = None) -> None:
    """Run a benchmark, or list them. Raises Failure for an unknown name, and for options that it lacks."""
    if name is None:
        for known, (_, what) in BENCHMARKS.items():
            screen.results().print(f"{known:<10} {what}")
        return
    if name not in BENCHMARKS:
        known = ", ".join(BENCHMARKS)
        raise Failure(
            ExitCode.BAD_USE, f"no benchmark {name!r}; there are {known}", rule="bench", place="NAME"
        )
    options: dict[str, Any] = {}
    if parts:
        options["parts"] = parts
    if events is not None:
        options["events"] = events
    if options and name not in DIVISIBLE:
        reason = f"{name} has no parts and no number of events"
        raise Failure(ExitCode.BAD_USE, reason, rule="bench", place="--part, --events")
    measure: Callable[..., None] = import_module(BENCHMARKS[name][0]).bench
    measure(as_json=as_json, **options)
