"""Headers of Besu's QBFT and IBFT 2.0, up to "enough validators signed".

The extra data is an RLP list: vanity of 32 bytes, the validators in ascending order, a vote or none, the
round, and the committed seals. Which seals a node happens to have differs from node to node, so the block
hash leaves seals and round out, and a seal signs the header with the round and without seals:

    hashed or signed          QBFT                                     IBFT 2.0
    as it travels             vanity validators vote round [seals]     vanity validators vote round [seals]
    signed by a seal          vanity validators vote round []          vanity validators vote round
    block hash                vanity validators vote 0 []              vanity validators vote
    no vote is                an empty list                            an empty string
    the round is              an integer                               four bytes

The genesis block has no seals and is hashed as it is. A seal is r, s and the parity of secp256k1, 65 bytes.
A block needs the seals of ⌈2n/3⌉ of its n validators, each once and nobody else's.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Final

import msgspec
from coincurve import PublicKey

from chain.errors import ProofMalformed, ProofMismatch, SealsInsufficient
from chain.keccak import keccak
from chain.proof import rlp
from chain.proof.digits import block_name, data, integer
from chain.proof.headers import BlockHeader, encode_header, header_hash

ADDRESS_BYTES: Final = 20
VANITY_BYTES: Final = 32
SEAL_BYTES: Final = 65
_IBFT2_ROUND_BYTES: Final = 4
_ADD: Final = b"\xff"
_DROP: Final = {"qbft": b"", "ibft2": b"\0"}


class HashRule(StrEnum):
    """How a chain hashes its headers."""

    ETHEREUM = "ethereum"
    QBFT = "qbft"
    IBFT2 = "ibft2"


class Vote(msgspec.Struct, frozen=True):
    """What the proposer of a block wants changed: an address in or out."""

    validator: str
    add: bool


class ExtraData(msgspec.Struct, frozen=True):
    """The extra data of a sealed header; addresses as lower-case 0x text.

    `validators` is empty on networks whose validators are kept in a contract.
    """

    vanity: bytes
    validators: tuple[str, ...]
    vote: Vote | None
    round: int
    seals: tuple[bytes, ...]


class Sealing(msgspec.Struct, frozen=True):
    """Who the validators of a sealed block are, and who those of the next are should its vote decide."""

    validators: tuple[str, ...]
    voted: tuple[str, ...]


def quorum(validators: int) -> int:
    """How many of that many validators have to sign a block."""
    return -(-2 * validators // 3)


def block_hash(header: BlockHeader, rule: HashRule) -> bytes:
    """The hash under which a block is known. Raises ProofMalformed."""
    if rule is HashRule.ETHEREUM or integer(header.number) == 0:
        return header_hash(header)
    vanity, validators, vote, _, _ = _items(header, rule)
    kept: list[rlp.Item] = [vanity, validators, vote]
    if rule is HashRule.QBFT:
        kept += [b"", []]
    return keccak(encode_header(header, rlp.encode(kept).hex()))


def seal_hash(header: BlockHeader, rule: HashRule) -> bytes:
    """What each validator signs. Raises ProofMalformed."""
    kept = list(_items(header, rule))[:4]
    if rule is HashRule.QBFT:
        kept.append([])
    return keccak(encode_header(header, rlp.encode(kept).hex()))


def read_extra_data(header: BlockHeader, rule: HashRule) -> ExtraData:
    """The parts of the extra data. Raises ProofMalformed for anything but their exact form."""
    vanity, validators, vote, round_, seals = _items(header, rule)
    return ExtraData(
        vanity=_sized(vanity, VANITY_BYTES, header, "vanity"),
        validators=tuple(_address(item, header) for item in rlp.as_list(validators)),
        vote=_vote(vote, header, rule),
        round=_round(round_, header, rule),
        seals=tuple(_sized(item, SEAL_BYTES, header, "seal") for item in rlp.as_list(seals)),
    )


def sealers(header: BlockHeader, rule: HashRule) -> tuple[str, ...]:
    """Addresses of those who signed the block, as lower-case 0x text. Raises ProofMalformed."""
    digest = seal_hash(header, rule)
    return tuple(_signer(seal, digest, header) for seal in read_extra_data(header, rule).seals)


def verify_seals(header: BlockHeader, validators: Collection[str], rule: HashRule) -> tuple[str, ...]:
    """Who of `validators` sealed the block, after checking that they are enough.

    The header has to list the same validators, or none where a contract keeps them. Raises SealsInsufficient
    for too few seals, a seal of somebody else or two of the same, ProofMismatch, ProofMalformed.
    """
    allowed = {validator.lower() for validator in validators}
    listed = read_extra_data(header, rule).validators
    if listed and listed != tuple(sorted(allowed)):
        raise ProofMismatch(_where(header), "validators", expected=sorted(allowed), found=list(listed))
    signed = sealers(header, rule)
    values = {"block": header.number, "signed": list(signed), "validators": sorted(allowed)}
    strangers = sorted(set(signed) - allowed)
    if strangers:
        raise SealsInsufficient(f"{_where(header)}: sealed by {strangers}, no validators", values=values)
    if len(set(signed)) != len(signed):
        raise SealsInsufficient(f"{_where(header)}: a validator sealed twice", values=values)
    needed = quorum(len(allowed))
    if len(signed) < needed or not allowed:
        raise SealsInsufficient(
            f"{_where(header)}: {len(signed)} of {len(allowed)} validators sealed, {needed} have to",
            values=values,
        )
    return signed


def read_sealing(header: BlockHeader, rule: HashRule) -> Sealing:
    """What the header says of its validators, after checking that enough of those it lists sealed it.

    That they are the right ones follows from the block before: see `require_succession`. Raises as
    `verify_seals`, and SealsInsufficient where a contract keeps the validators: a header does not tell them.
    """
    extra = read_extra_data(header, rule)
    if not extra.validators:
        raise SealsInsufficient(f"{_where(header)}: it lists no validators, a contract keeps them")
    verify_seals(header, extra.validators, rule)
    return Sealing(extra.validators, _after(extra.validators, extra.vote))


def require_succession(before: Sealing, after: Sealing, number: int) -> None:
    """Check that block `number` has the validators of the one before, or those that it votes for.

    Raises SealsInsufficient.
    """
    if after.validators not in (before.validators, before.voted):
        raise SealsInsufficient(
            f"block {number}: sealed by others than the validators before it, or whom they voted on",
            values={"validators": list(before.validators), "found": list(after.validators)},
        )


def follow(headers: Sequence[BlockHeader], validators: Collection[str], rule: HashRule) -> tuple[str, ...]:
    """The validators of the last of these consecutive headers, starting from those of the first.

    Raises as `verify_seals` and `follow_to`.
    """
    verify_seals(headers[0], validators, rule)
    current = tuple(sorted(validator.lower() for validator in validators))
    for header, child in pairwise(headers):
        current = follow_to(child, header, current, rule)
    return current


def follow_to(
    child: BlockHeader, header: BlockHeader, validators: tuple[str, ...], rule: HashRule
) -> tuple[str, ...]:
    """The validators who sealed `child`, a block after one that `validators` (sorted, lower case) sealed.

    It has to name its parent and be sealed by enough of its validators. They are those of the parent, or
    differ by the one validator that the parent votes on: those who seal the child vouch that the votes were
    enough. Raises as `verify_seals`, and ProofMismatch for another parent or other validators.
    """
    expected = "0x" + block_hash(header, rule).hex()
    if child.parent_hash != expected:
        raise ProofMismatch(_where(child), "parent hash", expected=expected, found=child.parent_hash)
    listed = read_extra_data(child, rule).validators
    if listed and listed != validators:
        if listed != _after(validators, read_extra_data(header, rule).vote):
            raise ProofMismatch(_where(child), "validators", expected=list(validators), found=list(listed))
        validators = listed
    verify_seals(child, validators, rule)
    return validators


def _after(validators: tuple[str, ...], vote: Vote | None) -> tuple[str, ...]:
    """The validators should this vote be the one that decides."""
    if vote is None:
        return validators
    voted = {vote.validator}
    return tuple(sorted(set(validators) | voted if vote.add else set(validators) - voted))


def _items(header: BlockHeader, rule: HashRule) -> tuple[rlp.Item, rlp.Item, rlp.Item, rlp.Item, rlp.Item]:
    if rule is HashRule.ETHEREUM:
        raise ProofMalformed(f"{_where(header)}: a header by the rule of Ethereum has no seals")
    items = rlp.decode_list(data(header.extra_data))
    if len(items) != 5:
        raise ProofMalformed(f"{_where(header)}: extra data of {len(items)} items, {rule} has five")
    vanity, validators, vote, round_, seals = items
    return vanity, validators, vote, round_, seals


def _vote(item: rlp.Item, header: BlockHeader, rule: HashRule) -> Vote | None:
    if item == ([] if rule is HashRule.QBFT else b""):
        return None
    fields = rlp.as_list(item)
    if len(fields) == 2 and fields[1] in (_ADD, _DROP[rule]):
        return Vote(_address(fields[0], header), fields[1] == _ADD)
    raise ProofMalformed(f"{_where(header)}: the vote is none that {rule} knows")


def _round(item: rlp.Item, header: BlockHeader, rule: HashRule) -> int:
    if rule is HashRule.QBFT:
        return rlp.as_integer(item)
    return int.from_bytes(_sized(item, _IBFT2_ROUND_BYTES, header, "round"), "big")


def _signer(seal: bytes, digest: bytes, header: BlockHeader) -> str:
    try:
        key = PublicKey.from_signature_and_message(seal, digest, hasher=None)
    except ValueError as error:
        raise ProofMalformed(f"{_where(header)}: 0x{seal.hex()} is no signature: {error}") from error
    return "0x" + keccak(key.format(compressed=False)[1:])[-ADDRESS_BYTES:].hex()


def _address(item: rlp.Item, header: BlockHeader) -> str:
    return "0x" + _sized(item, ADDRESS_BYTES, header, "address").hex()


def _sized(item: rlp.Item, size: int, header: BlockHeader, what: str) -> bytes:
    value = rlp.as_bytes(item)
    if len(value) != size:
        raise ProofMalformed(f"{_where(header)}: {what} of {len(value)} bytes where {size} have to be")
    return value


def _where(header: BlockHeader) -> str:
    return block_name(header.number)
