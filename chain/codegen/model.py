"""An ABI as the generator sees it: functions, events and errors with their parameters."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chain.compile import Enumeration
from chain.keccak import keccak

_KEYWORDS = frozenset({"from", "import", "class", "def", "in", "is", "pass", "global", "lambda", "none"})


def snake(name: str) -> str:
    """`ratePpm` → `rate_ppm`, `DOMAIN_SEPARATOR` → `domain_separator`, `from` → `from_`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return f"{spaced}_" if spaced in _KEYWORDS else spaced


@dataclass(frozen=True, slots=True)
class Parameter:
    """`kind` is the ABI type, tuples written out; `struct` the Solidity name (`ILedger.Lot`) of a tuple."""

    name: str
    kind: str
    suffix: str
    indexed: bool
    struct: str
    enum: str
    members: int
    components: tuple["Parameter", ...]

    @property
    def static_kinds(self) -> tuple[str, ...] | None:
        """Its words for a `Layout`, or None where the type is dynamic."""
        if self.suffix:
            return None
        if self.components:
            return flat_kinds(self.components)
        if self.kind in {"bytes", "string"}:
            return None
        return (f"{self.kind}<{self.members}" if self.enum else self.kind,)


def flat_kinds(parameters: Sequence[Parameter]) -> tuple[str, ...] | None:
    """The static words of several parameters, or None where one is dynamic."""
    kinds: list[str] = []
    for parameter in parameters:
        words = parameter.static_kinds
        if words is None:
            return None
        kinds.extend(words)
    return tuple(kinds)


@dataclass(frozen=True, slots=True)
class Item:
    """A function, event or error."""

    name: str
    inputs: tuple[Parameter, ...]
    outputs: tuple[Parameter, ...]

    @property
    def signature(self) -> str:
        """`move((uint64,uint24,…))`"""
        return f"{self.name}({','.join(parameter.kind for parameter in self.inputs)})"

    @property
    def hash(self) -> bytes:
        """keccak of the signature: topic 0 of an event, the selector (4 bytes) of a function or error."""
        return keccak(self.signature.encode())


@dataclass(frozen=True, slots=True)
class Interface:
    """Everything one contract declares; `module` is the name of its bindings."""

    contract: str
    module: str
    functions: tuple[Item, ...]
    events: tuple[Item, ...]
    errors: tuple[Item, ...]

    def parameters(self) -> Iterator[Parameter]:
        """Every parameter, nested ones included."""
        for item in (*self.functions, *self.events):
            for parameter in (*item.inputs, *item.outputs):
                yield from _nested(parameter)


def _nested(parameter: Parameter) -> Iterator[Parameter]:
    yield parameter
    for component in parameter.components:
        yield from _nested(component)


def read_interface(
    contract: str, module: str, abi: Sequence[dict[str, Any]], enums: dict[str, Enumeration]
) -> Interface:
    """The interface of one contract; overloads are refused, since a Python name stands for one function."""

    def items(kind: str) -> tuple[Item, ...]:
        found = [
            Item(
                entry["name"],
                tuple(_parameter(value, enums) for value in entry["inputs"]),
                tuple(_parameter(value, enums) for value in entry.get("outputs", ())),
            )
            for entry in abi
            if entry["type"] == kind
        ]
        names = [item.name for item in found]
        if len(set(names)) != len(names):
            raise ValueError(f"{contract} overloads a {kind}")
        return tuple(sorted(found, key=lambda item: item.name))

    return Interface(contract, module, items("function"), items("event"), items("error"))


def _parameter(entry: dict[str, Any], enums: dict[str, Enumeration]) -> Parameter:
    components = tuple(_parameter(value, enums) for value in entry.get("components", ()))
    kind: str = entry["type"]
    suffix = kind[kind.index("[") :] if "[" in kind else ""
    if kind.startswith("tuple"):
        kind = f"({','.join(component.kind for component in components)}){suffix}"
    category, _, internal = entry.get("internalType", "").partition(" ")
    internal = internal.removesuffix(suffix)
    enum = enums[internal] if category == "enum" else None
    return Parameter(
        name=snake(entry["name"]),
        kind=kind,
        suffix=suffix,
        indexed=entry.get("indexed", False),
        struct=internal if category == "struct" else "",
        enum=enum.name if enum else "",
        members=len(enum.members) if enum else 0,
        components=components,
    )
