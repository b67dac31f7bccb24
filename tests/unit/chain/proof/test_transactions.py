"""Transactions of every type, compared with what eth-account signs."""

from typing import Any

import msgspec
import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak
from msgspec.structs import replace

from chain.errors import MalformedAnswer, ProofMalformed, ProofMismatch
from chain.proof.evidence import TrustedHash, log_evidence, verify_log_evidence
from chain.proof.headers import Block
from chain.proof.receipts import WireReceipt
from chain.proof.transactions import (
    WireTransaction,
    encode_transaction,
    read_transactions,
    verify_transactions,
)
from chain.proof.trie import ordered_root
from tests.support.blocks import hashed, made_block, made_log, made_receipt

ACCOUNT: LocalAccount = Account.from_key(b"\1" * 32)
TO = "0x" + "11" * 20
ACCESS = {"accessList": [{"address": TO, "storageKeys": [hashed("key"), hashed("other key")]}]}
DYNAMIC = {"maxFeePerGas": 9, "maxPriorityFeePerGas": 2}
FIELDS: dict[str, dict[str, Any]] = {
    "0x0": {"gasPrice": 7},
    "0x1": {"gasPrice": 7} | ACCESS,
    "0x2": DYNAMIC | ACCESS,
    "0x3": DYNAMIC | ACCESS | {"maxFeePerBlobGas": 3, "blobVersionedHashes": ["0x01" + "22" * 31]},
    "0x4": DYNAMIC | ACCESS,
}


def told(kind: str, nonce: int = 5, *, create: bool = False) -> tuple[dict[str, Any], bytes]:
    """A transaction as a node tells it, and the bytes that were signed."""
    fields: dict[str, Any] = FIELDS[kind] | {"chainId": 1, "nonce": nonce, "value": 0, "gas": 21_000}
    fields |= {"data": b"\x12\x34", "to": "" if create else TO}
    if kind != "0x0":
        fields["type"] = int(kind, 16)
    if kind == "0x4":
        signed_code = ACCOUNT.sign_authorization({"chainId": 1, "address": TO, "nonce": 6})
        fields["authorizationList"] = [signed_code]
    signed = ACCOUNT.sign_transaction(fields)
    answer = {name: hex(value) if isinstance(value, int) else value for name, value in fields.items()}
    answer |= {"type": kind, "input": "0x1234", "to": None if create else TO, "from": TO}
    answer |= {"v": hex(signed.v), "r": hex(signed.r), "s": hex(signed.s)}
    answer["hash"] = "0x" + bytes(signed.hash).hex()
    if kind == "0x4":
        answer["authorizationList"] = [
            {
                "chainId": "0x1",
                "address": TO,
                "nonce": "0x6",
                "yParity": hex(signed_code.y_parity),
                "r": hex(signed_code.r),
                "s": hex(signed_code.s),
            }
        ]
    del answer["data"]
    return answer, bytes(signed.raw_transaction)


def read(*answers: dict[str, Any]) -> tuple[WireTransaction, ...]:
    return read_transactions(msgspec.json.encode({"hash": hashed("block"), "transactions": answers}))


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize("kind", ["0x0", "0x1", "0x2"])
def test_transactions_are_encoded_as_they_were_signed(kind: str, create: bool) -> None:
    answer, raw = told(kind, create=create)
    (transaction,) = read(answer)
    assert encode_transaction(transaction) == raw
    assert transaction.hash == "0x" + keccak(raw).hex()


@pytest.mark.parametrize("kind", ["0x3", "0x4"])
def test_transactions_with_blobs_and_code_are_encoded_as_they_were_signed(kind: str) -> None:
    answer, _ = told(kind)
    (transaction,) = read(answer)
    assert transaction.hash == "0x" + keccak(encode_transaction(transaction)).hex()
    with_parity = replace(transaction, y_parity=transaction.v, v="0x1b")
    assert encode_transaction(with_parity) == encode_transaction(transaction)


def block_of(*answers: dict[str, Any]) -> tuple[Block, tuple[WireReceipt, ...]]:
    raws = [encode_transaction(transaction) for transaction in read(*answers)]
    block, receipts = made_block(
        [made_receipt([made_log(hashed(place))]) for place in range(len(answers))],
        transactions_root="0x" + ordered_root(raws).hex(),
    )
    return replace(block, transactions=tuple(answer["hash"] for answer in answers)), receipts


ANSWERS = [told(kind, nonce)[0] for nonce, kind in enumerate(FIELDS)]
BLOCK, RECEIPTS = block_of(*ANSWERS)


def test_evidence_names_the_transaction_where_it_has_the_proof_of_it() -> None:
    transactions = verify_transactions(BLOCK, read(*ANSWERS))
    evidence = log_evidence(BLOCK, RECEIPTS, 3, transactions=transactions)
    trust = TrustedHash(BLOCK.hash)
    assert verify_log_evidence(evidence, trust).transaction_hash == ANSWERS[3]["hash"]
    assert verify_log_evidence(log_evidence(BLOCK, RECEIPTS, 3), trust).transaction_hash is None
    other = log_evidence(BLOCK, RECEIPTS, 2, transactions=transactions)
    with pytest.raises(ProofMismatch, match="expected the node"):
        verify_log_evidence(replace(evidence, transaction_nodes=other.transaction_nodes), trust)


CHANGES: list[tuple[str, object]] = [
    ("nonce", "0x63"),
    ("gas", "0x1"),
    ("to", None),
    ("value", "0x1"),
    ("input", "0x"),
    ("v", "0x12"),
    ("r", "0x1"),
    ("s", "0x1"),
    ("type", "0x1"),
]


@pytest.mark.parametrize(("field", "value"), CHANGES)
def test_any_changed_field_of_a_transaction_is_refused(field: str, value: object) -> None:
    transactions = list(read(*ANSWERS))
    transactions[2] = replace(transactions[2], **{field: value}, gas_price="0x7")
    with pytest.raises(ProofMismatch, match="block 7: transactions: expected"):
        verify_transactions(BLOCK, transactions)


def test_transactions_that_are_not_the_blocks_are_refused() -> None:
    with pytest.raises(ProofMismatch, match="block 7: transactions: expected"):
        verify_transactions(BLOCK, read(*ANSWERS[:-1]))
    with pytest.raises(ProofMismatch, match="block 7: transactions root: expected"):
        verify_transactions(replace(BLOCK, transactions_root=hashed("other")), read(*ANSWERS))


def test_a_type_that_nobody_told_us_how_to_hash_is_refused() -> None:
    (transaction,) = read(ANSWERS[2])
    with pytest.raises(ProofMalformed, match="type 0x7e is no transaction that we know"):
        encode_transaction(replace(transaction, type="0x7e"))


@pytest.mark.parametrize("field", ["chain_id", "max_fee_per_gas", "max_priority_fee_per_gas"])
def test_a_missing_field_is_refused(field: str) -> None:
    (transaction,) = read(ANSWERS[2])
    with pytest.raises(ProofMalformed, match="lacks a field"):
        encode_transaction(replace(transaction, **{field: None}))


@pytest.mark.parametrize("answer", [b"null", b"{}", b'{"transactions":["0x12"]}'])
def test_an_answer_without_transactions_in_full_is_refused(answer: bytes) -> None:
    with pytest.raises(MalformedAnswer, match="no block with transactions"):
        read_transactions(answer)
