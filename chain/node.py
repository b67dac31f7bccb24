"""What a node says about our deployment: guarded at connect, typed, bounded in time, of a named block.

The mirror needs no more than this, and nothing here loads web3: JSON-RPC in batches, read as typed structs.
"""

from collections.abc import Sequence
from itertools import pairwise
from types import TracebackType
from typing import Literal, Self

from chain import proven
from chain.address_book import AddressBook
from chain.calls import Call
from chain.endpoints import Endpoints
from chain.errors import MalformedAnswer, NodeRejected, ProofError, WrongChain
from chain.keccak import keccak
from chain.logs import BlockRange, Header, RawLog, quantity, read_existing_header, read_header, read_logs
from chain.node_errors import from_rpc_error
from chain.proof.evidence import LogEvidence, log_evidence
from chain.proof.headers import Block
from chain.proof.qbft import HashRule, Sealing
from chain.proof.receipts import bloom_bits, read_receipts
from chain.proof.transactions import read_transactions, verify_transactions
from chain.rpc import JsonRpc, Request, parse
from chain.text import word_bytes, word_text

TIMEOUT_S = 10.0

BlockRef = int | Literal["latest", "pending"]


class ChainNode:
    """Use `connect`, then `close`, or `async with await ChainNode.connect(…)`.

    Every method may raise NodeUnavailable, NodeRejected and MalformedAnswer.
    """

    def __init__(
        self,
        rpc_url: str | Sequence[str],
        book: AddressBook,
        *,
        timeout_s: float = TIMEOUT_S,
        hash_rule: HashRule = HashRule.ETHEREUM,
    ) -> None:
        self.book = book
        urls = [rpc_url] if isinstance(rpc_url, str) else rpc_url
        self._rpc = Endpoints(urls, timeout_s, self._require_chain)
        self._hash_rule = hash_rule
        self._addresses = frozenset(address.lower() for address in book.addresses())
        self._blooms = tuple(bloom_bits(address) for address in self._addresses)

    @classmethod
    async def connect(
        cls,
        rpc_url: str | Sequence[str],
        book: AddressBook,
        *,
        timeout_s: float = TIMEOUT_S,
        hash_rule: HashRule = HashRule.ETHEREUM,
    ) -> Self:
        """A client of a node, or of several, that have our chain with our contracts. Raises WrongChain."""
        client = cls(rpc_url, book, timeout_s=timeout_s, hash_rule=hash_rule)
        try:
            await client.check_chain()
        except BaseException:
            await client.close()
            raise
        return client

    async def close(self) -> None:
        """Close the connection."""
        await self._rpc.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def check_chain(self) -> None:
        """Chain id, genesis and code of every contract are those of the address book. Raises WrongChain."""
        await self._rpc.admit_all()

    async def disagreeing(self, number: int) -> list[str]:
        """The different hashes that the nodes have for a block; empty where they agree."""
        if len(self._rpc) == 1:
            return []
        answers = await self._rpc.each([Request("eth_getBlockByNumber", (hex(number), False))])
        headers = [read_header(answer[0]) for answer in answers if answer is not None]
        hashes = sorted({header.hash for header in headers if header is not None})
        return hashes if len(hashes) > 1 else []

    def distrust(self) -> None:
        """Ask another node from now on, if there is one."""
        self._rpc.distrust()

    async def _require_chain(self, rpc: JsonRpc) -> None:
        entries = [entry for _, entry in self.book.entries()]
        chain_id, genesis, *codes = await rpc.batch(
            [
                Request("eth_chainId", ()),
                Request("eth_getBlockByNumber", ("0x0", False)),
                *(Request("eth_getCode", (entry.address, "latest")) for entry in entries),
            ]
        )
        _require_equal("chain id", self.book.chain_id, quantity(parse(chain_id, str)))
        _require_equal("genesis hash", self.book.genesis_hash, read_existing_header(genesis).hash)
        for entry, code in zip(entries, codes, strict=True):
            found = word_text(keccak(word_bytes(parse(code, str))))
            _require_equal(f"code at {entry.address}", entry.code_hash, found)

    async def block_number(self) -> int:
        """Height of the newest block."""
        (raw,) = await self._rpc.batch([Request("eth_blockNumber", ())])
        return quantity(parse(raw, str))

    async def call(self, call: Call, block: BlockRef, sender: str | None = None) -> bytes:
        """What a view function returns as of a block. Raises ContractReverted."""
        (result,) = await self._calls([Request("eth_call", (message(call, sender), tag(block)))])
        return result

    async def call_many(self, calls: Sequence[Call], block: int) -> list[bytes]:
        """Several view calls of one block in one request; the first that reverts raises ContractReverted."""
        return await self._calls([Request("eth_call", (message(call, None), tag(block))) for call in calls])

    async def header(self, number: int) -> Header | None:
        """Header of a block, or None where the chain is not that long."""
        (raw,) = await self._rpc.batch([Request("eth_getBlockByNumber", (hex(number), False))])
        return read_header(raw)

    async def headers(self, first: int, last: int) -> tuple[Header, ...]:
        """Headers of the blocks [first, last], which follow each other. Raises MalformedAnswer otherwise."""
        numbers = range(first, last + 1)
        raw = await self._rpc.batch(
            [Request("eth_getBlockByNumber", (hex(number), False)) for number in numbers]
        )
        headers = tuple(read_existing_header(header) for header in raw)
        _check_links(numbers, headers)
        return headers

    async def logs(self, from_block: int, to_block: int) -> BlockRange:
        """All logs of our contracts in the blocks [from_block, to_block] and their headers, in one request.

        Checked before anything is returned: headers are consecutive and linked, each log is in a block of the
        range and carries that block's hash. Raises MalformedAnswer otherwise, and also (or NodeRejected)
        where the chain is shorter.
        """
        log_filter = {
            "fromBlock": hex(from_block),
            "toBlock": hex(to_block),
            "address": self.book.addresses(),
        }
        numbers = range(from_block, to_block + 1)
        raw_logs, *raw_headers = await self._rpc.batch(
            [
                Request("eth_getLogs", (log_filter,)),
                *(Request("eth_getBlockByNumber", (hex(number), False)) for number in numbers),
            ]
        )
        headers = tuple(read_existing_header(raw) for raw in raw_headers)
        logs = read_logs(raw_logs)
        _check_links(numbers, headers)
        _check_logs(from_block, headers, logs)
        await self._check_empty(headers, logs)
        return BlockRange(headers=headers, logs=logs)

    async def proven_logs(self, from_block: int, to_block: int) -> BlockRange:
        """The same from all receipts of each block, with the header's hash and receipts root computed anew.

        Raises MalformedAnswer where anything does not fit. The node has to know eth_getBlockReceipts.
        """
        headers, logs, _ = await self._proven_range(from_block, to_block)
        return BlockRange(headers=headers, logs=logs)

    async def sealed_logs(self, from_block: int, to_block: int) -> BlockRange:
        """The same, with the seals of each header checked against the validators that it lists.

        Raises BlockNotSealed too. Whether they are the right validators follows from the block before.
        """
        headers, logs, blocks = await self._proven_range(from_block, to_block)
        return BlockRange(headers, logs, tuple(proven.sealing(block, self._hash_rule) for block in blocks))

    async def sealing(self, number: int, known_hash: str) -> Sealing:
        """The validators of a block whose hash is known. Raises MalformedAnswer, BlockNotSealed."""
        (raw,) = await self._rpc.batch([Request("eth_getBlockByNumber", (hex(number), False))])
        block = proven.known_block(raw, known_hash, self._hash_rule)
        return proven.sealing(block, self._hash_rule)

    async def evidence(self, block: int, log_index: int) -> LogEvidence:
        """What proves one log to somebody who has no node: see `chain.proof.evidence`.

        Raises MalformedAnswer where the node's block does not prove itself, or has no such log.
        """
        raw_block, raw_whole, raw_receipts = await self._rpc.batch(
            [
                Request("eth_getBlockByNumber", (hex(block), False)),
                Request("eth_getBlockByNumber", (hex(block), True)),
                Request("eth_getBlockReceipts", (hex(block),)),
            ]
        )
        header = proven.existing_block(raw_block)
        try:
            transactions = verify_transactions(header, read_transactions(raw_whole))
            return log_evidence(header, read_receipts(raw_receipts), log_index, self._hash_rule, transactions)
        except ProofError as error:
            raise proven.unproven(error) from error

    async def _proven_range(
        self, from_block: int, to_block: int
    ) -> tuple[tuple[Header, ...], tuple[RawLog, ...], list[Block]]:
        numbers = range(from_block, to_block + 1)
        asked = [
            request
            for number in numbers
            for request in (
                Request("eth_getBlockByNumber", (hex(number), False)),
                Request("eth_getBlockReceipts", (hex(number),)),
            )
        ]
        raw = await self._rpc.batch(asked)
        blocks = [proven.existing_block(block) for block in raw[::2]]
        logs = [
            log
            for block, receipts in zip(blocks, raw[1::2], strict=True)
            for log in proven.logs(block, receipts, self._addresses, self._hash_rule)
        ]
        headers = tuple(proven.chain_header(block) for block in blocks)
        _check_links(numbers, headers)
        return headers, tuple(logs), blocks

    async def _check_empty(self, headers: Sequence[Header], logs: Sequence[RawLog]) -> None:
        """A block without our logs whose bloom has one of our contracts is looked at whole."""
        told = {log.block_number for log in logs}
        for header in headers:
            if header.number in told or not header.logs_bloom:
                continue
            bloom = int(header.logs_bloom, 16)
            if not any(bits & bloom == bits for bits in self._blooms):
                continue
            if (await self.proven_logs(header.number, header.number)).logs:
                raise MalformedAnswer(f"the node left out the logs of block {header.number}")

    async def _calls(self, requests: Sequence[Request]) -> list[bytes]:
        try:
            results = await self._rpc.batch(requests)
        except NodeRejected as error:
            raise from_rpc_error({"message": error.message, **error.values}) from error
        return [word_bytes(parse(result, str)) for result in results]


