"""A contract that logs whatever it is told, and transactions of every kind to it.

Its runtime copies the calldata into memory and logs it as LOG2, LOG1 and LOG0 with the first words as topics;
calldata that begins with 0xff is logged and then reverted.
"""

import secrets
from collections.abc import Sequence
from typing import Any

import msgspec
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_typing import HexStr

from chain.proof.headers import Block, read_block
from chain.proof.receipts import WireReceipt, read_receipts
from chain.proof.transactions import WireTransaction, read_transactions
from chain.rpc import JsonRpc, Request, parse
from chain.text import address_bytes, checksum
from domain.ids import ZERO_DIGEST

_LOG_ALL = "365f5f37" + "6020355f35365fa2" + "5f35365fa1" + "365fa0"
_REVERT_IF_FF = "5f355f1a60ff14" + "601f57" + "00" + "5b5f5ffd"
CREATION = bytes.fromhex("60238060095f395ff3" + _LOG_ALL + _REVERT_IF_FF)
LOGS_A_CALL = 3
GAS = 500_000
BLOB_BYTES = 4096 * 32


class Caller:
    """An account that pays nothing, on a node that mines when it is told to."""

    def __init__(self, url: str, chain_id: int) -> None:
        self._rpc = JsonRpc(url, timeout_s=30)
        self._chain_id = chain_id
        self._account: LocalAccount = Account.from_key(secrets.token_bytes(32))
        self._nonce = 0
        self._to = ""
        self.contract = ""

    async def close(self) -> None:
        """Close the connection."""
        await self._rpc.close()

    async def ask(self, *requests: Sequence[object]) -> list[msgspec.Raw]:
        """Any calls of the node, as (method, *params)."""
        return await self._rpc.batch([Request(str(method), params) for method, *params in requests])

    async def deploy(self) -> None:
        """The contract, in a block of its own; blocks are mined by `mine` from now on."""
        await self.ask(("evm_setAutomine", False))
        await self.ask(("anvil_setBalance", self._account.address, hex(10**20)))
        (hashes,) = [await self.send([self.signed(2, CREATION, create=True)])]
        await self.mine()
        (raw,) = await self.ask(("eth_getTransactionReceipt", hashes[0]))
        self.contract = parse(raw, dict[str, Any])["contractAddress"]
        self._to = checksum(address_bytes(self.contract))

    def signed(self, kind: int, data: bytes, *, create: bool = False, gas: int = GAS) -> HexStr:
        """The next transaction of the account, of that EIP-2718 type."""
        fields: dict[str, Any] = {
            "chainId": self._chain_id,
            "nonce": self._nonce,
            "to": "" if create else self._to,
            "value": 0,
            "data": data,
            "gas": gas,
        }
        self._nonce += 1
        if kind > 1:
            fields |= {"type": kind, "maxFeePerGas": 0, "maxPriorityFeePerGas": 0}
        else:
            fields |= {"gasPrice": 0}
        blobs = None
        if kind == 1:
            fields |= {"type": 1, "accessList": [{"address": self._to, "storageKeys": [ZERO_DIGEST]}]}
        elif kind == 3:
            fields |= {"maxFeePerBlobGas": 10}
            blobs = [bytes(BLOB_BYTES)]
        elif kind == 4:
            fields["authorizationList"] = [self._authorization()]
        return HexStr("0x" + bytes(self._account.sign_transaction(fields, blobs=blobs).raw_transaction).hex())

    async def send(self, transactions: Sequence[HexStr]) -> list[str]:
        """Hashes of what was put into the pool, in order."""
        raw = await self.ask(*(("eth_sendRawTransaction", transaction) for transaction in transactions))
        return [parse(answer, str) for answer in raw]

    async def mine(self) -> int:
        """Number of a new block with all that is in the pool."""
        await self.ask(("evm_mine",))
        (raw,) = await self.ask(("eth_blockNumber",))
        return int(parse(raw, str), 16)

    async def block(self, number: int) -> tuple[Block, tuple[WireReceipt, ...]]:
        """A block with its receipts, as the node tells them."""
        block, receipts = await self.ask(
            ("eth_getBlockByNumber", hex(number), False), ("eth_getBlockReceipts", hex(number))
        )
        read = read_block(block)
        assert read is not None
        return read, read_receipts(receipts)

    async def transactions(self, number: int) -> tuple[WireTransaction, ...]:
        """The transactions of a block in full."""
        (answer,) = await self.ask(("eth_getBlockByNumber", hex(number), True))
        return read_transactions(answer)

    def _authorization(self) -> Any:
        other: LocalAccount = Account.from_key(secrets.token_bytes(32))
        return other.sign_authorization({"chainId": self._chain_id, "address": self._to, "nonce": 0})
