"""A figure beside its target, and how a list of them is shown."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table

from scripts import screen


@dataclass(frozen=True, slots=True)
class Figure:
    """`target` is the most that is allowed, in `unit`, or with `at_least` the least; None where nothing was
    promised. `note` says why there is no value.
    """

    name: str
    value: float | None
    unit: str
    target: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the promise is kept; None where there is none, or nothing was measured."""
        if self.value is None or self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "met": self.met}


def show(title: str, figures: Sequence[Figure], *, as_json: bool) -> None:
    """A table on standard output, or on standard error beside JSON."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for column, justify in (("figure", "left"), ("value", "right"), ("target", "right"), ("", "left")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]  # rich names its own literals
    for figure in figures:
        value = (
            figure.note or "not measured" if figure.value is None else f"{figure.value:,.10g} {figure.unit}"
        )
        target = "" if figure.target is None else f"{'≥' if figure.at_least else '≤'} {figure.target:,.10g}"
        mark = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}[figure.met]
        table.add_row(figure.name, value, target, mark)
    (screen.notices() if as_json else screen.results()).print(table)
