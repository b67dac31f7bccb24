"""Proofs of a state that another library keeps; those of a real node are in the integration tests."""

import msgspec
import pytest
import rlp as other_rlp
from eth_hash.auto import keccak
from msgspec.structs import replace
from trie import HexaryTrie

from chain.errors import MalformedAnswer, ProofMalformed, ProofMismatch
from chain.proof.accounts import AccountProof, StorageProof, read_account_proof, verify_account

HOLDER, NOBODY = "0x" + "aa" * 20, "0x" + "bb" * 20
CODE_HASH = keccak(b"code")
WORDS = {0: 7, 1: 2**255, 40: 1}


def state(words: dict[int, int], fields: int = 4) -> tuple[HexaryTrie, HexaryTrie]:
    """A state with one account, and the storage of that account."""
    storage, accounts = HexaryTrie(db={}), HexaryTrie(db={})
    for slot, value in words.items():
        storage[keccak(slot.to_bytes(32))] = other_rlp.encode(value)
    account = [3, 10**18, storage.root_hash, CODE_HASH][:fields]
    accounts[keccak(bytes.fromhex(HOLDER[2:]))] = other_rlp.encode(account)
    for number in range(20):
        accounts[keccak(bytes([number]))] = other_rlp.encode([number])
    return accounts, storage


ACCOUNTS, STORAGE = state(WORDS)
ROOT = "0x" + ACCOUNTS.root_hash.hex()


def nodes(trie: HexaryTrie, key: bytes) -> tuple[str, ...]:
    return tuple("0x" + other_rlp.encode(node).hex() for node in trie.get_proof(keccak(key)))


def answer(address: str, *slots: int) -> AccountProof:
    """What a node would say."""
    there = address == HOLDER
    return AccountProof(
        address=address,
        account_proof=nodes(ACCOUNTS, bytes.fromhex(address[2:])),
        balance=hex(10**18 if there else 0),
        code_hash="0x" + CODE_HASH.hex() if there else "0x" + "00" * 32,
        nonce="0x3" if there else "0x0",
        storage_hash="0x" + STORAGE.root_hash.hex() if there else "0x" + "00" * 32,
        storage_proof=tuple(
            StorageProof(hex(slot), hex(WORDS.get(slot, 0)), nodes(STORAGE, slot.to_bytes(32)))
            for slot in slots
        ),
    )


def test_an_account_and_its_words_are_proven_absent_ones_as_zero() -> None:
    read = read_account_proof(msgspec.json.encode(answer(HOLDER, 0, 1, 2, 40)))
    account = verify_account(ROOT, read)
    assert account.words == {0: 7, 1: 2**255, 2: 0, 40: 1}
    assert (account.exists, account.nonce, account.balance) == (True, 3, 10**18)
    assert account.code_hash == CODE_HASH


def test_an_account_that_is_not_there_holds_nothing() -> None:
    account = verify_account(ROOT, answer(NOBODY))
    assert (account.exists, account.nonce, account.balance, account.words) == (False, 0, 0, {})
    with pytest.raises(ProofMismatch, match=f"account {NOBODY}: balance: expected 0, found 1"):
        verify_account(ROOT, replace(answer(NOBODY), balance="0x1"))


def test_a_word_that_is_not_as_stated_is_refused() -> None:
    (stored,) = answer(HOLDER, 2).storage_proof
    with pytest.raises(ProofMismatch, match="word at 0x2: expected 0, found 9"):
        verify_account(ROOT, replace(answer(HOLDER), storage_proof=(replace(stored, value="0x9"),)))


def test_the_proof_of_another_word_is_refused() -> None:
    (stored,) = answer(HOLDER, 40).storage_proof
    with pytest.raises(ProofMismatch):
        verify_account(
            ROOT, replace(answer(HOLDER), storage_proof=(replace(stored, key="0x0", value="0x7"),))
        )


def test_a_leaf_that_is_no_account_is_refused() -> None:
    accounts, _ = state(WORDS, fields=3)
    proof = replace(answer(HOLDER), account_proof=nodes(accounts, bytes.fromhex(HOLDER[2:])))
    with pytest.raises(ProofMalformed, match="an account of 3 fields"):
        verify_account("0x" + accounts.root_hash.hex(), proof)


@pytest.mark.parametrize("text", [b"null", b"{}", b"[]"])
def test_an_answer_that_is_no_proof_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedAnswer, match="no account proof"):
        read_account_proof(text)
