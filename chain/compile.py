"""Compile the contracts: py-solc-x drives a native solc of our version if there is one, else the npm solc.

The result is cached under a hash of everything that goes in, so an unchanged tree costs a few milliseconds.
Settings are those of contracts/foundry.toml: both must give the same bytecode, and a test compares them.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import solcx
from solcx.exceptions import SolcError, SolcNotInstalled

from chain.errors import CompileError
from chain.files import exclusive, write_atomically

REPOSITORY: Final = Path(__file__).resolve().parent.parent
CONTRACTS: Final = REPOSITORY / "contracts"
ARTIFACTS: Final = REPOSITORY / "chain" / "artifacts"
SOLC_VERSION: Final = "0.8.37"
BUILDS_KEPT: Final = 8

SETTINGS: Final[dict[str, object]] = {
    "evmVersion": "cancun",
    "optimizer": {"enabled": True, "runs": 200},
    "viaIR": True,
    "metadata": {"bytecodeHash": "none", "appendCBOR": False},
    "remappings": ["@openzeppelin/=node_modules/@openzeppelin/"],
}
_CONTRACT_OUTPUT: Final = [
    "abi",
    "evm.bytecode.object",
    "evm.deployedBytecode.object",
    "evm.deployedBytecode.immutableReferences",
    "storageLayout",
]
_AST_OF: Final = ("src/interfaces/",)
_OURS: Final = "src/"
_LIBRARY: Final = "@openzeppelin/"
_ACCESS_MANAGER: Final = "node_modules/@openzeppelin/contracts/access/manager/AccessManager.sol"
_IMPORT: Final = re.compile(r'^\s*import\s[^;]*?"([^"]+)"\s*;', re.MULTILINE)

Progress = Callable[[str], object]


class Enumeration(msgspec.Struct, frozen=True):
    """An enum, or the constants of a library that is only constants, as `Ledger.State`: name → value."""

    name: str
    members: dict[str, int]


class Contract(msgspec.Struct, frozen=True):
    """One compiled contract. `immutables` are the byte ranges (start, length) that construction fills in,
    `storage` is the compiler's own description of the layout."""

    name: str
    abi: list[dict[str, Any]]
    bytecode: bytes
    deployed_bytecode: bytes
    immutables: tuple[tuple[int, int], ...]
    storage: dict[str, Any]

    def is_code(self, code: bytes) -> bool:
        """Whether the chain's code is this contract's, whatever its immutables are."""
        blank = bytearray(code)
        for start, length in self.immutables:
            blank[start : start + length] = bytes(length)
        return bytes(blank) == self.deployed_bytecode


class Build(msgspec.Struct, frozen=True):
    """Everything that the compiler said about our contracts, by contract name."""

    key: str
    compiler: str
    contracts: dict[str, Contract]
    enums: dict[str, Enumeration]
    constants: dict[str, Enumeration]


def compile_contracts(
    *, progress: Progress | None = None, compiler: Path | None = None, cache: Path = ARTIFACTS
) -> Build:
    """The current contracts, from the cache when nothing changed. Raises CompileError."""
    sources = read_sources()
    key = _key(sources)
    cached = cache / f"{key}.msgpack"
    if compiler is None and cached.exists():
        return _load(cached)
    # several processes may find out at the same time that there is something to compile
    with exclusive(cache / "compiling.lock"):
        if compiler is None and cached.exists():
            return _load(cached)
        chosen = compiler or find_compiler()
        if progress:
            count = sum(name.startswith(_OURS) for name in sources)
            progress(f"compiling {count} contract files with {chosen.name}")
        build = _build(key, chosen, _run(chosen, sources))
        write_atomically(cached, msgspec.msgpack.encode(build))
        _forget_old(cache)
    return build


def _load(cached: Path) -> Build:
    return msgspec.msgpack.decode(cached.read_bytes(), type=Build)


def _forget_old(cache: Path) -> None:
    builds = sorted(cache.glob("*.msgpack"), key=lambda path: path.stat().st_mtime)
    for path in builds[:-BUILDS_KEPT]:
        path.unlink(missing_ok=True)


def read_sources() -> dict[str, str]:
    """Our Solidity files and all they import, by source unit name (path from contracts/)."""
    pending = [path.relative_to(CONTRACTS).as_posix() for path in sorted((CONTRACTS / "src").rglob("*.sol"))]
    pending.append(_ACCESS_MANAGER)
    sources: dict[str, str] = {}
    while pending:
        name = pending.pop()
        if name in sources:
            continue
        path = CONTRACTS / name
        if not path.is_file():
            raise CompileError(f"{name} is imported but is not there; run `npm ci` in contracts/")
        sources[name] = path.read_text("utf-8")
        pending.extend(_imports(name, sources[name]))
    return dict(sorted(sources.items()))


