"""What the ledger does, beside what other token models need for it. Pure: figures in, comparisons out."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from rich.table import Table

from scripts import screen
from scripts.exits import ExitCode, Failure

LOSES: Final = {
    "ERC-721": "the part that is split ends, and whatever named it; lineage is what an issuer adds"
    " (here a word a token); only the owner signs; title and money move apart",
    "ERC-1155": "lineage: a part is a balance like any other, and cannot be traced, frozen or pledged"
    " by itself; only the owner signs; title and money move apart",
    "ERC-3525": "the parent is in an event only, and what is added to a part mixes its origins;"
    " only the owner signs; title and money move apart",
    "ERC-20": "who pays brings the list of holders and is believed; in one call a bad holder stops all,"
    " and a block bounds their number; with a transfer each nothing proves that all were paid",
}
"""What each model gives up against the ledger."""

HOLDERS: Final = (10, 100, 1000)

_SPLIT: Final = "split, ledger primitive"
_ASSIGN: Final = "assign, two signatures, relayed"
_BATCH: Final = "assign, two signatures, each in a batch of 20"
_PAY: Final = "pay in full, one signature, relayed, with cash"
_CLAIM: Final = "claim, per lot in a batch of 10"
_SIZE: Final = "code size Ledger"

Figures = Mapping[str, int]
"""Name of a figure → gas or bytes."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One operation, in the ledger and in another model, which does it in this `way`."""

    operation: str
    unit: str
    ours: int
    model: str
    way: str
    theirs: int

    @property
    def ratio(self) -> float:
        """Ours ÷ theirs: below 1 the ledger needs less."""
        return self.ours / self.theirs

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "ratio": round(self.ratio, 4)}


_SINGLE: Final = (
    ("ERC-721", "burn one, mint two", "split"),
    ("ERC-3525", "part to a new token", "split"),
    ("ERC-3525", "part to a token held before", "add to a part"),
    ("ERC-1155", "part of a balance", "split"),
)
_TWENTY: Final = (
    ("ERC-721", "burn one, mint 21", "batch"),
    ("ERC-3525", "in a loop around it", "batch"),
    ("ERC-1155", "20 receivables to one holder", "batch"),
)
_CODE: Final = tuple((model, "", "code size") for model in ("ERC-721", "ERC-3525", "ERC-1155"))

_SIDE_BY_SIDE: Final = (
    ("split, ledger primitive", "gas", _SPLIT, _SINGLE),
    ("split, ours signed by both and relayed", "gas", _ASSIGN, _SINGLE),
    ("each of 20 splits in one call, ours signed by both", "gas", _BATCH, _TWENTY),
    ("code size, ours the Ledger", "bytes", _SIZE, _CODE),
)
"""(operation, unit, our figure, (model, way, its figure) …)"""


def compare(ledger: Figures, models: Mapping[str, Figures]) -> list[Comparison]:
    """Every comparison. Raises Failure where a figure that is compared was not measured."""
    return [*_splits(ledger, models), *_payments(ledger, models)]


def _splits(ledger: Figures, models: Mapping[str, Figures]) -> Iterator[Comparison]:
    for operation, unit, name, others in _SIDE_BY_SIDE:
        ours = _figure(ledger, name, "the ledger")
        for model, way, figure in others:
            yield Comparison(operation, unit, ours, model, way, _of(models, model, figure))


def _payments(ledger: Figures, models: Mapping[str, Figures]) -> Iterator[Comparison]:
    """The debtor pays once and each holder claims, against a debtor who pays holder by holder.

    A claim, and a transfer in a transaction of its own, cost the same whatever the number: one is measured
    and multiplied. A call that pays all is measured for each number.
    """
    pay, claim = _figure(ledger, _PAY, "the ledger"), _figure(ledger, _CLAIM, "the ledger")
    transfer = _of(models, "ERC-20", "transfer")
    for count in HOLDERS:
        push = _of(models, "ERC-20", f"push to {count}")
        debtor, everybody = (
            f"debtor pays {count:,} holders",
            f"the same, with the {count:,} claims (computed)",
        )
        yield Comparison(debtor, "gas", pay, "ERC-20", "all in one call", push)
        yield Comparison(debtor, "gas", pay, "ERC-20", "a transfer each (computed)", transfer * count)
        yield Comparison(everybody, "gas", pay + claim * count, "ERC-20", "all in one call", push)
        yield Comparison(
            everybody, "gas", pay + claim * count, "ERC-20", "a transfer each (computed)", transfer * count
        )


def _of(models: Mapping[str, Figures], model: str, name: str) -> int:
    return _figure(models.get(model, {}), name, model)


def _figure(figures: Figures, name: str, whose: str) -> int:
    if name not in figures:
        raise Failure(
            ExitCode.DIFFERS,
            f"{whose} has no figure {name!r}; was it renamed in its gas test?",
            rule="bench",
            place="scripts/bench/models.py",
        )
    return figures[name]


def show(comparisons: list[Comparison], *, as_json: bool) -> None:
    """Two tables, the comparisons and what each model loses; on standard error beside JSON."""
    console = screen.notices() if as_json else screen.results()
    table = Table(title="Side by side", title_justify="left", header_style="bold")
    for column in ("operation", "model", "how"):
        table.add_column(column)
    for column in ("ours", "theirs", "ours ÷ theirs"):
        table.add_column(column, justify="right")
    previous = ""
    for one in comparisons:
        operation = "" if one.operation == previous else one.operation
        mark = "green" if one.ratio <= 1 else "red"
        table.add_row(
            operation,
            one.model,
            one.way,
            f"{one.ours:,}",
            f"{one.theirs:,} {one.unit}",
            f"[{mark}]{one.ratio:.3f}[/]",
        )
        previous = one.operation
    console.print(table)
    losses = Table(title="What each model loses", title_justify="left", header_style="bold")
    losses.add_column("model")
    losses.add_column("loses", overflow="fold")
    for model, what in LOSES.items():
        losses.add_row(model, what)
    console.print(losses)
