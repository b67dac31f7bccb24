"""Transactions as a block tells them in full, and as consensus hashes them.

A receipt does not name its transaction: only the transactions root binds which one was at which place.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from chain.errors import MalformedAnswer, ProofMalformed, ProofMismatch
from chain.keccak import keccak
from chain.proof import rlp
from chain.proof.digits import address, block_name, data, integer, word
from chain.proof.headers import Block
from chain.proof.trie import ordered_root

_FEES: Final = {
    "0x1": ("gas_price",),
    "0x2": ("max_priority_fee_per_gas", "max_fee_per_gas"),
    "0x3": ("max_priority_fee_per_gas", "max_fee_per_gas"),
    "0x4": ("max_priority_fee_per_gas", "max_fee_per_gas"),
}
"""Typed transactions by type, and how each names what it pays for gas."""


class Access(msgspec.Struct, frozen=True, rename="camel"):
    """What a transaction says it will touch."""

    address: str
    storage_keys: tuple[str, ...]


class Authorization(msgspec.Struct, frozen=True, rename="camel"):
    """Code that an account lets itself be given."""

    chain_id: str
    address: str
    nonce: str
    y_parity: str
    r: str
    s: str


class WireTransaction(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A transaction with its signature; what its type does not have is left at its default."""

    hash: str
    nonce: str
    gas: str
    value: str
    input: str
    v: str
    r: str
    s: str
    to: str | None = None
    type: str = "0x0"
    chain_id: str | None = None
    gas_price: str | None = None
    max_priority_fee_per_gas: str | None = None
    max_fee_per_gas: str | None = None
    max_fee_per_blob_gas: str | None = None
    y_parity: str | None = None
    access_list: tuple[Access, ...] = ()
    blob_versioned_hashes: tuple[str, ...] = ()
    authorization_list: tuple[Authorization, ...] = ()


class _WholeBlock(msgspec.Struct, frozen=True):
    transactions: tuple[WireTransaction, ...]


_WHOLE_BLOCK = msgspec.json.Decoder(_WholeBlock)


def read_transactions(raw: msgspec.Raw | bytes) -> tuple[WireTransaction, ...]:
    """The transactions in an answer of eth_getBlockByNumber that has them in full. Raises MalformedAnswer."""
    try:
        return _WHOLE_BLOCK.decode(raw).transactions
    except msgspec.MsgspecError as error:
        raise MalformedAnswer(f"the node's answer is no block with transactions: {error}") from error


def encode_transaction(transaction: WireTransaction) -> bytes:
    """The transaction as consensus hashes it.

    Raises ProofMalformed for a type that is not known, a field that is missing or is no value of its kind.
    """
    fields: list[rlp.Item] = [_number(transaction.nonce)]
    target = address(transaction.to) if transaction.to else b""
    rest: list[rlp.Item] = [
        _number(transaction.gas),
        target,
        _number(transaction.value),
        data(transaction.input),
    ]
    signature: list[rlp.Item] = [_number(transaction.r), _number(transaction.s)]
    if transaction.type == "0x0":
        return rlp.encode(
            [*fields, _number(transaction.gas_price), *rest, _number(transaction.v), *signature]
        )
    if transaction.type not in _FEES:
        raise ProofMalformed(f"type {transaction.type} is no transaction that we know how to hash")
    fees = [_number(getattr(transaction, name)) for name in _FEES[transaction.type]]
    parity = _number(transaction.v if transaction.y_parity is None else transaction.y_parity)
    body = [_number(transaction.chain_id), *fields, *fees, *rest, _access_list(transaction)]
    return bytes((integer(transaction.type),)) + rlp.encode(
        [*body, *_of_its_type(transaction), parity, *signature]
    )


def verify_transactions(block: Block, transactions: Sequence[WireTransaction]) -> tuple[bytes, ...]:
    """The transactions as consensus hashes them, after checking that they are the block's.

    Checked against the block's list of hashes and the transactions root; that the block is what its hash says
    is `verify_block`'s to check. Raises ProofMismatch, ProofMalformed.
    """
    name = block_name(block.number)
    encoded = tuple(encode_transaction(transaction) for transaction in transactions)
    hashes = tuple("0x" + keccak(transaction).hex() for transaction in encoded)
    if hashes != block.transactions:
        raise ProofMismatch(name, "transactions", expected=block.transactions, found=hashes)
    root = "0x" + ordered_root(encoded).hex()
    if root != block.transactions_root:
        raise ProofMismatch(name, "transactions root", expected=block.transactions_root, found=root)
    return encoded


def _of_its_type(transaction: WireTransaction) -> list[rlp.Item]:
    """What comes between the access list and the signature."""
    if transaction.type == "0x3":
        return [
            _number(transaction.max_fee_per_blob_gas),
            [word(digest) for digest in transaction.blob_versioned_hashes],
        ]
    if transaction.type == "0x4":
        return [[_authorization(one) for one in transaction.authorization_list]]
    return []


def _access_list(transaction: WireTransaction) -> rlp.Item:
    return [
        [address(access.address), [word(key) for key in access.storage_keys]]
        for access in transaction.access_list
    ]


def _authorization(one: Authorization) -> rlp.Item:
    return [
        _number(one.chain_id),
        address(one.address),
        _number(one.nonce),
        _number(one.y_parity),
        _number(one.r),
        _number(one.s),
    ]


def _number(quantity: str | None) -> bytes:
    if quantity is None:
        raise ProofMalformed("a transaction lacks a field that its type has")
    return rlp.integer_bytes(integer(quantity))
