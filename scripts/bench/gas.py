"""`tally bench gas`: gas and code size of the ledger beside their targets and beside other token models."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from scripts import screen
from scripts.bench import models
from scripts.bench.figures import Figure, show
from scripts.bench.forge import CACHE, install_models, measure_ledger, measure_models


class _Row(msgspec.Struct):
    name: str
    target: int | None = None
    gas: int | None = None
    bytes: int | None = None


def bench(*, as_json: bool) -> None:
    """Measure and print. A missed target is printed, and is no failure of the command. Raises Failure."""
    install_models()
    with TemporaryDirectory(dir=CACHE, prefix="bench-") as folder:
        rows, figures_of_models = Path(folder) / "ledger.json", Path(folder) / "models"
        measure_ledger(rows)
        measure_models(figures_of_models)
        ledger, others = read_ledger(rows), read_models(figures_of_models)
    measured = {figure.name: int(figure.value) for figure in ledger if figure.value is not None}
    comparisons = models.compare(measured, others)
    show("Gas and code size", ledger, as_json=as_json)
    models.show(comparisons, as_json=as_json)
    if as_json:
        document: dict[str, Any] = {
            "name": "gas",
            "figures": [figure.as_dict() for figure in ledger],
            "comparisons": [comparison.as_dict() for comparison in comparisons],
            "loses": models.LOSES,
        }
        screen.print_json(document)


def read_ledger(rows: Path) -> list[Figure]:
    """The rows that contracts/test/Gas.t.sol has written."""
    return [_figure(row) for row in msgspec.json.decode(rows.read_bytes(), type=list[_Row])]


def read_models(folder: Path) -> dict[str, dict[str, int]]:
    """Model → its figures, from the files that forge has written, one for each model."""
    return {
        # forge writes numbers as text
        path.stem: msgspec.json.decode(path.read_bytes(), type=dict[str, int], strict=False)
        for path in sorted(folder.glob("*.json"))
    }


def _figure(row: _Row) -> Figure:
    if row.gas is not None:
        return Figure(row.name, row.gas, "gas", row.target)
    return Figure(row.name, row.bytes, "bytes", row.target)
