"""Gas of each operation and code size of each contract, from the snapshot that `make gas` writes."""

from typing import Any

import msgspec

from chain.compile import CONTRACTS
from scripts import screen
from scripts.bench.figures import Figure, show
from scripts.exits import ExitCode, Failure


class _Entry(msgspec.Struct):
    name: str
    target: int | None = None
    gas: int | None = None
    bytes: int | None = None


def bench(*, as_json: bool) -> None:
    """Print the snapshot. Raises Failure where there is none."""
    path = CONTRACTS / "snapshots" / "gas.json"
    try:
        entries = msgspec.json.decode(path.read_bytes(), type=list[_Entry])
    except OSError as error:
        raise Failure(ExitCode.MISSING, "run `make gas`", rule="bench", place=str(path)) from error
    figures = [_figure(entry) for entry in entries]
    show("Gas and code size", figures, as_json=as_json)
    if as_json:
        document: dict[str, Any] = {"name": "gas", "figures": [figure.as_dict() for figure in figures]}
        screen.print_json(document)


def _figure(entry: _Entry) -> Figure:
    if entry.gas is not None:
        return Figure(entry.name, entry.gas, "gas", entry.target)
    return Figure(entry.name, entry.bytes, "bytes", entry.target)
