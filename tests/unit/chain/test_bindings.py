"""Every generated binding against its golden ABI, with eth_abi as the other opinion."""

import importlib
from typing import Any

import msgspec
import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from chain.abi import Event
from chain.bindings import codes
from chain.bindings.tables import EVENTS, FUNCTIONS
from chain.codegen.model import snake
from chain.errors import DecodeError
from domain.intents import IntentKind
from domain.parties import PartyStatus, Power, Role
from domain.receivable import Cause, ReceivableState
from tests.support.abi_values import canonical, entries, golden_abis, split, values_of

ALL_EVENTS = [(contract, entry) for contract, entry in entries("event")]


def signature(entry: dict[str, Any]) -> str:
    return f"{entry['name']}({','.join(canonical(parameter) for parameter in entry['inputs'])})"


def binding_of(contract: str, entry: dict[str, Any]) -> type[Event]:
    return EVENTS[contract][keccak(signature(entry).encode())]


def wire(entry: dict[str, Any], values: dict[str, Any]) -> tuple[list[str], str]:
    """Topics and data, as eth_abi writes them and a node gives them."""
    indexed = [parameter for parameter in entry["inputs"] if parameter["indexed"]]
    plain = [parameter for parameter in entry["inputs"] if not parameter["indexed"]]
    topics = [encode([parameter["type"]], [values[parameter["name"]]]) for parameter in indexed]
    data = encode(
        [canonical(parameter) for parameter in plain], [values[parameter["name"]] for parameter in plain]
    )
    words = [keccak(signature(entry).encode()), *topics]
    return ["0x" + word.hex() for word in words], "0x" + data.hex()


def test_every_event_and_function_of_the_abis_is_bound() -> None:
    for contract, contents in golden_abis().items():
        events = {signature(entry) for entry in contents if entry["type"] == "event"}
        functions = {entry["name"] for entry in contents if entry["type"] == "function"}
        assert EVENTS[contract].keys() == {keccak(text.encode()) for text in events}
        assert FUNCTIONS[contract].keys() == functions


@pytest.mark.parametrize(("contract", "entry"), ALL_EVENTS, ids=[f"{c}.{e['name']}" for c, e in ALL_EVENTS])
@given(data=st.data())
def test_an_event_is_decoded_as_eth_abi_wrote_it(
    contract: str, entry: dict[str, Any], data: st.DataObject
) -> None:
    enums = {"enum IParties.Status": st.integers(0, 2)}
    values = {
        parameter["name"]: data.draw(enums.get(parameter["internalType"], values_of(canonical(parameter))))
        for parameter in entry["inputs"]
    }
    decoded = binding_of(contract, entry).decode(*wire(entry, values))
    assert {name: getattr(decoded, name) for name in decoded.__struct_fields__} == {
        snake(name): value for name, value in values.items()
    }


def test_an_event_with_a_missing_topic_or_of_another_kind_is_refused() -> None:
    entry = next(entry for contract, entry in ALL_EVENTS if entry["name"] == "LotClaimed")
    values = {
        parameter["name"]: bytes(20) if parameter["type"] == "address" else 0 for parameter in entry["inputs"]
    }
    topics, data = wire(entry, values)
    binding = binding_of("Ledger", entry)
    for wrong in (topics[:-1], [*topics, "0x" + "00" * 32], ["0x" + "00" * 32, *topics[1:]]):
        with pytest.raises(DecodeError, match="topics"):
            binding.decode(wrong, data)
    with pytest.raises(DecodeError):
        binding.decode(topics, data + "00" * 32)


VIEWS = [
    (contract, entry)
    for contract, entry in entries("function")
    if entry["outputs"] and contract != "AccessManager"
]


@pytest.mark.parametrize(("contract", "entry"), VIEWS, ids=[f"{c}.{e['name']}" for c, e in VIEWS])
def test_what_a_function_returns_is_decoded_whatever_it_is(contract: str, entry: dict[str, Any]) -> None:
    kinds = [canonical(parameter) for parameter in entry["outputs"]]
    values = [_example(kind) for kind in kinds]
    decoded = _function(contract, f"decode_{snake(entry['name'])}")(encode(kinds, values))
    given_values = values if len(values) > 1 else values[0]
    assert _plain(decoded) == _plain(given_values)


@pytest.mark.parametrize(
    ("contract", "entry"),
    entries("function"),
    ids=[f"{contract}.{entry['name']}" for contract, entry in entries("function")],
)
def test_call_data_is_selector_and_arguments(contract: str, entry: dict[str, Any]) -> None:
    kinds = [canonical(parameter) for parameter in entry["inputs"]]
    values = [_example(kind) for kind in kinds]
    data = _function(contract, f"encode_{snake(entry['name'])}")(*values)
    assert data == keccak(signature(entry).encode())[:4] + encode(kinds, values)


def _function(contract: str, name: str) -> Any:
    for module in (snake(contract), "shared"):
        found = getattr(importlib.import_module(f"chain.bindings.{module}"), name.rstrip("_"), None)
        if found:
            return found
    raise AssertionError(f"{contract} has no {name}")


def _example(kind: str) -> Any:
    if kind.endswith("[]"):
        return [_example(kind.removesuffix("[]")) for _ in range(2)]
    if kind.startswith("("):
        return tuple(_example(part) for part in split(kind[1:-1]))
    if kind.startswith("uint"):
        return 1
    examples = {"address": b"\x11" * 20, "bool": True, "bytes": b"abc", "string": "abc"}
    return examples.get(kind) or b"\x22" * int(kind.removeprefix("bytes"))


def _plain(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return [_plain(getattr(value, name)) for name in value.__struct_fields__]
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


@pytest.mark.parametrize(
    ("solidity", "python"),
    [
        ("ratePpm", "rate_ppm"),
        ("from", "from_"),
        ("DOMAIN_SEPARATOR", "domain_separator"),
        ("WrittenOff", "written_off"),
    ],
)
def test_names_become_those_of_python(solidity: str, python: str) -> None:
    assert snake(solidity) == python


def test_enums_are_those_of_domain() -> None:
    for ours, theirs in ((codes.State, ReceivableState), (codes.Status, PartyStatus), (codes.Cause, Cause)):
        assert {member.name: member.value for member in ours} == {
            member.name: member.value for member in theirs
        }
    assert _constants(codes.Powers) - {("COUNT", len(Power))} == {
        (power.name, power.value) for power in Power
    }
    assert _constants(codes.PartyRoles) == {(role.name, role.value) for role in Role}
    assert _constants(codes.IntentKinds) == {(kind.name, kind.value) for kind in IntentKind}


def _constants(namespace: type) -> set[tuple[str, int]]:
    return {(name, value) for name, value in vars(namespace).items() if name.isupper()}
