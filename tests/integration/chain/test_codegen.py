import pytest

from chain.codegen.__main__ import drift, generate
from chain.compile import CONTRACTS, compile_contracts, find_native_compiler


def test_bindings_and_abis_are_those_of_the_contracts() -> None:
    difference = drift(generate(compile_contracts()))
    assert not difference, f"run `python -m chain.codegen`:\n{difference}"


def test_a_native_compiler_gives_the_same_bytecode() -> None:
    native = find_native_compiler()
    if native is None:
        pytest.skip("this machine has no native solc of our version")
    ours = compile_contracts(compiler=native)
    theirs = compile_contracts(compiler=CONTRACTS / "solc.mjs")
    assert ours.contracts == theirs.contracts
