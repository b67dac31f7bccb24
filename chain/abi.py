"""The wire format of the contract ABI: strict static words by `struct`, everything else by eth_abi
(`chain.dynamic`).

`struct` reads an event of seven words in about a microsecond, eth_abi in fifty; both refuse the same
malformed input (unused bits that are not zero, a bool of 2, wrong length), `struct` also an enum beyond its
last member; tests compare them. Addresses are 20 bytes here, never text: the checksum of an address costs a
keccak.
"""

import re
import struct
from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar, Self

import msgspec

from chain.errors import DecodeError

Address = bytes
"""20 bytes"""
Bytes4 = bytes
Bytes32 = bytes

WORD_BYTES = 32
ADDRESS_BYTES = 20
WORD_BITS = 256
_NATIVE = {8: "B", 16: "H", 32: "I", 64: "Q"}
_STATIC = re.compile(r"(address|bool|uint(?P<bits>\d+)(<(?P<members>\d+))?|bytes(?P<length>\d+))")


class _Word:
    """One static type: its struct format, the bits of its word that must be zero, what is left to check."""

    __slots__ = ("format", "members", "wide", "zero_bits")

    def __init__(self, kind: str) -> None:
        match = _STATIC.fullmatch(kind)
        if match is None:
            raise ValueError(f"{kind} is no static type of one word")
        self.members = int(match["members"] or 0)
        self.wide = False
        if match["length"]:
            length = int(match["length"])
            self.format = f"{length}s{WORD_BYTES - length}x"
            self.zero_bits = (1 << 8 * (WORD_BYTES - length)) - 1
            return
        used_bits = 160 if kind == "address" else 1 if kind == "bool" else int(match["bits"])
        self.zero_bits = ((1 << WORD_BITS) - 1) ^ ((1 << used_bits) - 1)
        self.format = (
            "12x20s" if kind == "address" else "31x?" if kind == "bool" else self._unsigned(used_bits)
        )

    def _unsigned(self, bits: int) -> str:
        held_bits = next((held for held in _NATIVE if held >= bits), WORD_BITS)
        self.wide = held_bits == WORD_BITS
        if self.wide:
            return "32s"
        return f"{WORD_BYTES - held_bits // 8}x{_NATIVE[held_bits]}"


