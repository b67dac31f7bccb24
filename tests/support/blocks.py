"""Blocks with receipts as a node would tell them, made up whole: every hash, bloom and place in them fits."""

from collections.abc import Sequence
from typing import Any

from eth_hash.auto import keccak
from msgspec.structs import replace

from chain.proof.headers import Block
from chain.proof.qbft import HashRule, block_hash
from chain.proof.receipts import WireLog, WireReceipt, bloom_text, encode_receipt, logs_bloom
from chain.proof.trie import EMPTY_ROOT, ordered_root

ADDRESS = "0x" + "c0" * 20
NO_UNCLES = "0x" + keccak(b"\xc0").hex()
ZERO_WORD = "0x" + "00" * 32


def hashed(*parts: object) -> str:
    """A word that nothing else has."""
    return "0x" + keccak(repr(parts).encode()).hex()


def made_log(*topics: str, data: str = "0x", address: str = ADDRESS) -> WireLog:
    """A log that is not yet anywhere."""
    return WireLog(address, topics, data, "", "", "", "", "")


def made_receipt(logs: Sequence[WireLog] = (), kind: str = "0x2", status: str = "0x1") -> WireReceipt:
    """A receipt that is not yet in a block."""
    return WireReceipt(
        transaction_hash="",
        transaction_index="",
        block_hash="",
        block_number="",
        status=status,
        cumulative_gas_used="",
        logs_bloom=bloom_text(logs_bloom(logs)),
        logs=tuple(logs),
        type=kind,
    )


def made_block(
    receipts: Sequence[WireReceipt], number: int = 7, rule: HashRule = HashRule.ETHEREUM, **fields: Any
) -> tuple[Block, tuple[WireReceipt, ...]]:
    """A block that contains the receipts, and the receipts in their places; `fields` are the header's."""
    gas = [21_000 * (index + 1) for index in range(len(receipts))]
    counted = [
        replace(receipt, cumulative_gas_used=hex(used)) for receipt, used in zip(receipts, gas, strict=True)
    ]
    bloom = logs_bloom([log for receipt in receipts for log in receipt.logs])
    block = Block(
        **{
            "parent_hash": hashed("parent", number),
            "sha3_uncles": NO_UNCLES,
            "miner": "0x" + "00" * 20,
            "state_root": hashed("state", number),
            "transactions_root": hashed("transactions", number),
            "receipts_root": "0x" + ordered_root([encode_receipt(receipt) for receipt in counted]).hex(),
            "logs_bloom": bloom_text(bloom),
            "difficulty": "0x0",
            "number": hex(number),
            "gas_limit": "0x1c9c380",
            "gas_used": hex(gas[-1] if gas else 0),
            "timestamp": hex(1_700_000_000 + number),
            "extra_data": "0x",
            "mix_hash": ZERO_WORD,
            "nonce": "0x" + "00" * 8,
            "base_fee_per_gas": "0x0",
            "withdrawals_root": "0x" + EMPTY_ROOT.hex(),
            "blob_gas_used": "0x0",
            "excess_blob_gas": "0x0",
            "parent_beacon_block_root": ZERO_WORD,
            "hash": "",
            "transactions": tuple(hashed("transaction", number, index) for index in range(len(receipts))),
        }
        | fields
    )
    block = replace(block, hash="0x" + block_hash(block, rule).hex())
    return block, placed(block, counted)


def placed(block: Block, receipts: Sequence[WireReceipt]) -> tuple[WireReceipt, ...]:
    """The receipts where the block has them."""
    found: list[WireReceipt] = []
    log_index = 0
    for index, receipt in enumerate(receipts):
        place = {
            "block_number": block.number,
            "block_hash": block.hash,
            "transaction_hash": block.transactions[index],
            "transaction_index": hex(index),
        }
        logs = tuple(
            replace(log, log_index=hex(log_index + position), **place)
            for position, log in enumerate(receipt.logs)
        )
        log_index += len(logs)
        found.append(replace(receipt, logs=logs, **place))
    return tuple(found)
