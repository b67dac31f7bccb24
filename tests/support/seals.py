"""A set of validators of the test's own, and headers that they seal as Besu does.

The extra data is put together here with another RLP library and by the description of the format, so that a
mistake of ours is not made twice.
"""

from collections.abc import Sequence
from typing import Any

import rlp as other_rlp
from coincurve import PrivateKey
from eth_hash.auto import keccak
from msgspec.structs import replace

from chain.proof.headers import Block, BlockHeader
from chain.proof.qbft import HashRule
from tests.support.blocks import made_block

VANITY = bytes(range(32))
MIX_HASH = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365"
QUANTITIES = {
    "difficulty",
    "number",
    "gas_limit",
    "gas_used",
    "timestamp",
    "base_fee_per_gas",
    "blob_gas_used",
    "excess_blob_gas",
}
_NO_VOTE = {HashRule.QBFT: [], HashRule.IBFT2: b""}


class Validators:
    """Keys by address, in the order in which a header lists them."""

    def __init__(self, count: int, first: int = 1) -> None:
        keys = [PrivateKey(number.to_bytes(32, "big")) for number in range(first, first + count)]
        self._keys = dict(sorted((address_of(key), key) for key in keys))

    @property
    def addresses(self) -> tuple[str, ...]:
        """Lower-case 0x text, ascending."""
        return tuple(self._keys)

    def key(self, address: str) -> PrivateKey:
        """The key behind an address."""
        return self._keys[address]


def address_of(key: PrivateKey) -> str:
    """The address of a key."""
    return "0x" + keccak(key.public_key.format(compressed=False)[1:])[-20:].hex()


def extra_data(
    rule: HashRule, validators: Sequence[str], vote: Any = None, round_: int = 0, seals: Any = ()
) -> str:
    """The field as it travels."""
    items: list[Any] = [
        VANITY,
        [bytes.fromhex(validator[2:]) for validator in validators],
        _NO_VOTE[rule] if vote is None else vote,
        round_.to_bytes((round_.bit_length() + 7) // 8 if rule is HashRule.QBFT else 4, "big"),
        list(seals),
    ]
    return "0x" + other_rlp.encode(items).hex()


def rlp_of(header: BlockHeader, extra: bytes) -> bytes:
    """A header with the extra data in the place of its own, encoded by the other library."""
    items: list[Any] = []
    for name in BlockHeader.__struct_fields__:
        text = getattr(header, name)
        if name == "extra_data":
            items.append(extra)
        elif text is not None:
            items.append(int(text, 16) if name in QUANTITIES else bytes.fromhex(text[2:]))
    return bytes(other_rlp.encode(items))


def signed_extra(rule: HashRule, validators: Sequence[str], vote: Any, round_: int) -> bytes:
    """What the extra data is when it is signed."""
    whole = other_rlp.decode(bytes.fromhex(extra_data(rule, validators, vote, round_)[2:]))
    return bytes(other_rlp.encode(whole if rule is HashRule.QBFT else whole[:4]))


def hashed_extra(rule: HashRule, validators: Sequence[str], vote: Any) -> bytes:
    """What the extra data is in the hash of the block."""
    whole = other_rlp.decode(bytes.fromhex(extra_data(rule, validators, vote, 0)[2:]))
    return bytes(other_rlp.encode(whole if rule is HashRule.QBFT else whole[:3]))


def sealed(
    validators: Validators,
    signers: Sequence[PrivateKey],
    *,
    rule: HashRule = HashRule.QBFT,
    listed: Sequence[str] | None = None,
    vote: Any = None,
    round_: int = 0,
    **made: Any,
) -> Block:
    """An empty block sealed by `signers`; `listed` where the header does not list the validators."""
    names = validators.addresses if listed is None else listed
    bare = {
        "difficulty": "0x1",
        "mix_hash": MIX_HASH,
        "base_fee_per_gas": "0x0",
        "withdrawals_root": None,
        "blob_gas_used": None,
        "excess_blob_gas": None,
        "parent_beacon_block_root": None,
        "extra_data": extra_data(rule, names, vote, round_),
    }
    receipts = made.pop("receipts", ())
    block, _ = made_block(receipts, **bare | made)
    return seal(block, names, signers, rule=rule, vote=vote, round_=round_)


def seal(
    block: Block,
    listed: Sequence[str],
    signers: Sequence[PrivateKey],
    *,
    rule: HashRule = HashRule.QBFT,
    vote: Any = None,
    round_: int = 0,
) -> Block:
    """The block as one that lists these validators and that `signers` sealed."""
    digest = keccak(rlp_of(block, signed_extra(rule, listed, vote, round_)))
    seals = [key.sign_recoverable(digest, hasher=None) for key in signers]
    return replace(
        block,
        extra_data=extra_data(rule, listed, vote, round_, seals),
        hash="0x" + keccak(rlp_of(block, hashed_extra(rule, listed, vote))).hex(),
    )
