"""What a node says about blocks and logs, as typed structs: hexadecimal text as it came, quantities as
integers.

A JSON-RPC quantity is text (`"0x1f"`), so msgspec reads a wire struct first: one object more for a log costs
less than calling back into Python for each number, and what comes out are plain integers that any database or
encoder takes.
"""

from typing import TypeVar

import msgspec

from chain.errors import MalformedAnswer
from chain.proof.qbft import Sealing

W = TypeVar("W")


class RawLog(msgspec.Struct, frozen=True, gc=False):
    """One log of a mined block; `topics` and `data` are lower-case 0x text."""

    address: str
    topics: tuple[str, ...]
    data: str
    block_number: int
    block_hash: str
    transaction_hash: str
    transaction_index: int
    log_index: int


class Header(msgspec.Struct, frozen=True, gc=False):
    """The part of a block header that chains blocks together; `timestamp` in seconds.

    `logs_bloom` says which contracts may have logged in the block; empty where it was not asked for.
    """

    number: int
    hash: str
    parent_hash: str
    timestamp: int
    logs_bloom: str = ""


class MinedReceipt(msgspec.Struct, frozen=True, gc=False):
    """The part of a receipt that says whether it worked."""

    block_number: int
    succeeded: bool


class BlockRange(msgspec.Struct, frozen=True):
    """Consecutive headers and all our logs in them, ordered by block and log index, checked against each
    other. `sealings` has one a header where their seals were asked for.
    """

    headers: tuple[Header, ...]
    logs: tuple[RawLog, ...]
    sealings: tuple[Sealing, ...] = ()


class WireLog(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A log as a node tells it, alone or inside a receipt."""

    address: str
    topics: tuple[str, ...]
    data: str
    block_number: str
    block_hash: str
    transaction_hash: str
    transaction_index: str
    log_index: str


class _WireHeader(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    number: str
    hash: str
    parent_hash: str
    timestamp: str
    logs_bloom: str = ""


class _WireReceipt(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    block_number: str
    status: str


_LOGS = msgspec.json.Decoder(list[WireLog])
_HEADER = msgspec.json.Decoder(_WireHeader | None)
_RECEIPT = msgspec.json.Decoder(_WireReceipt | None)


def read_logs(raw: msgspec.Raw) -> tuple[RawLog, ...]:
    """The answer of eth_getLogs. Raises MalformedAnswer."""
    wire = _decoded(_LOGS, raw)
    try:
        return tuple(
            RawLog(
                log.address,
                log.topics,
                log.data,
                int(log.block_number, 16),
                log.block_hash,
                log.transaction_hash,
                int(log.transaction_index, 16),
                int(log.log_index, 16),
            )
            for log in wire
        )
    except ValueError as error:
        raise MalformedAnswer(f"a log has a number that is none: {error}") from error


def read_header(raw: msgspec.Raw) -> Header | None:
    """The answer of eth_getBlockByNumber, None where the chain is not that long. Raises MalformedAnswer."""
    wire = _decoded(_HEADER, raw)
    if wire is None:
        return None
    return Header(
        quantity(wire.number), wire.hash, wire.parent_hash, quantity(wire.timestamp), wire.logs_bloom
    )


def read_existing_header(raw: msgspec.Raw) -> Header:
    """The header of a block that is there. Raises MalformedAnswer."""
    header = read_header(raw)
    if header is None:
        raise MalformedAnswer("the node does not have the block")
    return header


def read_receipt(raw: msgspec.Raw) -> MinedReceipt | None:
    """The answer of eth_getTransactionReceipt, None where it is not mined. Raises MalformedAnswer."""
    wire = _decoded(_RECEIPT, raw)
    if wire is None:
        return None
    return MinedReceipt(quantity(wire.block_number), quantity(wire.status) == 1)


def quantity(text: str) -> int:
    """A JSON-RPC quantity: `0x1f` is 31. Raises MalformedAnswer."""
    try:
        return int(text, 16)
    except ValueError as error:
        raise MalformedAnswer(f"{text!r} is no quantity") from error


def _decoded(decoder: msgspec.json.Decoder[W], raw: msgspec.Raw) -> W:
    try:
        return decoder.decode(raw)
    except msgspec.MsgspecError as error:
        raise MalformedAnswer(f"the node's answer is not what was asked for: {error}") from error
