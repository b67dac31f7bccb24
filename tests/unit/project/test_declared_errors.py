"""Every error that an interface declares is raised by the contracts, and has a test with its name."""

import re
from pathlib import Path

import pytest

CONTRACTS = Path(__file__).parents[3] / "contracts"
INTERFACES = (
    "Cash",
    "Enforcement",
    "Exports",
    "Financing",
    "Handover",
    "Intents",
    "Invoices",
    "Issuance",
    "Ledger",
    "Lens",
    "Mandates",
    "Parties",
    "Pledges",
    "Rights",
    "Rulebook",
    "Settlement",
    "Successor",
    "Transfers",
)


def _declared(interface: str) -> set[str]:
    source = (CONTRACTS / "src" / "interfaces" / f"I{interface}.sol").read_text()
    return set(re.findall(r"^\s*error (\w+)\(", source, re.MULTILINE))


def _words_of_tests() -> set[str]:
    sources = (path.read_text() for path in (CONTRACTS / "test").glob("*.t.sol"))
    names = (name for source in sources for name in re.findall(r"function (test_\w+)\(", source))
    return {word for name in names for word in name.split("_")}


def _words_of_contracts() -> set[str]:
    folder = CONTRACTS / "src"
    sources = (path.read_text() for path in folder.rglob("*.sol") if path.parent.name != "interfaces")
    return {word for source in sources for word in re.findall(r"\w+", source)}


@pytest.mark.parametrize("interface", INTERFACES)
def test_a_declared_error_is_raised(interface: str) -> None:
    assert _declared(interface) - _words_of_contracts() == set()


@pytest.mark.parametrize("interface", INTERFACES)
def test_a_declared_error_has_a_test_of_its_name(interface: str) -> None:
    assert _declared(interface) - _words_of_tests() == set()
