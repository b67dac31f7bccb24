"""Every branch of the test plans ends in a test that exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CONTRACT_TESTS = ROOT / "contracts" / "test"
TREES = sorted((CONTRACT_TESTS / "trees").glob("*.tree"))
TITLE = re.compile(r"^\w[\w:, ]*$")
BRANCH = re.compile(r"^(?P<stem>(?:│   |    )*)(?:├── |└── )(?P<text>.+)$")
NAME = r"\w+\.test\w*"
LEAF = re.compile(rf"^it should .+ \[{NAME}(?:, {NAME})*\]$")

every_tree = pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.stem)


def _tests() -> set[str]:
    """`Contract.function` of every test of the contracts."""
    tests = set()
    for path in CONTRACT_TESTS.glob("*.t.sol"):
        _, *parts = re.split(r"^(?:abstract )?contract (\w+)", path.read_text(), flags=re.MULTILINE)
        for contract, body in zip(parts[::2], parts[1::2], strict=True):
            tests |= {f"{contract}.{name}" for name in re.findall(r"function (test\w*)\(", body)}
    return tests


def _branches(tree: Path) -> list[tuple[int, str]]:
    """Depth and text of each line; the titles, mostly `Contract::function`, have depth 0."""
    branches = []
    for line in tree.read_text().splitlines():
        if not line:
            continue
        found = BRANCH.match(line)
        if found:
            branches.append((1 + len(found["stem"]) // 4, found["text"]))
        else:
            assert TITLE.match(line), f"neither a title nor a branch: {line}"
            branches.append((0, line))
    return branches


def _leaves(tree: Path) -> list[str]:
    branches = _branches(tree)
    depths = [depth for depth, _ in branches] + [0]
    return [text for index, (depth, text) in enumerate(branches) if depths[index + 1] <= depth]


def test_there_is_a_plan_for_each_contract_but_the_lens_which_only_reads() -> None:
    sources = (CONTRACT_TESTS.parent / "src").rglob("*.sol")
    contracts = {
        name for path in sources for name in re.findall(r"^contract (\w+)", path.read_text(), re.MULTILINE)
    }
    planned = {text.split("::")[0] for tree in TREES for depth, text in _branches(tree) if depth == 0}
    assert contracts - planned == {"Lens"}


@every_tree
def test_every_leaf_names_its_test(tree: Path) -> None:
    assert [leaf for leaf in _leaves(tree) if not LEAF.match(leaf)] == []


@every_tree
def test_only_leaves_say_what_should_happen(tree: Path) -> None:
    texts = [text for _, text in _branches(tree)]
    assert sum("it should" in text for text in texts) == len(_leaves(tree))


@every_tree
def test_every_named_test_exists(tree: Path) -> None:
    lists = re.findall(r"\[(.+)\]$", tree.read_text(), re.MULTILINE)
    named = {name for names in lists for name in names.split(", ")}
    assert named - _tests() == set()
