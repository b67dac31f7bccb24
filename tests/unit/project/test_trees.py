"""The test plans of the contracts name tests that exist: each leaf ends with those that cover it."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[3] / "contracts" / "test"
TREES = sorted((TESTS / "trees").glob("*.tree"))
LEAF = re.compile(r"it should .* \[(\w+\.\w+(?:, \w+\.\w+)*)\]$")


def _tests() -> set[str]:
    names = set()
    for path in TESTS.glob("*.t.sol"):
        contract = ""
        for line in path.read_text().splitlines():
            if declared := re.match(r"(?:abstract )?contract (\w+)", line):
                contract = declared.group(1)
            if test := re.search(r"function ((?:test|invariant)\w+)", line):
                names.add(f"{contract}.{test.group(1)}")
    return names


def test_there_are_plans() -> None:
    assert TREES


@pytest.mark.parametrize("tree", TREES, ids=lambda path: path.stem)
def test_each_leaf_names_the_tests_that_cover_it(tree: Path) -> None:
    leaves = [line for line in tree.read_text().splitlines() if "it should" in line]
    assert leaves
    matches = [LEAF.search(line) for line in leaves]
    assert [line for line, match in zip(leaves, matches, strict=True) if match is None] == []
    named = {name for match in matches if match for name in match.group(1).split(", ")}
    assert named - _tests() == set()