def _imports(name: str, source: str) -> Iterator[str]:
    for target in _IMPORT.findall(source):
        if target.startswith("."):
            yield os.path.normpath(f"{name}/../{target}")
        elif target.startswith(_LIBRARY):
            yield f"node_modules/{target}"
        else:
            raise CompileError(f"{name} imports {target}, which is neither relative nor of OpenZeppelin")


def _key(sources: dict[str, str]) -> str:
    described = msgspec.json.encode([SOLC_VERSION, SETTINGS, _selection(sources), sources])
    return hashlib.sha256(described).hexdigest()[:32]


def find_compiler() -> Path:
    """A native solc (PATH, then py-solc-x's folder), else the npm one. Nothing is downloaded."""
    native = find_native_compiler()
    if native is not None:
        return native
    script = CONTRACTS / "solc.mjs"
    if not (CONTRACTS / "node_modules" / "solc").is_dir():
        raise CompileError(f"no solc {SOLC_VERSION}: run `npm ci` in contracts/")
    return script


def find_native_compiler() -> Path | None:
    """A native solc of exactly our version, if this machine has one."""
    on_path = shutil.which("solc")
    candidates = [Path(on_path)] if on_path else []
    candidates.append(solcx.get_solcx_install_folder() / f"solc-v{SOLC_VERSION}")
    for candidate in candidates:
        try:
            if candidate.is_file() and solcx.wrapper.get_solc_version(candidate).base_version == SOLC_VERSION:
                return candidate
        except (SolcError, SolcNotInstalled, OSError):
            continue
    return None


def _selection(sources: dict[str, str]) -> dict[str, dict[str, list[str]]]:
    selection: dict[str, dict[str, list[str]]] = {}
    for name in sources:
        if name.startswith(_OURS) or name == _ACCESS_MANAGER:
            selection[name] = {"*": _CONTRACT_OUTPUT}
        if name.startswith(_AST_OF):
            selection[name][""] = ["ast"]
    return selection


def _run(compiler: Path, sources: dict[str, str]) -> dict[str, Any]:
    request = {
        "language": "Solidity",
        "sources": {name: {"content": content} for name, content in sources.items()},
        "settings": {**SETTINGS, "outputSelection": _selection(sources)},
    }
    try:
        output: dict[str, Any] = solcx.compile_standard(request, solc_binary=compiler)
    except SolcError as error:
        # not chained: the text of a SolcError repeats everything that the compiler read and wrote
        raise CompileError(f"the contracts do not compile: {_reasons(error)}") from None
    return output


def _reasons(error: SolcError) -> str:
    reported = [entry for entry in error.error_dict or () if entry["severity"] == "error"]
    return "\n".join(entry["formattedMessage"] for entry in reported) or error.message


def _build(key: str, compiler: Path, output: dict[str, Any]) -> Build:
    contracts = {
        name: _contract(name, described)
        for unit in output["contracts"].values()
        for name, described in unit.items()
    }
    enums: dict[str, Enumeration] = {}
    constants: dict[str, Enumeration] = {}
    for unit in output["sources"].values():
        for node in unit.get("ast", {}).get("nodes", ()):
            if node["nodeType"] == "ContractDefinition":
                enums.update(_enums(node))
                constants.update(_constants(node))
    return Build(key=key, compiler=compiler.name, contracts=contracts, enums=enums, constants=constants)


def _contract(name: str, described: dict[str, Any]) -> Contract:
    evm = described["evm"]
    references = evm["deployedBytecode"].get("immutableReferences", {}).values()
    return Contract(
        name=name,
        abi=described["abi"],
        bytecode=bytes.fromhex(evm["bytecode"]["object"]),
        deployed_bytecode=bytes.fromhex(evm["deployedBytecode"]["object"]),
        immutables=tuple(sorted((use["start"], use["length"]) for uses in references for use in uses)),
        storage=described["storageLayout"],
    )


def _enums(contract: dict[str, Any]) -> Iterator[tuple[str, Enumeration]]:
    for node in contract["nodes"]:
        if node["nodeType"] == "EnumDefinition":
            members = {member["name"]: index for index, member in enumerate(node["members"])}
            yield node["canonicalName"], Enumeration(node["name"], members)


def _constants(library: dict[str, Any]) -> Iterator[tuple[str, Enumeration]]:
    """Literal constants of a library; those computed from others are left to whoever needs them."""
    if library["contractKind"] != "library":
        return
    members = {
        node["name"]: int(node["value"]["value"])
        for node in library["nodes"]
        if node["nodeType"] == "VariableDeclaration" and node["value"]["nodeType"] == "Literal"
    }
    yield library["name"], Enumeration(library["name"], members)
