"""Which mutants are tried, and what is said of them."""

from scripts.proofs.mutants import Mutant
from scripts.proofs.mutation import EXCEPTIONS, Excused, read_excused, sample, table, unexplained
from scripts.proofs.trials import Tried, Verdict


def mutant(number: int) -> Mutant:
    return Mutant(number, "src/A.sol", number, 9, "a < b", "a <= b")


def tried(line: int, verdict: Verdict, file: str = "src/A.sol") -> Tried:
    return Tried("contracts", "tests", file, line, 9, "a < b → a <= b", verdict)


def test_a_mutant_that_leaves_out_a_statement_says_so() -> None:
    assert Mutant(1, "src/A.sol", 1, 9, "count = 1;", "").change == "count = 1; → (left out)"


def test_a_larger_sample_holds_every_smaller_one() -> None:
    mutants = [mutant(number) for number in range(1, 51)]
    small, large = sample(mutants, 5, 1), sample(mutants, 20, 1)
    assert large[:5] == small
    assert sample(mutants, 5, 2) != small
    assert sorted(sample(mutants, None, 1), key=lambda one: one.number) == mutants


def test_the_score_counts_what_hangs_as_found_and_rounds_down() -> None:
    rows = table([tried(1, "killed"), tried(2, "hung"), tried(3, "survived")]).splitlines()
    assert rows[1].split() == ["src/A.sol", "3", "2", "1", "66.6", "%"]
    assert rows[-1].split() == ["all", "3", "2", "1", "66.6", "%"]


def test_a_survivor_needs_a_reason_of_its_own_place_and_change() -> None:
    found = [tried(1, "survived"), tried(2, "killed"), tried(3, "survived", "src/B.sol")]
    excused = [Excused("src/A.sol", 1, 9, "a < b → a <= b", "the two are never equal")]
    assert unexplained(found, excused) == [found[2]]
    assert unexplained(found, []) == [found[0], found[2]]


def test_a_committed_exception_has_a_reason() -> None:
    assert all(one.reason for one in read_excused(EXCEPTIONS))
