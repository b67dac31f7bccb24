"""What readers of the chain and of the storage rely on, as golden files: a change of them shows in review.

Selectors and topics are what other people's software recognises our errors and events by; the storage layout
is what a migration, an audit of the state and a proof about a word are written against.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from chain.codegen.model import Interface, Item
from chain.compile import Contract


def error_selectors(interfaces: Sequence[Interface]) -> str:
    """Selector → signature, by selector. Two errors under one selector are refused."""
    return _json(
        _unique((f"0x{item.hash[:4].hex()}", item.signature) for face in interfaces for item in face.errors)
    )


def event_topics(interfaces: Sequence[Interface]) -> str:
    """Topic 0 → signature with its indexed marks, by topic. Two under one topic are refused."""
    return _json(
        _unique((f"0x{item.hash.hex()}", _marked(item)) for face in interfaces for item in face.events)
    )


def storage_layouts(contracts: Mapping[str, Contract]) -> str:
    """For each contract that keeps anything, and for each of its structs: `slot:byte` → what lies there."""
    return _json(
        {
            name: {"storage": _places(layout["storage"], layout["types"]), **_structs(layout["types"])}
            for name, layout in sorted((name, contract.storage) for name, contract in contracts.items())
            if layout["storage"]
        }
    )


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, text in pairs:
        if found.setdefault(key, text) != text:
            raise ValueError(f"{key} is both {found[key]} and {text}")
    return dict(sorted(found.items()))


def _marked(item: Item) -> str:
    """`LotCut(uint64 indexed,uint64)`"""
    inputs = (f"{parameter.kind}{' indexed' if parameter.indexed else ''}" for parameter in item.inputs)
    return f"{item.name}({','.join(inputs)})"


def _places(variables: Sequence[dict[str, Any]], types: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """By the labels of types: the compiler's own names of them contain numbers that every edit moves."""
    return {
        f"{variable['slot']}:{variable['offset']}": (
            f"{types[variable['type']]['label']} {variable['label']}, "
            f"{types[variable['type']]['numberOfBytes']} bytes"
        )
        for variable in variables
    }


def _structs(types: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, str]]:
    found = {
        described["label"]: _places(described["members"], types)
        for described in types.values()
        if "members" in described
    }
    return dict(sorted(found.items()))


def _json(content: Mapping[str, object]) -> str:
    return msgspec.json.format(msgspec.json.encode(content), indent=1).decode() + "\n"
