"""Answers of `eth_getProof` against a state root: what an account holds and the words of its storage."""

from collections.abc import Mapping
from typing import Final

import msgspec

from chain.errors import MalformedAnswer, ProofMalformed, ProofMismatch
from chain.keccak import keccak
from chain.proof import rlp
from chain.proof.digits import address, data, integer, word
from chain.proof.trie import EMPTY_ROOT, by_hash, secure_value

EMPTY_CODE_HASH: Final = keccak(b"")
_WORD_BYTES: Final = 32


class StorageProof(msgspec.Struct, frozen=True, rename="camel"):
    """One word of storage with its proof."""

    key: str
    value: str
    proof: tuple[str, ...]


class AccountProof(msgspec.Struct, frozen=True, rename="camel"):
    """The answer of eth_getProof."""

    address: str
    account_proof: tuple[str, ...]
    balance: str
    code_hash: str
    nonce: str
    storage_hash: str
    storage_proof: tuple[StorageProof, ...]


class ProvenAccount(msgspec.Struct, frozen=True):
    """An account at a block; one that is not there has no code and holds nothing. `words` are by slot."""

    address: str
    exists: bool
    nonce: int
    balance: int
    code_hash: bytes
    words: Mapping[int, int]


_ANSWER = msgspec.json.Decoder(AccountProof)


def read_account_proof(raw: msgspec.Raw | bytes) -> AccountProof:
    """The answer of eth_getProof. Raises MalformedAnswer."""
    try:
        return _ANSWER.decode(raw)
    except msgspec.MsgspecError as error:
        raise MalformedAnswer(f"the node's answer is no account proof: {error}") from error


def verify_account(state_root: str, proof: AccountProof) -> ProvenAccount:
    """The account and the asked words as the state with that root has them, absent ones as 0.

    What the node says beside the proof has to agree with it. Raises ProofMismatch, ProofMalformed.
    """
    leaf = secure_value(word(state_root), address(proof.address), by_hash(map(data, proof.account_proof)))
    nonce, balance, storage_root, code_hash = _account(leaf)
    _expect(proof, "nonce", nonce, integer(proof.nonce))
    _expect(proof, "balance", balance, integer(proof.balance))
    if leaf is not None:
        # where there is no account, nodes state zeros or the hashes of nothing
        _expect(proof, "storage hash", "0x" + storage_root.hex(), proof.storage_hash.lower())
        _expect(proof, "code hash", "0x" + code_hash.hex(), proof.code_hash.lower())
    return ProvenAccount(
        address=proof.address.lower(),
        exists=leaf is not None,
        nonce=nonce,
        balance=balance,
        code_hash=code_hash,
        words={integer(stored.key): _word(proof, storage_root, stored) for stored in proof.storage_proof},
    )


def _account(leaf: bytes | None) -> tuple[int, int, bytes, bytes]:
    """Nonce, balance, storage root and code hash."""
    if leaf is None:
        return 0, 0, EMPTY_ROOT, EMPTY_CODE_HASH
    fields = rlp.decode_list(leaf)
    if len(fields) != 4:
        raise ProofMalformed(f"an account of {len(fields)} fields")
    nonce, balance, storage_root, code_hash = fields
    return rlp.as_integer(nonce), rlp.as_integer(balance), rlp.as_bytes(storage_root), rlp.as_bytes(code_hash)


def _word(proof: AccountProof, storage_root: bytes, stored: StorageProof) -> int:
    slot = integer(stored.key).to_bytes(_WORD_BYTES, "big")
    leaf = secure_value(storage_root, slot, by_hash(map(data, stored.proof)))
    value = 0 if leaf is None else rlp.as_integer(rlp.decode(leaf))
    _expect(proof, f"word at {stored.key}", value, integer(stored.value))
    return value


def _expect(proof: AccountProof, what: str, proven: object, stated: object) -> None:
    if proven != stated:
        raise ProofMismatch(f"account {proof.address}", what, expected=proven, found=stated)
