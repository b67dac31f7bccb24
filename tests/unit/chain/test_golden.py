"""The golden files are written as their readers need them, whatever numbers the compiler gives its types."""

import json
from typing import Any

import pytest

from chain.codegen.golden import error_selectors, event_topics, storage_layouts
from chain.codegen.model import Interface, read_interface
from chain.compile import Contract


def interface(name: str, *entries: dict[str, Any]) -> Interface:
    return read_interface(name, "", entries, {})


def entry(kind: str, name: str, *inputs: tuple[str, bool]) -> dict[str, Any]:
    parameters = [
        {"name": f"p{index}", "type": type_, "internalType": type_, "indexed": indexed}
        for index, (type_, indexed) in enumerate(inputs)
    ]
    return {"type": kind, "name": name, "inputs": parameters}


def keeping(struct: str, first: str = "uint64 first") -> Contract:
    """A contract with one mapping to a struct, whose compiler-made type name is `struct`."""
    kind, label = first.split()
    types = {
        "t_key": {"label": "uint64", "numberOfBytes": "8"},
        "t_first": {"label": kind, "numberOfBytes": "8"},
        "t_map": {"label": "mapping(uint64 => struct A.Lot)", "numberOfBytes": "32"},
        struct: {
            "label": "struct A.Lot",
            "numberOfBytes": "32",
            "members": [
                {"label": label, "slot": "0", "offset": 0, "type": "t_first"},
                {"label": "amount", "slot": "0", "offset": 8, "type": "t_key"},
            ],
        },
    }
    layout = {"storage": [{"label": "lots", "slot": "3", "offset": 0, "type": "t_map"}], "types": types}
    return Contract("A", [], b"", b"", (), layout)


def test_errors_stand_under_their_selectors_in_order() -> None:
    one = interface("A", entry("error", "Panic", ("uint256", False)))
    other = interface(
        "B", entry("error", "Error", ("string", False)), entry("error", "Panic", ("uint256", False))
    )
    written = error_selectors([one, other])
    assert json.loads(written) == {"0x08c379a0": "Error(string)", "0x4e487b71": "Panic(uint256)"}
    assert list(json.loads(written)) == sorted(json.loads(written))


def test_two_errors_under_one_selector_are_refused() -> None:
    # a known collision of four bytes
    pair = [
        entry("error", "burn", ("uint256", False)),
        entry("error", "collate_propagate_storage", ("bytes16", False)),
    ]
    with pytest.raises(ValueError, match="0x42966c68"):
        error_selectors([interface("A", *pair)])


def test_events_stand_under_their_topics_with_indexed_marks() -> None:
    moved = entry("event", "Transfer", ("address", True), ("address", True), ("uint256", False))
    assert json.loads(event_topics([interface("A", moved), interface("B", moved)])) == {
        "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef": (
            "Transfer(address indexed,address indexed,uint256)"
        )
    }


def test_an_event_with_two_sets_of_indexed_marks_is_refused() -> None:
    one = interface("A", entry("event", "Transfer", ("address", True), ("uint256", False)))
    other = interface("B", entry("event", "Transfer", ("address", True), ("uint256", True)))
    with pytest.raises(ValueError, match="Transfer"):
        event_topics([one, other])


def test_a_layout_names_slot_byte_type_and_size_and_leaves_stateless_contracts_out() -> None:
    stateless = Contract("B", [], b"", b"", (), {"storage": [], "types": None})
    assert json.loads(storage_layouts({"B": stateless, "A": keeping("t_struct(Lot)12_storage")})) == {
        "A": {
            "storage": {"3:0": "mapping(uint64 => struct A.Lot) lots, 32 bytes"},
            "struct A.Lot": {"0:0": "uint64 first, 8 bytes", "0:8": "uint64 amount, 8 bytes"},
        }
    }


def test_a_layout_is_the_same_whatever_numbers_the_compiler_gives_its_types() -> None:
    ours = storage_layouts({"A": keeping("t_struct(Lot)12_storage")})
    assert ours == storage_layouts({"A": keeping("t_struct(Lot)977_storage")})
    assert ours != storage_layouts({"A": keeping("t_struct(Lot)12_storage", "int64 first")})
    assert ours != storage_layouts({"A": keeping("t_struct(Lot)12_storage", "uint64 last")})
