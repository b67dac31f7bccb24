"""Mutants of every shape of expression and statement, judged by the compiler."""

import pytest

from chain.compile import CONTRACTS
from scripts.proofs.mutants import MUTANTS, SWITCH, Mutation
from scripts.proofs.syntax import parse

SOLC = CONTRACTS / "solc.mjs"
NAME = "src/shapes/Shapes.sol"
SOURCE = """// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

library Rights {
    uint16 internal constant PAY = 1;
    uint16 internal constant CLAIM = 2;
}

contract Shapes {
    uint256 private constant MOST = 7;
    uint256 public kept;
    bool public open;

    event Kept(uint256 a);
    error TooMuch(uint256 a);

    function keep(uint256 a, bool b) external returns (uint16 right) {
        if (a > MOST && b) revert TooMuch(a);
        if (b) return Rights.PAY;
        for (uint256 i = 1; i < a; ++i) kept += i << 2;
        emit Kept(a);
        open = !b;
        right = type(uint16).max;
    }
}
"""


@pytest.fixture(scope="module")
def mutated() -> tuple[Mutation, str]:
    """What made the mutants, and the source with them."""
    trees = parse({NAME: SOURCE}, SOLC)
    mutation = Mutation(trees)
    return mutation, mutation.file(NAME, SOURCE, trees[NAME])


def test_a_source_with_all_its_mutants_compiles_on_the_same_lines(mutated: tuple[Mutation, str]) -> None:
    written = mutated[1]
    parse({NAME: written, MUTANTS: SWITCH}, SOLC)
    assert len(written.splitlines()) == len(SOURCE.splitlines())


@pytest.mark.parametrize(
    "change",
    [
        "a > MOST → a >= MOST",
        "a > MOST && b → a > MOST || b",
        "a > MOST && b → a > MOST",
        "MOST → MOST + 1",
        "revert TooMuch(a) → (left out)",
        "b → !(b)",
        "return Rights.PAY → (left out)",
        "Rights.PAY → Rights.CLAIM",
        "i < a → i <= a",
        "++i → --i",
        "kept += i << 2 → kept -= i << 2",
        "i << 2 → i >> 2",
        "2 → 2 - 1",
        "emit Kept(a) → (left out)",
        "open = !b → (left out)",
        "!b → b",
        "type(uint16).max → type(uint16).max - 1",
    ],
)
def test_a_fault_is_among_the_mutants(mutated: tuple[Mutation, str], change: str) -> None:
    assert change in [mutant.change for mutant in mutated[0].mutants]


def test_a_mutant_without_types_is_left_out_and_the_others_keep_their_numbers() -> None:
    trees = parse({NAME: SOURCE}, SOLC)
    whole, part = Mutation(trees), Mutation(trees, frozenset({2}))
    for mutation in (whole, part):
        mutation.file(NAME, SOURCE, trees[NAME])
    assert [one for one in whole.mutants if one.number != 2] == part.mutants
