"""One block with all its receipts, checked as a whole: what a mirror does before it believes a node.

Proven from the header's hash on: that no receipt is missing, and address, topics, data and place of each
log. The hash of a transaction is only compared with the block's list, since receipts do not contain it:
`transactions` proves the list.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from chain.errors import ProofMismatch
from chain.logs import RawLog, WireLog
from chain.proof.digits import block_name, integer
from chain.proof.headers import Block
from chain.proof.qbft import HashRule, block_hash
from chain.proof.receipts import WireReceipt, bloom_text, receipts_root


def verify_block(
    block: Block,
    receipts: Sequence[WireReceipt],
    addresses: AbstractSet[str],
    rule: HashRule = HashRule.ETHEREUM,
) -> tuple[RawLog, ...]:
    """The logs of `addresses` (lower-case 0x text) in their order, after checking all that the node says.

    Checked: the hash of the header; the number of receipts against the transactions, and their hashes; each
    receipt's and each log's block, transaction and place, log indexes without a gap; blooms; the receipts
    root. That the header is the right one (the parent's hash, or its seals) is the caller's to check.
    Raises ProofMismatch, ProofMalformed.
    """
    verify_hash(block, rule)
    name = block_name(block.number)
    if len(receipts) != len(block.transactions):
        raise ProofMismatch(name, "receipts", expected=len(block.transactions), found=len(receipts))
    kept = _placed_logs(block, receipts, addresses)
    root = "0x" + receipts_root(receipts).hex()
    if root != block.receipts_root:
        raise ProofMismatch(name, "receipts root", expected=block.receipts_root, found=root)
    bloom = 0
    for receipt in receipts:
        if receipt.logs:
            bloom |= int(receipt.logs_bloom, 16)
    if bloom_text(bloom) != block.logs_bloom:
        raise ProofMismatch(name, "logs bloom", expected=block.logs_bloom, found=bloom_text(bloom))
    return kept


def verify_hash(block: Block, rule: HashRule) -> None:
    """Check the hash that the node states. Raises ProofMismatch, ProofMalformed."""
    found = "0x" + block_hash(block, rule).hex()
    if found != block.hash:
        raise ProofMismatch(block_name(block.number), "block hash", expected=block.hash, found=found)


def _placed_logs(
    block: Block, receipts: Sequence[WireReceipt], addresses: AbstractSet[str]
) -> tuple[RawLog, ...]:
    """The logs of `addresses`, after checking where every receipt and every log says it is."""
    kept: list[RawLog] = []
    number = integer(block.number)
    log_index = 0
    for index, (receipt, transaction) in enumerate(zip(receipts, block.transactions, strict=True)):
        place = (block.number, block.hash, transaction, hex(index))
        stated = (
            receipt.block_number,
            receipt.block_hash,
            receipt.transaction_hash,
            receipt.transaction_index,
        )
        if stated != place:
            raise ProofMismatch(
                f"{block_name(block.number)}, receipt {index}", "place", expected=place, found=stated
            )
        for log in receipt.logs:
            if _place(log) != (*place, hex(log_index)):
                raise ProofMismatch(
                    f"{block_name(block.number)}, log {log_index}",
                    "place",
                    expected=(*place, hex(log_index)),
                    found=_place(log),
                )
            if log.address.lower() in addresses:
                kept.append(
                    RawLog(
                        log.address.lower(),
                        tuple([topic.lower() for topic in log.topics]),
                        log.data.lower(),
                        number,
                        block.hash,
                        transaction,
                        index,
                        log_index,
                    )
                )
            log_index += 1
    return tuple(kept)


def _place(log: WireLog) -> tuple[str, str, str, str, str]:
    return log.block_number, log.block_hash, log.transaction_hash, log.transaction_index, log.log_index
