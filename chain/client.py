"""One node and one deployment, for those who also send: what web3 knows better than we do, in our words."""

import asyncio
from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from eth_typing import ChecksumAddress, HexAddress, HexStr
from hexbytes import HexBytes
from typing_extensions import override
from web3 import AsyncHTTPProvider, AsyncWeb3
from web3.exceptions import TransactionNotFound
from web3.types import RPCEndpoint

from chain.address_book import AddressBook
from chain.calls import Call
from chain.errors import MalformedAnswer
from chain.node import TIMEOUT_S, BlockRef, ChainNode, message, tag
from chain.node_errors import from_rpc_error
from chain.proof.qbft import HashRule
from chain.text import word_text
from chain.tx import ChainNonces, Receipt
from chain.web3_errors import translated


class Head(msgspec.Struct, frozen=True):
    """The newest block; `timestamp` in seconds is the business clock, `base_fee_per_gas` in wei."""

    number: int
    hash: str
    timestamp: int
    base_fee_per_gas: int


class LedgerClient(ChainNode):
    """Use `connect`, then `close`, or `async with await LedgerClient.connect(…)`.

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
        super().__init__(rpc_url, book, timeout_s=timeout_s, hash_rule=hash_rule)
        # what is sent goes to the first node: its pool knows what was sent before
        sending_url = rpc_url if isinstance(rpc_url, str) else rpc_url[0]
        # no silent retries: whoever sends decides whether sending twice is right
        self._provider = AsyncHTTPProvider(
            sending_url,
            request_kwargs={"timeout": timeout_s},
            exception_retry_configuration=None,
        )
        self._eth = AsyncWeb3(self._provider).eth

    @override
    async def close(self) -> None:
        """Close the connections."""
        await self._provider.disconnect()
        await super().close()

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

    async def simulate(self, call: Call, sender: str, block: BlockRef = "pending") -> bytes:
        """Run a command without sending it; returns what it would return. Raises ContractReverted."""
        return await self.call(call, block, sender)

    async def estimate_gas(self, call: Call, sender: str, block: BlockRef = "pending") -> int:
        """Gas that a command needs now; see `chain.tx.gas_limit`. Raises ContractReverted."""
        return int(_text(await self._request("eth_estimateGas", [message(call, sender), tag(block)])), 16)

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

    async def _request(self, method: str, params: list[Any]) -> object:
        """The raw path of web3, for calls that revert: its reading of reverts fails on unknown data."""
        with translated():
            response = await self._provider.make_request(RPCEndpoint(method), params)
        if "error" in response:
            raise from_rpc_error(response["error"])
        return response.get("result")


def _text(result: object) -> str:
    if not isinstance(result, str):
        raise MalformedAnswer(f"expected 0x text, got {type(result).__name__}")
    return result
