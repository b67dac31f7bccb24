"""Every error that an interface declares is raised by the contracts, has a test with its name, and is
compared with what a call answered.
"""

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


def _compared_by_tests() -> set[tuple[str, str]]:
    """Interface and error of every selector that a test writes down."""
    sources = (path.read_text() for path in (CONTRACTS / "test").rglob("*.sol"))
    selectors = r"\b(I\w+)\s*\.\s*(\w+)\s*\.\s*selector\b"
    return {found for source in sources for found in re.findall(selectors, source)}


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


@pytest.mark.parametrize("interface", INTERFACES)
def test_a_declared_error_is_compared_with_an_answer(interface: str) -> None:
    wanted = {(f"I{interface}", error) for error in _declared(interface)}
    assert wanted - _compared_by_tests() == set()
