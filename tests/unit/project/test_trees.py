"""Every branch of the test plans ends in a test that exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CONTRACT_TESTS = ROOT / "contracts" / "test"
TREES = sorted((CONTRACT_TESTS / "trees").glob("*.tree"))
BRANCH = re.compile(r"^(?P<stem>(?:│   |    )*)(?:├── |└── )(?P<text>.+)$")
LEAF = re.compile(r"^it should .+ \[(?P<test>\w+)\]$")

every_tree = pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.stem)


def _test_functions() -> set[str]:
    sources = (path.read_text() for path in CONTRACT_TESTS.glob("*.t.sol"))
    return {name for source in sources for name in re.findall(r"function (test\w*)\(", source)}


def _branches(tree: Path) -> list[tuple[int, str]]:
    """Depth and text of each line below the roots, which are `Contract::function`."""
    branches = []
    for line in tree.read_text().splitlines():
        if not line:
            continue
        found = BRANCH.match(line)
        if found:
            branches.append((1 + len(found["stem"]) // 4, found["text"]))
        else:
            assert re.fullmatch(r"\w+::[\w ]+", line), f"neither a root nor a branch: {line}"
            branches.append((0, line))
    return branches


def _leaves(tree: Path) -> list[str]:
    branches = _branches(tree)
    depths = [depth for depth, _ in branches] + [0]
    return [text for index, (depth, text) in enumerate(branches) if depths[index + 1] <= depth]


def test_there_is_a_plan_for_each_contract_that_moves_title_or_money() -> None:
    assert {tree.stem for tree in TREES} >= {"Ledger", "Settlement", "Enforcement", "Issuance"}


@every_tree
def test_every_leaf_names_its_test(tree: Path) -> None:
    assert [leaf for leaf in _leaves(tree) if not LEAF.match(leaf)] == []


@every_tree
def test_only_leaves_say_what_should_happen(tree: Path) -> None:
    texts = [text for _, text in _branches(tree)]
    assert sum("it should" in text for text in texts) == len(_leaves(tree))


@every_tree
def test_every_named_test_exists(tree: Path) -> None:
    named = set(re.findall(r"\[(\w+)\]", tree.read_text()))
    assert named - _test_functions() == set()
