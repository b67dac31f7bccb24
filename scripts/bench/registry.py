"""All benchmarks by name. A new one adds a line here, and is reached by `make bench NAME=…`."""

from collections.abc import Callable
from importlib import import_module
from typing import Final

from scripts import screen
from scripts.exits import ExitCode, Failure

BENCHMARKS: Final[dict[str, tuple[str, str]]] = {
    "story": ("scripts.bench.story", "accepted quote to cash, import, memory, the whole demo"),
    "gas": (
        "scripts.bench.gas",
        "gas and code size, side by side with ERC-721, ERC-1155, ERC-3525 and ERC-20",
    ),
}
"""name → (module with a function `bench(*, as_json)`, what it measures)"""


def bench(name: str | None, *, as_json: bool) -> None:
    """Run a benchmark, or list them. Raises Failure for an unknown name."""
    if name is None:
        for known, (_, what) in BENCHMARKS.items():
            screen.results().print(f"{known:<8} {what}")
        return
    if name not in BENCHMARKS:
        known = ", ".join(BENCHMARKS)
        raise Failure(
            ExitCode.BAD_USE, f"no benchmark {name!r}; there are {known}", rule="bench", place="NAME"
        )
    measure: Callable[..., None] = import_module(BENCHMARKS[name][0]).bench
    measure(as_json=as_json)
