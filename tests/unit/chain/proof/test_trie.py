import pytest
import rlp as other_rlp
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st
from trie import HexaryTrie
from trie.constants import BLANK_NODE_HASH

from chain.errors import ProofMalformed, ProofMismatch
from chain.proof import rlp
from chain.proof.trie import (
    EMPTY_ROOT,
    by_hash,
    ordered_proof,
    ordered_root,
    ordered_value,
    secure_value,
)

COUNTS = [0, 1, 2, 15, 16, 17, 127, 128, 129, 130, 255, 256, 257, 300]
# short values are kept inside their parents, long ones by hash
values = st.lists(
    st.one_of(st.binary(min_size=1, max_size=4), st.binary(min_size=30, max_size=40)), max_size=150
)
state = st.dictionaries(st.binary(min_size=1, max_size=8), st.binary(min_size=1, max_size=40), max_size=40)


def other_trie(pairs: dict[bytes, bytes]) -> HexaryTrie:
    trie = HexaryTrie(db={})
    for key, value in pairs.items():
        trie[key] = value
    return trie


def other_ordered(values: list[bytes]) -> HexaryTrie:
    return other_trie({other_rlp.encode(index): value for index, value in enumerate(values)})


@given(values)
def test_roots_are_those_of_another_library(values: list[bytes]) -> None:
    assert ordered_root(values) == other_ordered(values).root_hash


@pytest.mark.parametrize("count", COUNTS)
def test_every_number_of_values_has_its_root_and_proofs(count: int) -> None:
    values = [keccak(bytes([index % 256])) * (1 + index % 3) for index in range(count)]
    root = ordered_root(values)
    assert root == other_ordered(values).root_hash
    for index in {0, 1, count // 2, count - 2, count - 1} & set(range(count)):
        assert ordered_value(root, index, by_hash(ordered_proof(values, {index}))) == values[index]


def test_no_values_have_the_root_of_the_empty_trie() -> None:
    assert ordered_root([]) == EMPTY_ROOT == BLANK_NODE_HASH
    assert ordered_proof([], {0}) == ()
    with pytest.raises(ProofMismatch, match="no such index"):
        ordered_value(EMPTY_ROOT, 0, {})


@given(values.filter(len), st.data())
def test_proofs_are_the_nodes_that_another_library_gives(values: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(values) - 1))
    proof = ordered_proof(values, {index})
    others = other_ordered(values).get_proof(other_rlp.encode(index))
    assert set(proof) == {other_rlp.encode(node) for node in others} - {
        node for node in map(other_rlp.encode, others[1:]) if len(node) < 32
    }
    assert ordered_value(ordered_root(values), index, by_hash(proof)) == values[index]


@given(values.filter(len), st.data())
def test_one_proof_holds_for_all_that_it_was_made_for(values: list[bytes], data: st.DataObject) -> None:
    indexes = data.draw(st.sets(st.integers(0, len(values) - 1), min_size=1))
    nodes = by_hash(ordered_proof(values, indexes))
    root = ordered_root(values)
    assert {index: ordered_value(root, index, nodes) for index in indexes} == {
        index: values[index] for index in indexes
    }


def test_an_index_that_is_not_there_is_refused() -> None:
    values = [b"value" * 10] * 20
    nodes = by_hash(ordered_proof(values, range(20)))
    with pytest.raises(ProofMismatch, match="no such index"):
        ordered_value(ordered_root(values), 20, nodes)


def test_a_changed_or_missing_node_is_refused() -> None:
    values = [bytes([index]) * 40 for index in range(200)]
    root = ordered_root(values)
    proof = ordered_proof(values, {150})
    assert len(proof) > 2
    for position in range(len(proof)):
        missing = [node for other, node in enumerate(proof) if other != position]
        with pytest.raises(ProofMismatch, match="expected the node 0x"):
            ordered_value(root, 150, by_hash(missing))
        changed = bytes([*proof[position][:-1], proof[position][-1] ^ 1])
        with pytest.raises(ProofMismatch, match="expected the node 0x"):
            ordered_value(root, 150, by_hash([*missing, changed]))


@given(state, st.binary(min_size=1, max_size=8))
def test_keys_of_the_state_are_proven_there_or_not(pairs: dict[bytes, bytes], key: bytes) -> None:
    trie = other_trie({keccak(known): value for known, value in pairs.items()})
    for asked in {key, *list(pairs)[:3]}:
        proof = [other_rlp.encode(node) for node in trie.get_proof(keccak(asked))]
        assert secure_value(trie.root_hash, asked, by_hash(proof)) == pairs.get(asked)


def root_and_nodes(node: rlp.Item) -> tuple[bytes, dict[bytes, bytes]]:
    encoded = rlp.encode(node)
    return keccak(encoded), {keccak(encoded): encoded}


@pytest.mark.parametrize(
    ("node", "why"),
    [
        ([b"\x20" + keccak(b"key")], "a node of 1 items"),
        ([b"\x40" + keccak(b"key"), b"value"], "is no path"),
        ([b"", b"value"], "is no path"),
        ([b"\x0f", b"value"], "is no path"),
        ([b"\x00", b"too short"], "is no reference"),
        ([[], b"value"], "string has to be"),
    ],
)
def test_what_is_no_node_is_refused(node: rlp.Item, why: str) -> None:
    root, nodes = root_and_nodes(node)
    with pytest.raises(ProofMalformed, match=why):
        secure_value(root, b"key", nodes)


def test_a_key_may_end_at_a_branch() -> None:
    trie = other_trie({b"\x80": b"first value", b"\x80\x12": b"a longer key" * 4})
    nodes = by_hash(other_rlp.encode(node) for node in trie.get_proof(b"\x80"))
    assert ordered_value(trie.root_hash, 0, nodes) == b"first value"


@pytest.mark.parametrize(("ours", "found"), [(True, b"value"), (False, None)])
def test_a_key_that_leaves_the_path_of_an_extension_is_not_there(ours: bool, found: bytes | None) -> None:
    digits = keccak(b"key").hex()
    shared = digits[:2] if ours else f"{int(digits[:2], 16) ^ 1:02x}"
    leaf = rlp.encode([b"\x20" + bytes.fromhex(digits[2:]), b"value"])
    extension = rlp.encode([b"\x00" + bytes.fromhex(shared), keccak(leaf)])
    assert secure_value(keccak(extension), b"key", by_hash([leaf, extension])) == found
