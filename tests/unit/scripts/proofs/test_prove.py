"""What is said of a property, and that every property was seen to fail."""

from pathlib import Path

import msgspec
import pytest

from scripts.proofs.prove import PROOFS, Refutation, Report, Result, read_refutations, subjects, unrefuted

ANSWER = b"""{"exitcode": 1, "test_results": {"test/symbolic/Shares.t.sol:SharesProof": [
    {"name": "check_toPledgee_neverFalls(uint64,uint64)", "exitcode": 2, "time": [3.5, 0.5, 3.0]}
]}}"""
BROKEN = Refutation(
    "src/ledger/Shares.sol",
    "return received < secured ? received : secured;",
    "return received;",
    ("toPledgee_neverFalls",),
)


def result(name: str, exitcode: int) -> Result:
    return Result(f"check_{name}(uint64)", exitcode, (1.0, 0.5, 0.5))


def test_an_answer_of_halmos_is_read() -> None:
    (found,) = msgspec.json.decode(ANSWER, type=Report).results()
    assert (found.title, found.word, found.time[0]) == ("toPledgee_neverFalls", "not decided in time", 3.5)


@pytest.mark.parametrize(("exitcode", "word"), [(0, "proved"), (1, "refuted"), (4, "failed (halmos 4)")])
def test_only_what_halmos_passed_is_called_proved(exitcode: int, word: str) -> None:
    assert result("a", exitcode).word == word


def test_a_property_that_still_holds_of_a_broken_formula_is_named() -> None:
    def prover(folder: Path, subject: str, properties: str) -> list[Result]:
        assert "return received;" in (folder / BROKEN.file).read_text()
        return [result("toPledgee_neverFalls", 0)]

    assert "toPledgee_neverFalls" in list(unrefuted("Shares", [BROKEN], prover))


def test_a_property_that_fails_is_not_named() -> None:
    def prover(folder: Path, subject: str, properties: str) -> list[Result]:
        return [result("toPledgee_neverFalls", 1)]

    assert "toPledgee_neverFalls" not in list(unrefuted("Shares", [BROKEN], prover))


def test_a_formula_that_is_not_there_cannot_be_broken() -> None:
    gone = Refutation("src/ledger/Shares.sol", "return 7;", "return 8;", ())
    with pytest.raises(ValueError, match="does not have this once"):
        list(unrefuted("Shares", [gone], lambda *_: []))


@pytest.mark.parametrize("subject", subjects())
def test_every_property_is_named_by_a_broken_formula(subject: str) -> None:
    source = (PROOFS / f"{subject}.t.sol").read_text()
    properties = {part.split("(")[0] for part in source.split("function check_")[1:]}
    assert properties == {name for item in read_refutations()[subject] for name in item.proofs}
