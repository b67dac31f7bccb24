"""What is known of mutants, and for how long."""

import time
from pathlib import Path

import pytest

from scripts.proofs import trials
from scripts.proofs.mutants import Mutant
from scripts.proofs.trials import (
    ROUNDS,
    MutationError,
    Results,
    Round,
    Suite,
    Tried,
    Verdict,
    failing,
    try_all,
    try_round,
)

CONTRACTS = {"src/A.sol": "contract A {}"}
ONE = Mutant(1, "src/A.sol", 1, 9, "a < b", "a <= b")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as contracts/: two tests, of which one imports a file of ours."""
    files = {
        "foundry.toml": "[profile.mutants.fuzz]\nruns = 64",
        "test/A.t.sol": 'import {World} from "./support/World.sol"; contract ATest {}',
        "test/B.t.sol": "contract BTest {}",
        "test/support/World.sol": 'import {A} from "../../src/A.sol"; contract World {}',
        "test/symbolic/A.t.sol": "contract AProof {}",
        "test/tables/cells.csv": "a,b",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def results(folder: Path, contracts: dict[str, str] = CONTRACTS) -> Results:
    """As the next run reads them."""
    return Results(contracts, Suite(folder), folder / "results.jsonl")


def verdict(found: Tried | None) -> Verdict | None:
    return found.verdict if found else None


def test_what_was_killed_stays_killed_while_tests_are_added_and_other_tests_change(folder: Path) -> None:
    results(folder).add(ONE, "killed", "test/A.t.sol")
    (folder / "test/C.t.sol").write_text("contract CTest {}", "utf-8")
    (folder / "test/B.t.sol").write_text("contract BTest { uint256 a; }", "utf-8")
    assert verdict(results(folder).get(ONE)) == "killed"


@pytest.mark.parametrize("file", ["test/A.t.sol", "test/support/World.sol", "test/tables/cells.csv"])
def test_what_was_killed_is_tried_again_when_the_test_that_failed_changes(folder: Path, file: str) -> None:
    results(folder).add(ONE, "killed", "test/A.t.sol")
    (folder / file).write_text("changed", "utf-8")
    assert results(folder).get(ONE) is None


def test_what_was_killed_is_tried_again_when_the_test_that_failed_is_gone(folder: Path) -> None:
    results(folder).add(ONE, "killed", "test/A.t.sol")
    (folder / "test/A.t.sol").unlink()
    assert results(folder).get(ONE) is None


@pytest.mark.parametrize("found", ["survived", "hung"])
@pytest.mark.parametrize("file", ["test/B.t.sol", "test/C.t.sol", "foundry.toml"])
def test_what_was_not_killed_is_tried_again_when_any_test_or_the_number_of_cases_changes(
    folder: Path, found: Verdict, file: str
) -> None:
    results(folder).add(ONE, found, "")
    assert verdict(results(folder).get(ONE)) == found
    (folder / file).write_text("[profile.mutants.fuzz]\nruns = 65", "utf-8")
    assert results(folder).get(ONE) is None


def test_a_proof_is_no_test_that_a_mutant_meets(folder: Path) -> None:
    results(folder).add(ONE, "survived", "")
    (folder / "test/symbolic/A.t.sol").write_text("changed", "utf-8")
    assert verdict(results(folder).get(ONE)) == "survived"


def test_every_mutant_is_tried_again_when_a_contract_changes(folder: Path) -> None:
    results(folder).add(ONE, "killed", "test/A.t.sol")
    assert results(folder, {"src/A.sol": "contract A { uint256 a; }"}).get(ONE) is None


def test_a_mutant_is_known_by_its_place_and_not_by_its_number(folder: Path) -> None:
    results(folder).add(ONE, "killed", "test/A.t.sol")
    known = results(folder)
    assert verdict(known.get(Mutant(7, "src/A.sol", 1, 9, "a < b", "a <= b"))) == "killed"
    assert known.get(Mutant(1, "src/A.sol", 1, 9, "a < b", "a > b")) is None


def test_the_test_that_failed_is_read_from_what_forge_says() -> None:
    said = "Failing tests:\nEncountered 2 failing tests in test/Cash.t.sol:CashTest\n[FAIL: a] test_a()"
    assert failing(said) == "test/Cash.t.sol"


def test_a_run_that_fails_without_a_failing_test_is_no_verdict() -> None:
    with pytest.raises(MutationError, match="Compiler run failed"):
        failing("Compiler run failed")


def test_a_mutant_is_tried_until_a_round_notices_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noticed_in = {1: 0, 2: 1}
    asked: list[tuple[int, int]] = []

    def try_one(_folder: Path, number: int, round_: Round) -> tuple[Verdict, str]:
        asked.append((number, ROUNDS.index(round_)))
        if noticed_in.get(number) == ROUNDS.index(round_):
            return "killed", "Encountered 1 failing test in test/A.t.sol:ATest"
        return "survived", ""

    monkeypatch.setattr(trials, "try_one", try_one)
    mutants = [Mutant(number, "src/A.sol", number, 9, "a < b", "a <= b") for number in (1, 2, 3)]
    found = results(folder)
    try_all([folder], mutants, found)
    assert asked == [(1, 0), (2, 0), (3, 0), (2, 1), (3, 1), (3, 2)]
    assert [verdict(found.get(one)) for one in mutants] == ["killed", "killed", "survived"]


def test_no_two_mutants_are_tried_in_a_folder_at_a_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy: set[Path] = set()
    seen: set[Path] = set()

    def try_one(chosen: Path, _number: int, _round: Round) -> tuple[Verdict, str]:
        assert chosen not in busy
        busy.add(chosen)
        time.sleep(0.005)
        busy.remove(chosen)
        seen.add(chosen)
        return "survived", ""

    monkeypatch.setattr(trials, "try_one", try_one)
    folders = [folder / "one", folder / "other"]
    tried = list(try_round(folders, [ONE] * 10, ROUNDS[0]))
    assert tried == [(ONE, "survived", "")] * 10
    assert seen == set(folders)
