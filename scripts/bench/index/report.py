"""What is printed: rates with memory, ratios, figures beside their targets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.table import Table

from scripts import screen
from scripts.bench.figures import Figure
from scripts.bench.figures import show as show_figures
from scripts.bench.index.outcome import Outcome, Ratio


@dataclass(slots=True)
class Report:
    """Filled part by part. `wrong` is what our own mirror got wrong, which fails the command."""

    outcomes: list[Outcome] = field(default_factory=list)
    ratios: list[Ratio] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "name": "index",
            "outcomes": [one.as_dict() for one in self.outcomes],
            "ratios": [one.as_dict() for one in self.ratios],
            "figures": [one.as_dict() for one in self.figures],
            "wrong": self.wrong,
        }


def show(report: Report, *, as_json: bool) -> None:
    """Three tables on standard output, or on standard error beside JSON."""
    console = screen.notices() if as_json else screen.results()
    console.print(_rates(report.outcomes))
    if report.ratios:
        console.print(_ratios(report.ratios))
    show_figures("Figures", report.figures, as_json=as_json)
    if as_json:
        screen.print_json(report.as_dict())


def _rates(outcomes: Sequence[Outcome]) -> Table:
    table = Table(title="Rates", title_justify="left", header_style="bold")
    table.add_column("runner")
    for column in ("events", "events/s", "timed s", "whole process s", "peak MB"):
        table.add_column(column, justify="right")
    table.add_column("")
    for one in outcomes:
        table.add_row(
            one.name,
            f"{one.events:,}",
            _number(one.events_per_s, ",d"),
            _number(one.seconds, ".2f"),
            _number(one.wall_s, ".1f"),
            _number(one.peak_mb, ".0f"),
            f"[red]{one.problem}[/]" if one.problem else "",
        )
    return table


def _ratios(ratios: Sequence[Ratio]) -> Table:
    table = Table(title="Ours ÷ theirs", title_justify="left", header_style="bold")
    for column, justify in (("ours", "left"), ("theirs", "left"), ("times as fast", "right")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]  # rich names its own literals
    for one in ratios:
        table.add_row(one.ours, one.peer, _number(one.value, ",.2f") or "not measured")
    return table


def _number(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)
