"""What counts as covered, and what is said about the rest."""

import json
from pathlib import Path

import pytest

from scripts.proofs.coverage import (
    EXCEPTIONS,
    Covered,
    Unreachable,
    complaints,
    judge,
    read_exceptions,
    read_lcov,
    table,
)
from scripts.proofs.probes import Probe

CONDITION = Probe("src/A.sol", 7, "amount == 0", (10, 12))
FIRST = Probe("src/A.sol", 7, "if (amount == 0) return;", (20,))
SECOND = Probe("src/A.sol", 7, "amount = 1", (24,))


def covered(**hits: int) -> dict[str, Covered]:
    return judge([CONDITION, FIRST, SECOND], {int(line[1:]): count for line, count in hits.items()})


def test_hit_counts_are_read_by_file_and_line() -> None:
    text = "TN:\nSF:src/A.sol\nDA:3,1\nDA:4,0\nBRDA:4,0,0,-\nend_of_record\nSF:src/B.sol\nDA:3,7\n"
    assert read_lcov(text) == {"src/A.sol": {3: 1, 4: 0}, "src/B.sol": {3: 7}}


def test_all_is_covered_when_everything_ran_and_each_condition_was_both() -> None:
    found = covered(L10=1, L12=4, L20=5, L24=5)
    assert complaints(found, []) == []
    assert table(found).splitlines()[-1].split() == ["all", "1/1", "100.0", "%", "2/2", "100.0", "%"]


def test_a_condition_that_was_never_false_is_named() -> None:
    found = covered(L10=1, L12=0, L20=1, L24=1)
    assert complaints(found, []) == ["src/A.sol:7: never false: amount == 0"]
    assert "1/2  50.0 %" in table(found)


def test_a_line_of_two_statements_is_covered_only_when_both_ran() -> None:
    assert complaints(covered(L10=1, L12=1, L20=1), []) == ["src/A.sol:7: never run"]


def test_an_exception_excuses_its_outcome_only() -> None:
    excuse = Unreachable("src/A.sol", "amount == 0", "false", "the caller has checked it")
    assert complaints(covered(L10=1, L20=1, L24=1), [excuse]) == []
    assert complaints(covered(L20=1, L24=1), [excuse]) == ["src/A.sol:7: never true: amount == 0"]


def test_an_exception_that_nothing_needs_is_refused() -> None:
    excuse = Unreachable("src/A.sol", "amount == 0", "false", "was true once")
    assert complaints(covered(L10=1, L12=1, L20=1, L24=1), [excuse]) == [
        "src/A.sol: not missed, but excepted as never false: amount == 0"
    ]


def test_a_share_is_rounded_down() -> None:
    lines = {line: line != 1 for line in range(1, 20_001)}
    assert "99.9 %" in table({"src/A.sol": Covered(lines=lines)})


def test_a_committed_exception_has_a_reason(tmp_path: Path) -> None:
    assert all(item.reason for item in read_exceptions(EXCEPTIONS))
    bare = tmp_path / "exceptions.json"
    bare.write_text(json.dumps([{"file": "src/A.sol", "code": "a", "outcome": "true"}]))
    with pytest.raises(ValueError, match="reason"):
        read_exceptions(bare)
