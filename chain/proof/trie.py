"""Merkle Patricia tries without a database: the root of an ordered trie, proofs of what is in it, and
proofs of keys of the state, there or not.

Keys are handled as hexadecimal text, one digit a nibble. A proof is a set of nodes in any order; each is
found by its hash, so a node too many changes nothing and a node too few or another one is refused.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from chain.errors import ProofMalformed, ProofMismatch
from chain.keccak import keccak
from chain.proof import rlp

EMPTY_ROOT: Final = keccak(b"\x80")
HASH_BYTES: Final = 32
_BRANCH_ITEMS: Final = 17
_SHAPES_CACHED: Final = 256
_PATHS_CACHED: Final = 1_024

Nodes = Mapping[bytes, bytes]


def ordered_root(values: Sequence[bytes]) -> bytes:
    """Root of the trie that has `values[i]` under the encoding of i: transactions, receipts, withdrawals."""
    return _OrderedTrie(values).root()


def ordered_proof(values: Sequence[bytes], indexes: Collection[int]) -> tuple[bytes, ...]:
    """The nodes that prove the values at `indexes` against the root, the deepest first."""
    trie = _OrderedTrie(values, frozenset(indexes))
    trie.root()
    return tuple(trie.kept)


def by_hash(proof: Iterable[bytes]) -> dict[bytes, bytes]:
    """The nodes of a proof under their hashes."""
    return {keccak(node): node for node in proof}


def ordered_value(root: bytes, index: int, nodes: Nodes) -> bytes:
    """The value at `index` of the ordered trie with that root.

    Raises ProofMismatch where a node is missing or the trie has no such index, ProofMalformed.
    """
    value = _look_up(root, _index_key(index), nodes)
    if value is None:
        raise ProofMismatch(f"trie 0x{root.hex()}", "index", expected=index, found="no such index")
    return value


def secure_value(root: bytes, key: bytes, nodes: Nodes) -> bytes | None:
    """The value that a trie of the state has under the hash of `key`; None is proven absence.

    Raises ProofMismatch where a node is missing, ProofMalformed.
    """
    return _look_up(root, keccak(key).hex(), nodes)


def _index_key(index: int) -> str:
    return rlp.encode(rlp.integer_bytes(index)).hex()


@lru_cache(maxsize=_SHAPES_CACHED)
def _sorted_keys(count: int) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Keys in the order of the trie, and the index that each stands for: 0 is 0x80 and follows 1 … 127."""
    order = (*range(1, min(count, 128)), 0, *range(128, count))
    return tuple(_index_key(index) for index in order), order


class _OrderedTrie:
    """The nodes of an ordered trie, made from the leaves up; `kept` are those that prove the `wanted`."""

    def __init__(self, values: Sequence[bytes], wanted: frozenset[int] = frozenset()) -> None:
        self._values = values
        self._wanted = wanted
        self._keys, self._order = _sorted_keys(len(values)) if values else ((), ())
        self.kept: list[bytes] = []

    def root(self) -> bytes:
        if not self._values:
            return EMPTY_ROOT
        node = self._node(0, len(self._keys), 0)
        self._keep(node, 0, len(self._keys))
        return keccak(node)

    def _node(self, low: int, high: int, depth: int) -> bytes:
        """The encoded node over the sorted keys [low, high), which have their first `depth` nibbles in
        common. No key is the beginning of another, so a branch never has a value of its own.
        """
        first = self._keys[low]
        if high - low == 1:
            leaf = (_path(first[depth:], leaf=True), rlp.encode_bytes(self._values[self._order[low]]))
            return rlp.encode_list(leaf)
        fork = _common(first, self._keys[high - 1], depth)
        if fork > depth:
            branch = self._reference(low, high, fork)
            return rlp.encode_list((_path(first[depth:fork], leaf=False), branch))
        members = [b"\x80"] * _BRANCH_ITEMS
        while low < high:
            nibble = self._keys[low][depth]
            end = low + 1
            while end < high and self._keys[end][depth] == nibble:
                end += 1
            members[int(nibble, 16)] = self._reference(low, end, depth + 1)
            low = end
        return rlp.encode_list(members)

    def _reference(self, low: int, high: int, depth: int) -> bytes:
        """A node as its parent has it: itself where that is shorter than its hash."""
        node = self._node(low, high, depth)
        if len(node) < HASH_BYTES:
            return node
        self._keep(node, low, high)
        return b"\xa0" + keccak(node)

    def _keep(self, node: bytes, low: int, high: int) -> None:
        if self._wanted and not self._wanted.isdisjoint(self._order[low:high]):
            self.kept.append(node)


def _common(first: str, last: str, depth: int) -> int:
    """How many nibbles both keys have in common, at least `depth`."""
    while first[depth] == last[depth]:
        depth += 1
    return depth


@lru_cache(maxsize=_PATHS_CACHED)
def _path(nibbles: str, *, leaf: bool) -> bytes:
    """The rest of a key as a leaf or an extension has it, encoded."""
    odd = len(nibbles) & 1
    flag = 2 * leaf + odd
    return rlp.encode_bytes(bytes.fromhex(f"{flag}{nibbles}" if odd else f"{flag}0{nibbles}"))


def _look_up(root: bytes, key: str, nodes: Nodes) -> bytes | None:
    if root == EMPTY_ROOT:
        return None
    node, position = _resolved(root, nodes), 0
    while True:
        if len(node) == _BRANCH_ITEMS:
            if position == len(key):
                return rlp.as_bytes(node[-1]) or None
            reference = node[int(key[position], 16)]
            position += 1
        else:
            nibbles, leaf = _nibbles(node)
            if leaf:
                return rlp.as_bytes(node[1]) if key[position:] == nibbles else None
            if not key.startswith(nibbles, position):
                return None
            position += len(nibbles)
            reference = node[1]
        if reference == b"":
            return None
        node = _resolved(reference, nodes)


def _resolved(reference: rlp.Item, nodes: Nodes) -> Sequence[rlp.Item]:
    """The node that a parent or the root refers to, by hash or as it is."""
    if isinstance(reference, bytes):
        if len(reference) != HASH_BYTES:
            raise ProofMalformed(f"0x{reference.hex()} is no reference to a node")
        encoded = nodes.get(reference)
        if encoded is None:
            raise ProofMismatch(
                "proof", "nodes", expected=f"the node 0x{reference.hex()}", found=f"{len(nodes)} others"
            )
        reference = rlp.decode_list(encoded)
    if len(reference) not in {2, _BRANCH_ITEMS}:
        raise ProofMalformed(f"a node of {len(reference)} items")
    return rlp.as_list(reference)


def _nibbles(node: Sequence[rlp.Item]) -> tuple[str, bool]:
    """The path of a leaf or an extension, and whether it is a leaf."""
    digits = rlp.as_bytes(node[0]).hex()
    flag = int(digits[0], 16) if digits else 4
    if flag > 3 or (not flag & 1 and digits[1] != "0"):
        raise ProofMalformed(f"0x{digits} is no path of a node")
    return digits[1 if flag & 1 else 2 :], flag > 1
