"""Evidence of one log: everything that is needed to check it, as one JSON object, by somebody who has no node
and believes nobody but a block hash or a set of validators.

The object has the header, the hash rule of the chain and the nodes of the receipts trie that prove the
receipt of the log and every receipt before it, since only they say which number the log has in its block;
where its hash matters also the nodes that prove the transaction.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from chain.errors import ProofMalformed, ProofMismatch
from chain.keccak import keccak
from chain.proof.block import verify_hash
from chain.proof.digits import block_name, data, integer, word
from chain.proof.headers import Block, BlockHeader, header_of
from chain.proof.qbft import HashRule, block_hash, verify_seals
from chain.proof.receipts import ConsensusLog, WireReceipt, decode_logs, encode_receipt
from chain.proof.trie import by_hash, ordered_proof, ordered_root, ordered_value


class LogEvidence(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True, forbid_unknown_fields=True
):
    """One log of one block with its proof; nodes are RLP as 0x text, in any order."""

    version: Literal[1]
    hash_rule: HashRule
    header: BlockHeader
    log_index: int
    receipt_nodes: tuple[str, ...]
    transaction_nodes: tuple[str, ...] = ()


class TrustedHash(msgspec.Struct, frozen=True):
    """The reader knows the hash of the block, from a node or a record of its own."""

    block_hash: str


class TrustedValidators(msgspec.Struct, frozen=True):
    """The reader knows who the validators were at that block, as 0x text, and asks for their seals."""

    addresses: frozenset[str]


class ProvenLog(msgspec.Struct, frozen=True, rename="camel"):
    """What the evidence proves; `timestamp` in seconds.

    `transaction_hash` is None where the evidence has no proof of it, `sealers` is empty where a hash was
    trusted.
    """

    address: str
    topics: tuple[str, ...]
    data: str
    block_number: int
    block_hash: str
    timestamp: int
    transaction_index: int
    log_index: int
    transaction_hash: str | None = None
    sealers: tuple[str, ...] = ()


_EVIDENCE = msgspec.json.Decoder(LogEvidence)


def read_evidence(text: bytes | str) -> LogEvidence:
    """Evidence from JSON. Raises ProofMalformed."""
    try:
        return _EVIDENCE.decode(text)
    except msgspec.MsgspecError as error:
        raise ProofMalformed(f"this is no evidence of a log: {error}") from error


def log_evidence(
    block: Block,
    receipts: Sequence[WireReceipt],
    log_index: int,
    rule: HashRule = HashRule.ETHEREUM,
    transactions: Sequence[bytes] = (),
) -> LogEvidence:
    """Evidence of the log with that number in the block, from all receipts of the block.

    With all its `transactions` (from `verify_transactions`) it is evidence of the transaction's hash as well.
    Raises ProofMismatch where the receipts are not the block's, or the block has no such log.
    """
    verify_hash(block, rule)
    encoded = [encode_receipt(receipt) for receipt in receipts]
    root = "0x" + ordered_root(encoded).hex()
    if root != block.receipts_root:
        raise ProofMismatch(
            block_name(block.number), "receipts root", expected=block.receipts_root, found=root
        )
    count = _receipts_up_to(receipts, log_index)
    return LogEvidence(
        version=1,
        hash_rule=rule,
        header=header_of(block),
        log_index=log_index,
        receipt_nodes=_told(ordered_proof(encoded, range(count))),
        transaction_nodes=_told(ordered_proof(transactions, {count - 1})),
    )


def verify_log_evidence(evidence: LogEvidence, trust: TrustedHash | TrustedValidators) -> ProvenLog:
    """What the evidence proves to somebody with that trust.

    Raises ProofMismatch for another block, a missing or changed node or a log that is not there,
    SealsInsufficient, ProofMalformed.
    """
    header = evidence.header
    found = "0x" + block_hash(header, evidence.hash_rule).hex()
    sealers: tuple[str, ...] = ()
    if isinstance(trust, TrustedValidators):
        sealers = verify_seals(header, trust.addresses, evidence.hash_rule)
    elif found != trust.block_hash.lower():
        raise ProofMismatch(
            block_name(header.number), "block hash", expected=trust.block_hash.lower(), found=found
        )
    transaction_index, log = _numbered_log(evidence)
    transaction_hash = _transaction_hash(evidence, transaction_index)
    return ProvenLog(
        address=log.address,
        topics=log.topics,
        data=log.data,
        block_number=integer(header.number),
        block_hash=found,
        timestamp=integer(header.timestamp),
        transaction_index=transaction_index,
        log_index=evidence.log_index,
        transaction_hash=transaction_hash,
        sealers=sealers,
    )


def _told(nodes: Sequence[bytes]) -> tuple[str, ...]:
    return tuple("0x" + node.hex() for node in nodes)


def _receipts_up_to(receipts: Sequence[WireReceipt], log_index: int) -> int:
    """How many receipts there are up to the one with that log."""
    logs = 0
    for count, receipt in enumerate(receipts, 1):
        logs += len(receipt.logs)
        if 0 <= log_index < logs:
            return count
    raise ProofMismatch("receipts", "logs", expected=f"more than {log_index}", found=logs)


def _transaction_hash(evidence: LogEvidence, index: int) -> str | None:
    if not evidence.transaction_nodes:
        return None
    nodes = by_hash(data(node) for node in evidence.transaction_nodes)
    root = word(evidence.header.transactions_root)
    return "0x" + keccak(ordered_value(root, index, nodes)).hex()


def _numbered_log(evidence: LogEvidence) -> tuple[int, ConsensusLog]:
    """The log and the place of its transaction, counted through the proven receipts from the first."""
    root = word(evidence.header.receipts_root)
    nodes = by_hash(data(node) for node in evidence.receipt_nodes)
    position = evidence.log_index
    if position < 0:
        raise ProofMalformed(f"{position} is no number of a log")
    index = 0
    while True:
        logs = decode_logs(ordered_value(root, index, nodes))
        if position < len(logs):
            return index, logs[position]
        position -= len(logs)
        index += 1
