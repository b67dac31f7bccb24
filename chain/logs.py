"""What a node says about blocks and logs, as typed structs: hexadecimal text as it came, quantities as
integers.
"""

from typing import Any

import msgspec


class Quantity(int):
    """A JSON-RPC quantity: `0x1f` on the wire, an int here."""


class RawLog(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """One log of a mined block; `topics` and `data` are lower-case 0x text."""

    address: str
    topics: tuple[str, ...]
    data: str
    block_number: Quantity
    block_hash: str
    transaction_hash: str
    transaction_index: Quantity
    log_index: Quantity


class Header(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """The part of a block header that chains blocks together; `timestamp` in seconds."""

    number: Quantity
    hash: str
    parent_hash: str
    timestamp: Quantity


class MinedReceipt(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """The part of a receipt that says whether it worked: `status` 1, or 0 for a revert."""

    block_number: Quantity
    status: Quantity


class BlockRange(msgspec.Struct, frozen=True):
    """Consecutive headers and all our logs in them, ordered by block and log index, checked against each
    other.
    """

    headers: tuple[Header, ...]
    logs: tuple[RawLog, ...]


def from_wire(kind: type[Any], value: object) -> Any:
    """msgspec's hook for the one type it does not know. Raises ValueError, which msgspec reports with the
    path.
    """
    if kind is Quantity and isinstance(value, str) and value.startswith("0x"):
        return Quantity(value, 16)
    raise ValueError(f"{value!r} is no quantity")
