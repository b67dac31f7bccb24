"""Every refusal of the model against the errors that the Solidity interfaces declare."""

import ast
import re
from pathlib import Path

import pytest

from domain.ledger.rights import Right

ROOT = Path(__file__).parents[4]
INTERFACES = ROOT / "contracts" / "src" / "interfaces"
SOURCE = "\n".join(
    re.sub(r"//.*", "", path.read_text(encoding="utf-8")) for path in sorted(INTERFACES.glob("I*.sol"))
)
DECLARED = {
    name: len([value for value in values.split(",") if value.strip()])
    for name, values in re.findall(r"error (\w+)\((.*?)\);", SOURCE, re.DOTALL)
}
OPENZEPPELIN = {"AccessManagedUnauthorized": 1}


def raised() -> list[tuple[str, int | None]]:
    """(name, number of values) of each refusal in the source; None where the values are unpacked."""
    found: set[tuple[str, int | None]] = set()
    for path in sorted((ROOT / "domain" / "ledger").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                found |= _refusals(node.func.id, node.args)
    return sorted(found, key=str)


def _refusals(called: str, arguments: list[ast.expr]) -> set[tuple[str, int | None]]:
    if called not in ("LedgerRefusal", "Refusal"):
        return set()
    name, *values = arguments
    if called == "Refusal" and isinstance(values[0], ast.Tuple):
        values = values[0].elts
    starred = any(isinstance(value, ast.Starred) for value in values)
    names = [part.value for part in ast.walk(name) if isinstance(part, ast.Constant)]
    return {(text, None if starred else len(values)) for text in names if isinstance(text, str)}


@pytest.mark.parametrize(("name", "count"), raised())
def test_a_refusal_has_a_declared_name_and_its_values(name: str, count: int | None) -> None:
    declared = (DECLARED | OPENZEPPELIN)[name]
    assert count in (None, declared)


def test_rights_are_those_of_the_contracts() -> None:
    codes = (INTERFACES / "Codes.sol").read_text(encoding="utf-8")
    found = re.search(r"library Rights \{(.*?)\n\}", codes, re.DOTALL)
    assert found
    constants = {name: int(value) for name, value in re.findall(r"constant (\w+) = (\d+);", found[1])}
    assert {right.name: right.value for right in Right} == constants
    pausable = re.search(r"PAUSABLE =(.*?);", found[1], re.DOTALL)
    assert pausable
    assert {right.name for right in Right.PAUSABLE} == set(re.findall(r"\w+", pausable[1]))
