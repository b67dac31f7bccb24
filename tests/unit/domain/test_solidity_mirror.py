"""The domain's intents, events and codes against the Solidity interfaces they mirror."""

import keyword
import re
from dataclasses import fields
from enum import Enum
from pathlib import Path
from typing import get_args

import pytest

from domain import events, intents
from domain.intents import IntentKind, InvoiceUse
from domain.lots import LotFlag
from domain.parties import PartyStatus, Power, Role
from domain.receivable import Cause, ReceivableState
from domain.rules import LedgerParameter
from domain.words import solidity_fields

INTERFACES = Path(__file__).parents[3] / "contracts" / "src" / "interfaces"
SOURCE = "\n".join(
    re.sub(r"//.*", "", path.read_text(encoding="utf-8")) for path in sorted(INTERFACES.glob("I*.sol"))
)
CODES = (INTERFACES / "Codes.sol").read_text(encoding="utf-8")

STRUCTS = dict(re.findall(r"struct (\w+) \{(.*?)\}", SOURCE, re.DOTALL))
EVENTS = dict(re.findall(r"event (\w+)\((.*?)\);", SOURCE, re.DOTALL))
ENUMS = {
    name: re.findall(r"\w+", body) for name, body in re.findall(r"enum (\w+) \{(.*?)\}", SOURCE, re.DOTALL)
}
MIRRORED_EVENTS = {event.__name__: event for event in get_args(events.Event)}

# ERC-20's own event comes with the interface that ICash extends.
INHERITED = {"Transfer": "address indexed from, address indexed to, uint256 value"}


def snake(name: str) -> str:
    text = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
    return f"{text}_" if keyword.iskeyword(text) else text


def declared(body: str, separator: str) -> list[tuple[str, str]]:
    """(field name in Python, Solidity type) of each field of a struct or event."""
    words = [entry.split() for entry in body.split(separator) if entry.strip()]
    return [(snake(entry[-1]), entry[0]) for entry in words]


@pytest.mark.parametrize("intent", [*get_args(intents.Intent), InvoiceUse])
def test_an_intent_has_the_fields_and_types_of_its_struct(intent: type) -> None:
    expected = declared(STRUCTS[intent.__name__], ";")
    assert [field.name for field in fields(intent)] == [name for name, _ in expected]
    assert list(solidity_fields(intent)) == [entry for entry in expected if not entry[1].endswith("[]")]


def test_every_event_of_the_interfaces_has_a_class_and_no_other() -> None:
    assert set(MIRRORED_EVENTS) == set(EVENTS) | set(INHERITED)


@pytest.mark.parametrize("name", sorted(MIRRORED_EVENTS))
def test_an_event_has_the_fields_of_its_declaration(name: str) -> None:
    expected = declared((EVENTS | INHERITED)[name], ",")
    assert [field.name for field in fields(MIRRORED_EVENTS[name])] == [field for field, _ in expected]


@pytest.mark.parametrize(
    ("name", "mirror"), [("State", ReceivableState), ("Cause", Cause), ("Status", PartyStatus)]
)
def test_an_enum_has_the_members_of_its_declaration(name: str, mirror: type[Enum]) -> None:
    expected = [(snake(member).rstrip("_").upper(), code) for code, member in enumerate(ENUMS[name])]
    assert [(member.name, member.value) for member in mirror] == expected


@pytest.mark.parametrize(
    ("library", "mirror", "not_members"),
    [
        ("Powers", Power, {"COUNT"}),
        ("PartyRoles", Role, set()),
        ("LotFlags", LotFlag, set()),
        ("IntentKinds", IntentKind, set()),
        ("Rules", LedgerParameter, {"LAST"}),
    ],
)
def test_codes_equal_the_constants_of_their_library(
    library: str, mirror: type[Enum], not_members: set[str]
) -> None:
    found = re.search(rf"library {library} \{{(.*?)\n\}}", CODES, re.DOTALL)
    assert found
    constants = {name: int(value) for name, value in re.findall(r"constant (\w+) = (\d+);", found[1])}
    assert {member.name: member.value for member in mirror} == {
        name: value for name, value in constants.items() if name not in not_members
    }


@pytest.mark.parametrize("intent", get_args(intents.Intent))
def test_every_intent_names_its_kind(intent: type[intents.Intent]) -> None:
    assert intent.kind.name == snake(intent.__name__).upper()