class Layout:
    """A fixed row of static words. Kinds are ABI types; `uint8<3` is an enum of three members."""

    __slots__ = ("_enums", "_must_be_zero", "_struct", "_wide", "kinds")

    def __init__(self, *kinds: str) -> None:
        words = [_Word(kind) for kind in kinds]
        self.kinds = kinds
        self._struct = struct.Struct(">" + "".join(word.format for word in words))
        self._must_be_zero = 0
        for word in words:
            self._must_be_zero = self._must_be_zero << WORD_BITS | word.zero_bits
        self._wide = tuple(index for index, word in enumerate(words) if word.wide)
        self._enums = tuple((index, word.members) for index, word in enumerate(words) if word.members)

    @property
    def size(self) -> int:
        """Bytes of one row."""
        return self._struct.size

    def unpack(self, data: bytes) -> tuple[Any, ...]:
        """Values of exactly one row. Raises DecodeError."""
        if len(data) != self._struct.size:
            raise DecodeError(f"expected {self._struct.size} bytes, got {len(data)}")
        if int.from_bytes(data) & self._must_be_zero:
            raise DecodeError(f"unused bits are set in words of {', '.join(self.kinds)}")
        values = self._struct.unpack(data)
        return self._finished(values) if self._wide or self._enums else values

    def unpack_array(self, data: bytes) -> list[tuple[Any, ...]]:
        """Rows of a `T[]` that is the only value: offset, length, rows. Raises DecodeError."""
        if len(data) < 2 * WORD_BYTES or int.from_bytes(data[:WORD_BYTES]) != WORD_BYTES:
            raise DecodeError("expected the offset and length of an array")
        count = int.from_bytes(data[WORD_BYTES : 2 * WORD_BYTES])
        body = data[2 * WORD_BYTES :]
        if count * self.size != len(body):
            raise DecodeError(f"{count} rows of {self.size} bytes announced, {len(body)} bytes given")
        return [self.unpack(body[start : start + self.size]) for start in range(0, len(body), self.size)]

    def _finished(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        finished = list(values)
        for index in self._wide:
            finished[index] = int.from_bytes(finished[index])
        for index, members in self._enums:
            if finished[index] >= members:
                raise DecodeError(f"{finished[index]} is not one of the {members} members of the enum")
        return tuple(finished)


class EventCodec:
    """How an event lies in a log: topic 0, indexed words, then data (static, or dynamic by eth_abi)."""

    __slots__ = ("_data_kinds", "_layout", "_static", "_topic0_text", "_topic_count", "topic0")

    def __init__(self, topic0: str, indexed: tuple[str, ...], data: tuple[str, ...], *, static: bool) -> None:
        self.topic0 = bytes.fromhex(topic0)
        self._topic0_text = f"0x{topic0}"
        self._topic_count = len(indexed) + 1
        self._data_kinds = data
        self._static = static
        self._layout = Layout(*indexed, *data) if static else Layout(*indexed)

    def unpack(self, topics: Sequence[str], data: str) -> tuple[Any, ...]:
        """Values of the indexed fields, then of the others, from the 0x text of a log. Raises DecodeError."""
        if len(topics) != self._topic_count or topics[0] != self._topic0_text:
            raise DecodeError(f"expected {self._topic_count} topics, the first {self._topic0_text}")
        # one conversion for all words: the mirror comes here once an event
        indexed = "".join([topic[2:] for topic in topics[1:]])
        try:
            if self._static:
                return self._layout.unpack(bytes.fromhex(indexed + data[2:]))
            return self._layout.unpack(bytes.fromhex(indexed)) + decode(
                self._data_kinds, bytes.fromhex(data[2:])
            )
        except ValueError as error:
            raise DecodeError(f"not hexadecimal: {error}") from error


class Event(msgspec.Struct, frozen=True, gc=False):
    """A decoded event: indexed fields first, then the others, each group in the order of its declaration."""

    CODEC: ClassVar[EventCodec]
    TOPIC0: ClassVar[bytes]

    @classmethod
    def decode(cls, topics: Sequence[str], data: str) -> Self:
        """From the 0x text of a log. Raises DecodeError where it is not exactly what the contract emits."""
        return cls(*cls.CODEC.unpack(topics, data))


def encode(selector: bytes, kinds: Sequence[str], values: Sequence[object]) -> bytes:
    """Call data: the selector and the arguments. A value that its type cannot hold raises eth_abi's
    EncodingError, which only a caller that went around `domain` can cause.
    """
    words = _plain_words(tuple(kinds), values)
    if words is not None:
        return selector + words
    from chain import dynamic

    return selector + dynamic.encode(kinds, values)


@cache
def _simple(kinds: tuple[str, ...]) -> tuple[int, ...] | None:
    """Bits of each kind, those of bytes below zero; None where one is neither a number nor plain bytes."""
    matches = [_STATIC.fullmatch(kind) for kind in kinds]
    if not all(match and not match["members"] and match[0] != "bool" for match in matches):
        return None
    return tuple(
        int(match["bits"]) if match["bits"] else -8 * int(match["length"] or ADDRESS_BYTES)
        for match in matches
        if match
    )


def _plain_words(kinds: tuple[str, ...], values: Sequence[object]) -> bytes | None:
    """Numbers, addresses and fixed bytes without eth_abi, which takes fifty times as long; None where a value
    is not one of these, or too large.
    """
    simple = _simple(kinds)
    if simple is None or len(simple) != len(values):
        return None
    words = []
    for bits, kind, value in zip(simple, kinds, values, strict=True):
        if bits > 0 and type(value) is int and 0 <= value < 1 << bits:
            words.append(value.to_bytes(WORD_BYTES))
        elif bits < 0 and type(value) is bytes and len(value) == -bits // 8:
            words.append(
                value.rjust(WORD_BYTES, b"\0") if kind == "address" else value.ljust(WORD_BYTES, b"\0")
            )
        else:
            return None
    return b"".join(words)


def decode(kinds: Sequence[str], data: bytes) -> tuple[Any, ...]:
    """Values of any types. Raises DecodeError."""
    from chain import dynamic

    return dynamic.decode(kinds, data)
