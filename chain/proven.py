"""A node's blocks, proven before they are believed: errors of a proof become errors of the node."""

from collections.abc import Set as AbstractSet

import msgspec

from chain.errors import BlockNotSealed, MalformedAnswer, ProofError, SealsInsufficient
from chain.logs import Header, RawLog, quantity
from chain.proof.block import verify_block, verify_hash
from chain.proof.headers import Block, read_block
from chain.proof.qbft import HashRule, Sealing, read_sealing
from chain.proof.receipts import read_receipts


def existing_block(raw: msgspec.Raw) -> Block:
    """A block that has to be there. Raises MalformedAnswer."""
    block = read_block(raw)
    if block is None:
        raise MalformedAnswer("the node does not have the block")
    return block


def logs(
    block: Block, raw_receipts: msgspec.Raw, addresses: AbstractSet[str], rule: HashRule
) -> tuple[RawLog, ...]:
    """The logs of `addresses` in the block, as `verify_block`. Raises MalformedAnswer."""
    try:
        return verify_block(block, read_receipts(raw_receipts), addresses, rule)
    except ProofError as error:
        raise unproven(error) from error


def known_block(raw: msgspec.Raw, known_hash: str, rule: HashRule) -> Block:
    """The block with that hash. Raises MalformedAnswer for another."""
    block = existing_block(raw)
    try:
        verify_hash(block, rule)
    except ProofError as error:
        raise unproven(error) from error
    if block.hash != known_hash:
        raise MalformedAnswer(f"the node has block {block.number} as {block.hash}, not as {known_hash}")
    return block


def sealing(block: Block, rule: HashRule) -> Sealing:
    """The validators of a block whose hash is checked, after checking their seals.

    Raises BlockNotSealed where too few of those it lists sealed it, MalformedAnswer.
    """
    try:
        return read_sealing(block, rule)
    except SealsInsufficient as error:
        raise BlockNotSealed(error.message, values=error.values) from error
    except ProofError as error:
        raise unproven(error) from error


def chain_header(block: Block) -> Header:
    """The part of the header that chains blocks together."""
    return Header(
        quantity(block.number), block.hash, block.parent_hash, quantity(block.timestamp), block.logs_bloom
    )


def unproven(error: ProofError) -> MalformedAnswer:
    """The node's block is not what its hash says."""
    return MalformedAnswer(f"the node's block does not prove itself: {error}")
