"""Whole block headers, as `eth_getBlockByNumber` tells them, and their hash under every fork so far."""

from typing import Final

import msgspec

from chain.errors import MalformedAnswer, ProofMalformed
from chain.keccak import keccak
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

_BLOOM_DIGITS: Final = 512
_NONCE_DIGITS: Final = 16


class BlockHeader(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Every field that a header hash is made of, as 0x text.

    Those of later forks are None where the chain has not come to the fork: base fee with London, withdrawals
    with Shanghai, blob gas and beacon root with Cancun, requests with Prague.
    """

    parent_hash: str
    sha3_uncles: str
    miner: str
    state_root: str
    transactions_root: str
    receipts_root: str
    logs_bloom: str
    difficulty: str
    number: str
    gas_limit: str
    gas_used: str
    timestamp: str
    extra_data: str
    mix_hash: str
    nonce: str
    base_fee_per_gas: str | None = None
    withdrawals_root: str | None = None
    blob_gas_used: str | None = None
    excess_blob_gas: str | None = None
    parent_beacon_block_root: str | None = None
    requests_hash: str | None = None


class Block(BlockHeader, frozen=True, kw_only=True):
    """A header with the hash that the node states, and the hashes of the transactions in their order."""

    hash: str
    transactions: tuple[str, ...]


_BLOCK = msgspec.json.Decoder(Block | None)
_HEADER_FIELDS: Final = BlockHeader.__struct_fields__


def read_block(raw: msgspec.Raw | bytes) -> Block | None:
    """The answer of eth_getBlockByNumber or eth_getBlockByHash that leaves the transactions out; None where
    there is no such block. Raises MalformedAnswer.
    """
    try:
        block: Block | None = _BLOCK.decode(raw)
    except msgspec.MsgspecError as error:
        raise MalformedAnswer(f"the node's answer is no block: {error}") from error
    return block


def header_of(block: Block) -> BlockHeader:
    """The header alone."""
    return BlockHeader(**{name: getattr(block, name) for name in _HEADER_FIELDS})


def header_hash(header: BlockHeader) -> bytes:
    """The hash of a header by the rule of Ethereum. Raises ProofMalformed."""
    return keccak(encode_header(header, data_digits(header.extra_data)))


def encode_header(header: BlockHeader, extra_data: str) -> bytes:
    """The header as it is hashed, with `extra_data` (digits) for its own, since some chains hash another.

    Raises ProofMalformed.
    """
    fields = (
        _word(header.parent_hash),
        _word(header.sha3_uncles),
        "94" + digits_of(header.miner, ADDRESS_DIGITS),
        _word(header.state_root),
        _word(header.transactions_root),
        _word(header.receipts_root),
        "b90100" + digits_of(header.logs_bloom, _BLOOM_DIGITS),
        _quantity(header.difficulty),
        _quantity(header.number),
        _quantity(header.gas_limit),
        _quantity(header.gas_used),
        _quantity(header.timestamp),
        rlp.hex_bytes(extra_data),
        _word(header.mix_hash),
        "88" + digits_of(header.nonce, _NONCE_DIGITS),
        *_later_fields(header),
    )
    return from_digits(rlp.hex_list("".join(fields)))


def _later_fields(header: BlockHeader) -> list[str]:
    """Fields of the forks in their order; a later one does not come without those before it."""
    fields = [
        header.base_fee_per_gas and _quantity(header.base_fee_per_gas),
        header.withdrawals_root and _word(header.withdrawals_root),
        header.blob_gas_used and _quantity(header.blob_gas_used),
        header.excess_blob_gas and _quantity(header.excess_blob_gas),
        header.parent_beacon_block_root and _word(header.parent_beacon_block_root),
        header.requests_hash and _word(header.requests_hash),
    ]
    there = [field for field in fields if field]
    if there != fields[: len(there)]:
        raise ProofMalformed(f"{block_name(header.number)}: a field of a later fork without those before it")
    return there


def _word(text: str) -> str:
    return "a0" + digits_of(text, WORD_DIGITS)


def _quantity(text: str) -> str:
    return rlp.hex_integer(integer(text))
