import json
import subprocess
from pathlib import Path

import pytest

from chain.codegen.__main__ import DEPLOYED, drift, generate
from chain.compile import CONTRACTS, compile_contracts, find_native_compiler
from chain.devnode import anvil_binary


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


@pytest.mark.slow
def test_forge_deploys_the_same_bytecode(tmp_path: Path) -> None:
    """The gas figures of the contracts' own tests are those of what is deployed."""
    forge = anvil_binary().as_posix().replace("anvil", "forge")
    options = [
        "--skip",
        "test",
        "--skip",
        "script",
        "--out",
        f"{tmp_path}/out",
        "--cache-path",
        f"{tmp_path}/cache",
    ]
    subprocess.run([forge, "build", *options], cwd=CONTRACTS, check=True, capture_output=True)
    ours = compile_contracts().contracts
    for contract in DEPLOYED:
        if (
            contract == "AccessManager"
        ):  # OpenZeppelin's: forge compiles it for the tests only, without the IR
            continue
        artifact = json.loads((tmp_path / "out" / f"{contract}.sol" / f"{contract}.json").read_text("utf-8"))
        assert artifact["bytecode"]["object"] == "0x" + ours[contract].bytecode.hex(), contract
