import tomllib

import pytest

from chain import compile as compiling
from chain.codegen.__main__ import DEPLOYED
from chain.compile import CONTRACTS, SETTINGS, Contract
from chain.errors import CompileError


def test_settings_are_those_of_foundry() -> None:
    forge = tomllib.loads((CONTRACTS / "foundry.toml").read_text("utf-8"))["profile"]["default"]
    wanted = {
        "evmVersion": forge["evm_version"],
        "optimizer": {"enabled": forge["optimizer"], "runs": forge["optimizer_runs"]},
        "metadata": {"bytecodeHash": forge["bytecode_hash"], "appendCBOR": forge["cbor_metadata"]},
        "remappings": forge["remappings"],
        "viaIR": all(restriction["via_ir"] for restriction in forge["compilation_restrictions"]),
    }
    assert wanted == SETTINGS


def test_every_folder_of_contracts_is_compiled_alike() -> None:
    forge = tomllib.loads((CONTRACTS / "foundry.toml").read_text("utf-8"))["profile"]["default"]
    covered = {path for rule in forge["compilation_restrictions"] for path in CONTRACTS.glob(rule["paths"])}
    deployed = {path for name in DEPLOYED for path in (CONTRACTS / "src").rglob(f"{name}.sol")}
    assert deployed <= covered


def test_the_version_is_that_of_the_npm_package() -> None:
    assert f'"solc": "{compiling.SOLC_VERSION}"' in (CONTRACTS / "package.json").read_text("utf-8")


def test_imports_are_followed_by_path_and_into_openzeppelin() -> None:
    source = """
    import {A} from "./A.sol";
    import {B as C} from "../b/B.sol";
    import "@openzeppelin/contracts/access/Ownable.sol";
    // import {X} from "nowhere.sol";
    """
    assert list(compiling._imports("src/ledger/Ledger.sol", source)) == [
        "src/ledger/A.sol",
        "src/b/B.sol",
        "node_modules/@openzeppelin/contracts/access/Ownable.sol",
    ]


def test_an_import_from_elsewhere_is_refused() -> None:
    with pytest.raises(CompileError, match="hardhat"):
        list(compiling._imports("src/A.sol", 'import {console} from "hardhat/console.sol";'))


def test_any_change_of_a_source_is_another_build() -> None:
    one = compiling._key({"src/A.sol": "contract A {}"})
    assert one == compiling._key({"src/A.sol": "contract A {}"})
    assert one != compiling._key({"src/A.sol": "contract A { }"})
    assert one != compiling._key({"src/B.sol": "contract A {}"})


def test_code_is_recognised_whatever_its_immutables_are() -> None:
    contract = Contract("A", [], b"", b"\x01\x02\x00\x00\x05", ((2, 2),), {"storage": []})
    assert contract.is_code(b"\x01\x02\xaa\xbb\x05")
    assert not contract.is_code(b"\x01\x02\xaa\xbb\x06")
    assert not contract.is_code(b"\x01\x02\xaa\xbb")
    assert not contract.is_code(b"")
