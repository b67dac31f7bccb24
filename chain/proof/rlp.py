"""Recursive length prefix, the encoding under every hash of the chain: whole items as bytes, and for the
paths where speed matters the same as hexadecimal text, which is how a node tells everything.

Encoded text is joined first and turned into bytes once: a tenth of the calls that an item by item conversion
takes.
"""

from collections.abc import Sequence
from typing import TypeAlias

from chain.errors import ProofMalformed

Item: TypeAlias = "bytes | Sequence[Item]"

NESTING_MAX = 16
"""Receipts nest three deep and trie nodes sixteen at most, since a nested node is shorter than its parent."""

_SHORT = 55
_STRING, _LIST = 0x80, 0xC0
_TABLED = 2_048
"""Lengths whose headers are looked up and not formatted: those of nearly all logs."""


def encode(item: Item) -> bytes:
    """Bytes, or a sequence of items however deep."""
    if isinstance(item, bytes):
        return encode_bytes(item)
    return encode_list([encode(member) for member in item])


def encode_bytes(value: bytes) -> bytes:
    """A string of bytes."""
    if len(value) == 1 and value[0] < _STRING:
        return value
    length = len(value)
    return (_STRING_HEADERS[length] if length < _TABLED else _header(length, _STRING)) + value


def encode_list(encoded: Sequence[bytes]) -> bytes:
    """A list whose members are encoded already."""
    payload = b"".join(encoded)
    length = len(payload)
    return (_LIST_HEADERS[length] if length < _TABLED else _header(length, _LIST)) + payload


def integer_bytes(number: int) -> bytes:
    """An integer as the item that stands for it: big-endian and without leading zeros, so 0 is empty."""
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def hex_bytes(digits: str) -> str:
    """The encoding of a byte string given as digits, two for each byte, as digits."""
    length = len(digits) >> 1
    if length == 1 and digits < "80":
        return digits
    return (_STRING_HEX[length] if length < _TABLED else _header(length, _STRING).hex()) + digits


def hex_list(payload: str) -> str:
    """The encoding of a list whose members are encoded already, as digits."""
    length = len(payload) >> 1
    return (_LIST_HEX[length] if length < _TABLED else _header(length, _LIST).hex()) + payload


def hex_integer(number: int) -> str:
    """The encoding of an integer, as digits."""
    digits = f"{number:x}" if number else ""
    return hex_bytes("0" + digits if len(digits) & 1 else digits)


def _header(length: int, base: int) -> bytes:
    if length <= _SHORT:
        return bytes((base + length,))
    size = integer_bytes(length)
    return bytes((base + _SHORT + len(size),)) + size


_STRING_HEADERS = tuple(_header(length, _STRING) for length in range(_TABLED))
_LIST_HEADERS = tuple(_header(length, _LIST) for length in range(_TABLED))
_STRING_HEX = tuple(header.hex() for header in _STRING_HEADERS)
_LIST_HEX = tuple(header.hex() for header in _LIST_HEADERS)


def decode(data: bytes) -> Item:
    """The one item that `data` is. Raises ProofMalformed for anything but its only valid encoding."""
    item, end = _decode(data, 0, len(data), 0)
    if end != len(data):
        raise ProofMalformed(f"{len(data) - end} bytes after the end of an RLP item")
    return item


def decode_list(data: bytes) -> Sequence[Item]:
    """The list that `data` is. Raises ProofMalformed."""
    return as_list(decode(data))


def as_list(item: Item) -> Sequence[Item]:
    """The item, which has to be a list. Raises ProofMalformed."""
    if isinstance(item, bytes):
        raise ProofMalformed("an RLP string where a list has to be")
    return item


def as_bytes(item: Item) -> bytes:
    """The item, which has to be a string. Raises ProofMalformed."""
    if not isinstance(item, bytes):
        raise ProofMalformed("an RLP list where a string has to be")
    return item


def as_integer(item: Item) -> int:
    """The item, which has to be an integer. Raises ProofMalformed."""
    value = as_bytes(item)
    if value[:1] == b"\0":
        raise ProofMalformed(f"an RLP integer with leading zeros: 0x{value.hex()}")
    return int.from_bytes(value, "big")


def _decode(data: bytes, start: int, limit: int, depth: int) -> tuple[Item, int]:
    """The item at `start` and the position behind it; nothing reaches beyond `limit`."""
    if start >= limit:
        raise ProofMalformed("an RLP item ends too early")
    first = data[start]
    if first < _STRING:
        return data[start : start + 1], start + 1
    base = _STRING if first < _LIST else _LIST
    begin, end = _payload(data, start, limit, base)
    if base == _STRING:
        if end - begin == 1 and data[begin] < _STRING:
            raise ProofMalformed("a single byte has an RLP header it does not need")
        return data[begin:end], end
    if depth == NESTING_MAX:
        raise ProofMalformed(f"RLP lists nested deeper than {NESTING_MAX}")
    members: list[Item] = []
    while begin < end:
        member, begin = _decode(data, begin, end, depth + 1)
        members.append(member)
    return members, end


def _payload(data: bytes, start: int, limit: int, base: int) -> tuple[int, int]:
    """Where the payload of the item at `start` begins and ends."""
    length = data[start] - base
    begin = start + 1
    if length > _SHORT:
        size = data[begin : begin + length - _SHORT]
        begin += length - _SHORT
        length = int.from_bytes(size, "big")
        if begin > limit or size[0] == 0 or length <= _SHORT:
            raise ProofMalformed("an RLP length that is cut off or longer than it has to be")
    if begin + length > limit:
        raise ProofMalformed("an RLP item ends too early")
    return begin, begin + length
