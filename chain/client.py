"""One node and one deployment: guarded at connect, typed, bounded in time. Every read names its block."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from types import TracebackType
from typing import Any, Literal, Self

import msgspec
from eth_hash.auto import keccak
from eth_typing import ChecksumAddress, HexAddress, HexStr
from hexbytes import HexBytes
from web3 import AsyncHTTPProvider, AsyncWeb3
from web3.exceptions import TransactionNotFound
from web3.types import RPCEndpoint

from chain.address_book import AddressBook
from chain.calls import Call
from chain.errors import MalformedAnswer, NodeRejected, WrongChain
from chain.logs import BlockRange, Header, RawLog, quantity, read_existing_header, read_header, read_logs
from chain.node_errors import from_rpc_error, translated
from chain.rpc import JsonRpc, Request, parse
from chain.text import word_bytes, word_text
from chain.tx import ChainNonces, Receipt

TIMEOUT_S = 10.0

BlockRef = int | Literal["latest", "pending"]


class Head(msgspec.Struct, frozen=True):
    """The newest block; `timestamp` in seconds is the business clock, `base_fee_per_gas` in wei."""

    number: int
    hash: str
    timestamp: int
    base_fee_per_gas: int


class LedgerClient:
    """Use `connect`, then `close`, or `async with await LedgerClient.connect(…)`.

    Every method may raise NodeUnavailable, NodeRejected and MalformedAnswer.
    """

    def __init__(self, rpc_url: str, book: AddressBook, *, timeout_s: float = TIMEOUT_S) -> None:
        self.book = book
        # no silent retries: whoever sends decides whether sending twice is right
        self._provider = AsyncHTTPProvider(
            rpc_url,
            request_kwargs={"timeout": timeout_s},
            exception_retry_configuration=None,
        )
        self._eth = AsyncWeb3(self._provider).eth
        self._rpc = JsonRpc(rpc_url, timeout_s)

    @classmethod
    async def connect(cls, rpc_url: str, book: AddressBook, *, timeout_s: float = TIMEOUT_S) -> Self:
        """A client of a node that has our chain with our contracts. Raises WrongChain."""
        client = cls(rpc_url, book, timeout_s=timeout_s)
        try:
            await client.check_chain()
        except BaseException:
            await client.close()
            raise
        return client

    async def close(self) -> None:
        """Close the connections."""
        await self._provider.disconnect()
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
        entries = [entry for _, entry in self.book.entries()]
        chain_id, genesis, *codes = await self._rpc.batch(
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

    async def head(self) -> Head:
        """The newest block."""
        with translated():
            block = await self._eth.get_block("latest")
        return Head(
            number=int(block["number"]),
            hash=word_text(bytes(block["hash"])),
            timestamp=int(block["timestamp"]),
            base_fee_per_gas=int(block.get("baseFeePerGas", 0)),
        )

    async def block_number(self) -> int:
        """Height of the newest block."""
        with translated():
            return int(await self._eth.get_block_number())

    async def call(self, call: Call, block: BlockRef, sender: str | None = None) -> bytes:
        """What a view function returns as of a block. Raises ContractReverted."""
        result = await self._request("eth_call", [_message(call, sender), _tag(block)])
        return word_bytes(_text(result))

    async def call_many(self, calls: Sequence[Call], block: int) -> list[bytes]:
        """Several view calls of one block in one request; the first that reverts raises ContractReverted."""
        requests = [Request("eth_call", (_message(call, None), _tag(block))) for call in calls]
        try:
            results = await self._rpc.batch(requests)
        except NodeRejected as error:
            raise from_rpc_error({"message": error.message, **error.values}) from error
        return [word_bytes(parse(result, str)) for result in results]

    async def simulate(self, call: Call, sender: str, block: BlockRef = "pending") -> bytes:
        """Run a command without sending it; returns what it would return. Raises ContractReverted."""
        return await self.call(call, block, sender)

    async def estimate_gas(self, call: Call, sender: str, block: BlockRef = "pending") -> int:
        """Gas that a command needs now; see `chain.tx.gas_limit`. Raises ContractReverted."""
        return int(_text(await self._request("eth_estimateGas", [_message(call, sender), _tag(block)])), 16)

    async def send_raw_transaction(self, raw: bytes) -> str:
        """Hand over a signed transaction; returns its hash. Raises NonceTooLow, AlreadyKnown, Underpriced."""
        with translated():
            return word_text(bytes(await self._eth.send_raw_transaction(HexBytes(raw))))

    async def receipt(self, transaction_hash: str) -> Receipt | None:
        """Where a transaction was mined, or None."""
        with translated():
            try:
                found = await self._eth.get_transaction_receipt(HexStr(transaction_hash))
            except TransactionNotFound:
                return None
        return Receipt(
            transaction_hash=transaction_hash,
            block_number=int(found["blockNumber"]),
            block_hash=word_text(bytes(found["blockHash"])),
            succeeded=found["status"] == 1,
            gas_used=int(found["gasUsed"]),
        )

    async def in_pool(self, transaction_hash: str) -> bool:
        """Whether the node knows a transaction that is in no block yet."""
        with translated():
            try:
                found = await self._eth.get_transaction(HexStr(transaction_hash))
            except TransactionNotFound:
                return False
        return found.get("blockNumber") is None

    async def nonce(self, address: str, block: Literal["latest", "pending"]) -> int:
        """Transactions of a sender in blocks (`latest`), or in blocks and pool (`pending`)."""
        with translated():
            return int(
                await self._eth.get_transaction_count(ChecksumAddress(HexAddress(HexStr(address))), block)
            )

    async def nonces(self, address: str) -> ChainNonces:
        """Both counts, as `chain.tx.next_nonce` wants them."""
        mined, pending = await asyncio.gather(self.nonce(address, "latest"), self.nonce(address, "pending"))
        return ChainNonces(mined=mined, pending=pending)

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
        return BlockRange(headers=headers, logs=logs)

    async def _request(self, method: str, params: list[Any]) -> object:
        """The raw path of web3, for calls that revert: its reading of reverts fails on unknown data."""
        with translated():
            response = await self._provider.make_request(RPCEndpoint(method), params)
        if "error" in response:
            raise from_rpc_error(response["error"])
        return response.get("result")


def _message(call: Call, sender: str | None) -> dict[str, str]:
    message = {"to": call.to, "data": "0x" + call.data.hex()}
    return {**message, "from": sender} if sender else message


def _tag(block: BlockRef) -> str:
    return hex(block) if isinstance(block, int) else block


def _text(result: object) -> str:
    if not isinstance(result, str):
        raise MalformedAnswer(f"expected 0x text, got {type(result).__name__}")
    return result


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