def message(call: Call, sender: str | None) -> dict[str, str]:
    """A call as eth_call and eth_estimateGas take it."""
    fields = {"to": call.to, "data": "0x" + call.data.hex()}
    return {**fields, "from": sender} if sender else fields


def tag(block: BlockRef) -> str:
    """A block as JSON-RPC names it."""
    return hex(block) if isinstance(block, int) else block


def _require_equal(what: str, expected: object, found: object) -> None:
    if expected != found:
        raise WrongChain(
            f"{what} is {found}, the address book says {expected}",
            values={"what": what, "expected": expected, "found": found},
        )


def _check_links(numbers: range, headers: tuple[Header, ...]) -> None:
    for number, header in zip(numbers, headers, strict=True):
        if header.number != number:
            raise MalformedAnswer(f"asked for block {number}, got {header.number}")
    for parent, child in pairwise(headers):
        if child.parent_hash != parent.hash:
            raise MalformedAnswer(f"block {child.number} is not the child of the block before it")


def _check_logs(from_block: int, headers: tuple[Header, ...], logs: tuple[RawLog, ...]) -> None:
    last = (from_block, -1)
    for log in logs:
        index = log.block_number - from_block
        if not 0 <= index < len(headers) or headers[index].hash != log.block_hash:
            raise MalformedAnswer(
                f"a log says block {log.block_number} {log.block_hash}, which is not in the range"
            )
        if (log.block_number, log.log_index) <= last:
            raise MalformedAnswer(f"logs are out of order in block {log.block_number}")
        last = (log.block_number, log.log_index)
