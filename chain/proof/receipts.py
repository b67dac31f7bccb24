"""Receipts as `eth_getBlockReceipts` tells them, and as consensus hashes them.

The encoding binds status, gas, bloom and logs. Where a receipt is, and which transaction it belongs to, is
not in it: `block` checks that.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import msgspec

from chain.errors import MalformedAnswer, ProofMalformed, ProofMismatch
from chain.keccak import keccak
from chain.logs import WireLog
from chain.proof import rlp
from chain.proof.digits import (
    ADDRESS_DIGITS,
    WORD_DIGITS,
    block_name,
    data_digits,
    digits_of,
    from_digits,
    integer,
)
from chain.proof.trie import ordered_root

TYPES: Final = {"0x0": "", "0x1": "01", "0x2": "02", "0x3": "03", "0x4": "04"}
"""Legacy, access list, dynamic fee, blob, set code: those whose receipts are encoded alike, by EIP-2718."""

_TYPE_BYTES: Final = frozenset(filter(None, TYPES.values()))
_FIELDS: Final = 4
_LOG_FIELDS: Final = 3
BLOOM_DIGITS: Final = 512
_BLOOM_MASK: Final = 2047
_BLOOMS_CACHED: Final = 4_096


class WireReceipt(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A receipt, as far as it can be checked."""

    transaction_hash: str
    transaction_index: str
    block_hash: str
    block_number: str
    status: str
    cumulative_gas_used: str
    logs_bloom: str
    logs: tuple[WireLog, ...]
    type: str = "0x0"


class ConsensusLog(msgspec.Struct, frozen=True):
    """A log as the receipts root binds it, as lower-case 0x text."""

    address: str
    topics: tuple[str, ...]
    data: str


_RECEIPTS = msgspec.json.Decoder(tuple[WireReceipt, ...])


def read_receipts(raw: msgspec.Raw | bytes) -> tuple[WireReceipt, ...]:
    """The answer of eth_getBlockReceipts. Raises MalformedAnswer."""
    try:
        return _RECEIPTS.decode(raw)
    except msgspec.MsgspecError as error:
        raise MalformedAnswer(f"the node's answer is no list of receipts: {error}") from error


def encode_receipt(receipt: WireReceipt) -> bytes:
    """The receipt as consensus hashes it, with the bloom computed from its logs.

    Raises ProofMalformed for a transaction type that is not known and for text that is no value of its kind,
    ProofMismatch where the node states another bloom.
    """
    bloom = bloom_text(logs_bloom(receipt.logs))
    if bloom != receipt.logs_bloom:
        raise ProofMismatch(
            _where(receipt),
            "logs bloom",
            expected=bloom,
            found=receipt.logs_bloom,
        )
    kind = TYPES.get(receipt.type)
    if kind is None or receipt.status not in {"0x0", "0x1"}:
        raise ProofMalformed(
            f"{_where(receipt)}: type {receipt.type} with status {receipt.status} is no receipt that we know"
            " how to hash"
        )
    status = "01" if receipt.status == "0x1" else "80"
    gas = rlp.hex_integer(integer(receipt.cumulative_gas_used))
    logs = rlp.hex_list("".join([_log_digits(log) for log in receipt.logs]))
    return from_digits(kind + rlp.hex_list(f"{status}{gas}b90100{bloom[2:]}{logs}"))


def receipts_root(receipts: Sequence[WireReceipt]) -> bytes:
    """The receipts root of a block that has these receipts. Raises as `encode_receipt`."""
    return ordered_root([encode_receipt(receipt) for receipt in receipts])


def decode_logs(encoded: bytes) -> tuple[ConsensusLog, ...]:
    """The logs of a receipt as consensus hashes it. Raises ProofMalformed."""
    kind = encoded[:1].hex()
    fields = rlp.decode_list(encoded[1:] if kind in _TYPE_BYTES else encoded)
    if len(fields) != _FIELDS:
        raise ProofMalformed(f"a receipt of {len(fields)} fields")
    return tuple(_decoded_log(rlp.as_list(log)) for log in rlp.as_list(fields[3]))


def logs_bloom(logs: Sequence[WireLog]) -> int:
    """The filter of addresses and topics, 2,048 bits."""
    bloom = 0
    for log in logs:
        bloom |= bloom_bits(log.address)
        for topic in log.topics:
            bloom |= bloom_bits(topic)
    return bloom


def bloom_text(bloom: int) -> str:
    """A filter as a node tells it."""
    return f"0x{bloom:0{BLOOM_DIGITS}x}"


@lru_cache(maxsize=_BLOOMS_CACHED)
def bloom_bits(text: str) -> int:
    """The three bits of an address or a topic; cached, since contracts and topics come again and again."""
    digest = int.from_bytes(keccak(from_digits(text.removeprefix("0x")))[:6], "big")
    return 1 << (digest >> 32 & _BLOOM_MASK) | 1 << (digest >> 16 & _BLOOM_MASK) | 1 << (digest & _BLOOM_MASK)


def _log_digits(log: WireLog) -> str:
    address = digits_of(log.address, ADDRESS_DIGITS)
    topics = "".join(["a0" + digits_of(topic, WORD_DIGITS) for topic in log.topics])
    return rlp.hex_list(f"94{address}{rlp.hex_list(topics)}{rlp.hex_bytes(data_digits(log.data))}")


def _where(receipt: WireReceipt) -> str:
    return f"{block_name(receipt.block_number)}, receipt {receipt.transaction_index}"


def _decoded_log(fields: Sequence[rlp.Item]) -> ConsensusLog:
    if len(fields) != _LOG_FIELDS:
        raise ProofMalformed(f"a log of {len(fields)} fields")
    return ConsensusLog(
        "0x" + rlp.as_bytes(fields[0]).hex(),
        tuple("0x" + rlp.as_bytes(topic).hex() for topic in rlp.as_list(fields[1])),
        "0x" + rlp.as_bytes(fields[2]).hex(),
    )
