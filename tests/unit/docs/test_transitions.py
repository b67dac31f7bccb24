"""The published table of transitions is the one that the contracts are tested against."""

import csv
import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
KEYS = ("operation", "when", "lot")
UNREACHABLE = "-"


def _published() -> list[list[str]]:
    lines = (ROOT / "docs" / "transitions.md").read_text().splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    assert rows, "the page has no table"
    return rows


def _tested() -> list[list[str]]:
    with (ROOT / "contracts" / "test" / "tables" / "transitions.csv").open(newline="") as table:
        return list(csv.reader(table))


def _interface() -> str:
    return (ROOT / "contracts" / "src" / "interfaces" / "ILedger.sol").read_text()


def _states() -> set[str]:
    body = re.search(r"enum State {(.*?)}", _interface(), re.DOTALL)
    assert body
    return set(re.findall(r"\w+", body.group(1)))


def test_the_published_table_is_the_tested_one() -> None:
    assert _published() == _tested()


def test_there_is_a_column_for_every_state() -> None:
    columns = _tested()[0][len(KEYS) :]
    assert {column.split(" (")[0] for column in columns} == _states()


def test_every_cell_is_a_state_or_a_declared_error() -> None:
    errors = set(re.findall(r"error Ledger(\w+)\(", _interface()))
    words = {cell for row in _tested()[1:] for cell in row[len(KEYS) :]}
    assert words - {UNREACHABLE} <= _states() | errors
