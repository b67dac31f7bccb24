"""Limits that keep the code readable, and properties of the tree that no other tool checks."""

import ast
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGES = ("domain", "chain", "indexer", "api", "scripts")
MODULE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
LOCK_FILES = (
    "requirements.lock",
    "requirements-dev.lock",
    "scripts/setup/installer.lock",
    "scripts/setup/slither.lock",
    "contracts/package-lock.json",
    "contracts/bench/package-lock.json",
    "contracts/bench/peers/ponder/package-lock.json",
    "contracts/bench/peers/sqd/package-lock.json",
)
GENERATED = ("chain/bindings/", "/migrations/versions/")


def _modules() -> list[Path]:
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [path for path in paths if not any(part in path.as_posix() for part in GENERATED)]


every_module = pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(ROOT)))


@every_module
def test_a_module_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MODULE_LINES_MAX


@every_module
def test_a_function_can_be_seen_as_a_whole(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= FUNCTION_LINES_MAX, f"{node.name} has {length} lines"


@pytest.mark.parametrize("name", LOCK_FILES)
def test_a_lock_file_names_versions_and_hashes_but_no_registry(name: str) -> None:
    text = _without_donations(name, (ROOT / name).read_text())
    assert re.search(r"sha(256|512)", text)
    assert [line for line in text.splitlines() if "://" in line] == []
    assert '"resolved"' not in text


def _without_donations(name: str, text: str) -> str:
    """npm notes where a package takes donations, which is no address to install from."""
    if not name.endswith("package-lock.json"):
        return text
    document = json.loads(text)
    for package in document["packages"].values():
        package.pop("funding", None)
    return json.dumps(document, indent=2)


def test_the_compiler_version_is_the_same_for_every_user_of_it() -> None:
    manifest = (ROOT / "contracts" / "package.json").read_text()
    pinned = re.search(r'"solc": "([\d.]+)"', manifest)
    assert pinned
    for source in (ROOT / "contracts" / "src").rglob("*.sol"):
        assert f"pragma solidity {pinned.group(1)};" in source.read_text(), source
