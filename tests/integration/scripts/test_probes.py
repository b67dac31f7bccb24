"""Probes in every shape of statement and condition, judged by the compiler."""

import pytest

from chain.compile import CONTRACTS
from chain.errors import CompileError
from scripts.proofs.probes import PROBES, Instrument
from scripts.proofs.syntax import parse

SOLC = CONTRACTS / "solc.mjs"
SOURCE = """// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

function smaller(uint256 a, uint256 b) pure returns (uint256) {
    return a < b ? a : b;
}

contract Shapes {
    uint256 public kept;

    modifier positive(uint256 a) {
        if (a == 0) revert();
        _;
    }

    function shapes(uint256 a, bool b) external positive(a) returns (uint256 sum) {
        if (a > 1) if (b) sum = 1;
        else sum = 2;
        if (a > 2 && (b || a > 3)) {
            kept = a;
        } else if (a == 2) {
            kept = 2;
        }
        for (uint256 i = 0; i < a; ++i) sum += i;
        while (sum > 100) sum /= 2;
        do { ++sum; } while (sum < 3);
        try this.kept() returns (uint256 k) { sum += k; } catch {}
        unchecked {
            sum += smaller(a, 2); }
        assembly ("memory-safe") { sum := add(sum, 1) }
    }
}
"""


@pytest.fixture(scope="module")
def probed() -> tuple[Instrument, str]:
    """The source with probes, and what made them."""
    instrument, name = Instrument(), "src/shapes/Shapes.sol"
    return instrument, instrument.file(name, SOURCE, parse({name: SOURCE}, SOLC)[name])


def test_a_source_with_probes_compiles_on_the_same_lines(probed: tuple[Instrument, str]) -> None:
    instrument, written = probed
    parse({"src/shapes/Shapes.sol": written, PROBES: instrument.library}, SOLC)
    assert len(written.splitlines()) == len(SOURCE.splitlines())


def test_every_condition_and_each_part_of_a_joined_one_has_two_outcomes(
    probed: tuple[Instrument, str],
) -> None:
    conditions = [probe.code for probe in probed[0].probes if probe.outcomes == ("true", "false")]
    assert conditions == [
        *("a < b", "a == 0", "a > 1", "b"),
        *("a > 2", "b", "a > 3", "a == 2"),
        *("i < a", "sum > 100", "sum < 3"),
    ]


def test_every_statement_and_catch_clause_is_counted(probed: tuple[Instrument, str]) -> None:
    ran = {probe.line for probe in probed[0].probes if probe.outcomes == ("run",)}
    assert ran == {5, 12, 13, 17, 19, 20, 22, 24, 25, 26, 27, 28, 29, 30}


def test_the_lines_of_a_probe_are_those_of_its_outcomes(probed: tuple[Instrument, str]) -> None:
    library = probed[0].library.splitlines()
    for probe in probed[0].probes:
        for line, outcome in zip(probe.lines, probe.outcomes, strict=True):
            wanted = "function" if outcome == "run" else f"return {outcome};"
            assert library[line - 1].startswith(wanted)


def test_a_source_without_code_stays_as_it_is() -> None:
    source = "// SPDX-License-Identifier: Apache-2.0\npragma solidity 0.8.37;\ninterface A { error B(); }\n"
    tree = parse({"src/A.sol": source}, SOLC)["src/A.sol"]
    assert Instrument().file("src/A.sol", source, tree) == source


def test_a_source_that_does_not_compile_is_refused() -> None:
    with pytest.raises(CompileError, match="do not compile"):
        parse({"src/A.sol": "contract A {"}, SOLC)
