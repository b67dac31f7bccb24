"""Raw material of the mirror without a node: words, addresses, logs, and a chain that exists only here."""

from collections.abc import Sequence
from typing import Any

import msgspec
from eth_abi.abi import encode

from chain import abi
from chain.address_book import AddressBook, ContractEntry
from chain.errors import MalformedAnswer, NodeRejected
from chain.logs import BlockRange, Header, RawLog
from chain.text import checksum
from indexer.changes import Fact

GENESIS_TIME_S = 1_700_000_000
BLOCK_SECONDS = 2
CNY = 156
EUR = 978
CONTRACTS = (
    "AccessManager",
    "Parties",
    "Rulebook",
    "Ledger",
    "Invoices",
    "Issuance",
    "Transfers",
    "Financing",
    "Settlement",
    "Pledges",
    "Enforcement",
    "Exports",
    "Lens",
)


def address(number: int) -> str:
    """A checksummed address."""
    return checksum(number.to_bytes(20))


def word(number: int) -> str:
    """32 bytes as text."""
    return f"0x{number:064x}"


def fact(block: int = 1, log: int = 0, *, contract: str = address(0xC0), currency: int = 0) -> Fact:
    """Where and when an event happened."""
    return Fact(
        block, log, GENESIS_TIME_S + block * BLOCK_SECONDS, word(block * 1000 + log), contract, currency
    )


def address_book(deployed_block: int = 1) -> AddressBook:
    """One contract of each kind, at addresses 0xA1 and following; cash of two currencies."""
    contracts = {name: ContractEntry(address(0xA1 + index), word(0)) for index, name in enumerate(CONTRACTS)}
    return AddressBook(
        chain_id=1_337_000_001,
        genesis_hash=block_hash(0, 0),
        deployed_block=deployed_block,
        build="test",
        contracts=contracts,
        cash={CNY: ContractEntry(address(0xB1), word(0)), EUR: ContractEntry(address(0xB2), word(0))},
    )


def block_hash(number: int, fork: int) -> str:
    """Hash of a block; another `fork`, another hash."""
    return word((fork << 64) + number + 1)


def log_of(contract: str, binding: type[abi.Event], *values: Any) -> RawLog:
    """A log as the node reports it, `values` in the order of the binding's fields; `FakeNode` places it."""
    codec = binding.CODEC
    indexed = codec._layout.kinds[: codec._topic_count - 1]
    data = codec._layout.kinds[len(indexed) :] if codec._static else codec._data_kinds
    plain = [kind.partition("<")[0] for kind in (*indexed, *data)]
    words = ["0x" + encode([kind], [value]).hex() for kind, value in zip(plain, values, strict=False)]
    return RawLog(
        address=contract.lower(),
        topics=("0x" + binding.TOPIC0.hex(), *words[: len(indexed)]),
        data="0x" + encode(plain[len(indexed) :], values[len(indexed) :]).hex(),
        block_number=0,
        block_hash=word(0),
        transaction_hash=word(0),
        transaction_index=0,
        log_index=0,
    )


def placed(log: RawLog, block: int, fork: int, index: int) -> RawLog:
    """The log in a block; each log is a transaction of its own."""
    return RawLog(
        address=log.address,
        topics=log.topics,
        data=log.data,
        block_number=block,
        block_hash=block_hash(block, fork),
        transaction_hash=word((fork << 64) + block * 1000 + index),
        transaction_index=index,
        log_index=index,
    )


class FakeNode:
    """What the mirror asks of `LedgerClient`, answered from a list; can refuse and change its mind."""

    def __init__(self, book: AddressBook, range_max: int = 1_000_000) -> None:
        self.book = book
        self.range_max = range_max
        self.asked: list[tuple[int, int]] = []
        self._blocks: list[tuple[int, tuple[RawLog, ...]]] = [(0, ())]

    def mine(self, *logs: RawLog, fork: int = 0) -> int:
        """A block with these logs; the answer is its number."""
        number = len(self._blocks)
        numbered = enumerate(logs)
        self._blocks.append((fork, tuple(placed(log, number, fork, index) for index, log in numbered)))
        return number

    def roll_back(self, count: int) -> None:
        """Forget the newest blocks."""
        del self._blocks[-count:]

    def skip_to(self, number: int) -> None:
        """Empty blocks through this number."""
        while len(self._blocks) <= number:
            self.mine()

    def fork_after(self, number: int) -> "FakeNode":
        """A node of another branch: an empty block more, then the same transactions in later blocks."""
        other = FakeNode(self.book, self.range_max)
        other._blocks = [*self._blocks[: number + 1], (1, ())]
        for _, logs in self._blocks[number + 1 :]:
            at = len(other._blocks)
            moved = (
                msgspec.structs.replace(log, block_number=at, block_hash=block_hash(at, 1)) for log in logs
            )
            other._blocks.append((1, tuple(moved)))
        return other

    async def block_number(self) -> int:
        return len(self._blocks) - 1

    async def header(self, number: int) -> Header | None:
        if number >= len(self._blocks):
            return None
        return Header(
            number=number,
            hash=block_hash(number, self._blocks[number][0]),
            parent_hash=block_hash(number - 1, self._blocks[number - 1][0]) if number else word(0),
            timestamp=GENESIS_TIME_S + number * BLOCK_SECONDS,
        )

    async def disagreeing(self, number: int) -> list[str]:
        return []

    def distrust(self) -> None:
        """There is no other."""

    async def headers(self, first: int, last: int) -> tuple[Header, ...]:
        found = [await self.header(number) for number in range(first, last + 1)]
        return tuple(header for header in found if header)

    async def logs(self, from_block: int, to_block: int) -> BlockRange:
        self.asked.append((from_block, to_block))
        if to_block - from_block + 1 > self.range_max:
            raise NodeRejected("query returned more than the allowed number of results")
        headers = [await self.header(number) for number in range(from_block, to_block + 1)]
        if None in headers:
            raise MalformedAnswer("the chain is shorter")
        logs: Sequence[RawLog] = [
            log for number in range(from_block, to_block + 1) for log in self._blocks[number][1]
        ]
        return BlockRange(headers=tuple(header for header in headers if header), logs=tuple(logs))

    proven_logs = logs
