"""Random values of ABI types, and the golden ABIs, for tests of bindings."""

import json
import re
from typing import Any

from eth_account import Account
from hypothesis import strategies as st

from chain.compile import CONTRACTS

ABI_FOLDER = CONTRACTS / "abi"


def golden_abis() -> dict[str, list[dict[str, Any]]]:
    """contract → its ABI, as checked in."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(ABI_FOLDER.glob("*.json"))}


def entries(kind: str) -> list[tuple[str, dict[str, Any]]]:
    """(contract, entry) of every function, event or error."""
    return [(name, entry) for name, abi in golden_abis().items() for entry in abi if entry["type"] == kind]


def canonical(parameter: dict[str, Any]) -> str:
    """The type with tuples written out."""
    kind: str = parameter["type"]
    if not kind.startswith("tuple"):
        return kind
    inner = ",".join(canonical(component) for component in parameter["components"])
    return f"({inner}){kind.removeprefix('tuple')}"


def values_of(kind: str) -> st.SearchStrategy[Any]:
    """Values as eth_abi takes and, addresses as bytes, as our codec gives them."""
    if kind.endswith("[]"):
        return st.lists(values_of(kind.removesuffix("[]")), max_size=3).map(tuple)
    if kind.startswith("("):
        return st.tuples(*(values_of(part) for part in split(kind[1:-1])))
    if match := re.fullmatch(r"uint(\d+)", kind):
        return st.integers(0, (1 << int(match[1])) - 1)
    if match := re.fullmatch(r"bytes(\d+)", kind):
        return st.binary(min_size=int(match[1]), max_size=int(match[1]))
    return {
        "address": st.binary(min_size=20, max_size=20),
        "bool": st.booleans(),
        "bytes": st.binary(max_size=70),
        "string": st.text(max_size=20),
    }[kind]


def split(inner: str) -> list[str]:
    """`a,(b,c)[],d` → a · (b,c)[] · d"""
    parts: list[str] = [""]
    depth = 0
    for character in inner:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part for part in parts if part]


def address_of_key(key: int) -> str:
    """A checksummed address that is the same in every run."""
    return str(Account.from_key(key.to_bytes(32)).address)
