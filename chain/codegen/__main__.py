"""`python -m chain.codegen` writes bindings and golden files; `--check` shows how the disk differs."""

import argparse
import difflib
import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec

from chain.codegen import golden, model, render
from chain.compile import CONTRACTS, REPOSITORY, Build, compile_contracts

ABI_FOLDER = CONTRACTS / "abi"
SNAPSHOTS = CONTRACTS / "snapshots"
BINDINGS = REPOSITORY / "chain" / "bindings"

DEPLOYED = (
    "AccessManager",
    "Cash",
    "Enforcement",
    "Exports",
    "Financing",
    "Invoices",
    "Issuance",
    "Ledger",
    "Lens",
    "Parties",
    "Pledges",
    "Rulebook",
    "Settlement",
    "Transfers",
)
"""The contracts of a deployment, each of which gets bindings."""


def generate(build: Build) -> dict[Path, str]:
    """Every generated file and its content."""
    interfaces = [_interface(build, contract) for contract in DEPLOYED]
    everything = _all_interfaces(build)
    files = {ABI_FOLDER / f"{contract}.json": _golden(build, contract) for contract in DEPLOYED}
    files[SNAPSHOTS / "errors.json"] = golden.error_selectors(everything)
    files[SNAPSHOTS / "events.json"] = golden.event_topics(everything)
    files[SNAPSHOTS / "storage.json"] = golden.storage_layouts(
        {name: build.contracts[name] for name in DEPLOYED if name in build.contracts}
    )
    counted = Counter(
        item.signature for interface in interfaces for item in (*interface.events, *interface.functions)
    )
    shared = frozenset(signature for signature, count in counted.items() if count > 1)
    files[BINDINGS / "codes.py"] = render.render_codes(build.enums.values(), build.constants.values())
    files[BINDINGS / "errors.py"] = render.render_errors(everything)
    files[BINDINGS / "tables.py"] = render.render_tables(interfaces, shared)
    files[BINDINGS / "shared.py"] = _shared(interfaces, shared)
    for interface in interfaces:
        files[BINDINGS / f"{interface.module}.py"] = _module(interface, interfaces, shared)
    return {path: _formatted(path, text) if path.suffix == ".py" else text for path, text in files.items()}


def _abi(build: Build, contract: str) -> list[dict[str, object]]:
    found = build.contracts.get(contract) or build.contracts[f"I{contract}"]
    return found.abi


def _interface(build: Build, contract: str) -> model.Interface:
    return model.read_interface(contract, model.snake(contract), _abi(build, contract), build.enums)


def _all_interfaces(build: Build) -> list[model.Interface]:
    return [
        model.read_interface(
            name, "", [entry for entry in contract.abi if entry["type"] in {"error", "event"}], build.enums
        )
        for name, contract in sorted(build.contracts.items())
    ]


def _golden(build: Build, contract: str) -> str:
    return msgspec.json.format(msgspec.json.encode(_abi(build, contract)), indent=1).decode() + "\n"


def _shared(interfaces: list[model.Interface], shared: frozenset[str]) -> str:
    module = render.Module(render.SHARED, "What several contracts have in common.")
    events = {item.signature: item for interface in interfaces for item in interface.events}
    functions = {item.signature: item for interface in interfaces for item in interface.functions}
    for signature in sorted(shared & events.keys()):
        module.event(events[signature])
    for signature in sorted(shared & functions.keys()):
        module.function(functions[signature])
    return module.source()


def _module(interface: model.Interface, interfaces: list[model.Interface], shared: frozenset[str]) -> str:
    module = render.Module(interface.module, f"Contract {interface.contract}.")
    structs: dict[str, model.Parameter] = {}
    for other in interfaces:
        for parameter in other.parameters():
            if parameter.struct and render.module_of_struct(parameter.struct) == interface.module:
                structs.setdefault(parameter.struct, parameter)
    for parameter in _innermost_first(structs):
        module.struct(parameter)
    for item in interface.events:
        if item.signature not in shared:
            module.event(item)
    for item in interface.functions:
        if item.signature not in shared:
            module.function(item)
    return module.source()


def _innermost_first(structs: dict[str, model.Parameter]) -> list[model.Parameter]:
    """A struct after those it is made of, otherwise by name."""

    def depth(parameter: model.Parameter) -> int:
        return 1 + max((depth(component) for component in parameter.components), default=0)

    return sorted(structs.values(), key=lambda parameter: (depth(parameter), parameter.struct))


def _formatted(path: Path, text: str) -> str:
    """As `ruff format` and its import order would leave it, so that the linters have nothing to say."""
    ruff = [sys.executable, "-m", "ruff"]
    name = ["--stdin-filename", str(path)]
    sorted_imports = subprocess.run(
        [*ruff, "check", "--select", "I", "--fix", "--quiet", *name, "-"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return subprocess.run(
        [*ruff, "format", "--quiet", *name, "-"],
        input=sorted_imports,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def drift(files: dict[Path, str]) -> str:
    """What differs between the files on disk and those generated, as a unified diff."""
    differences: list[str] = []
    for path, wanted in files.items():
        found = path.read_text("utf-8") if path.exists() else ""
        name = path.relative_to(REPOSITORY).as_posix()
        differences += difflib.unified_diff(
            found.splitlines(keepends=True),
            wanted.splitlines(keepends=True),
            f"{name} (committed)",
            f"{name} (generated)",
        )
    return "".join(differences)


def main() -> int:
    """Exit code 1 when `--check` finds a difference."""
    parser = argparse.ArgumentParser(prog="python -m chain.codegen", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail on any difference")
    arguments = parser.parse_args()
    files = generate(compile_contracts(progress=lambda line: sys.stderr.write(f"{line}\n")))
    difference = drift(files)
    if arguments.check:
        sys.stdout.write(difference)
        return 1 if difference else 0
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
