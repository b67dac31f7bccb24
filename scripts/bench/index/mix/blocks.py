"""Transactions into blocks of one's own making, as fast as the node takes them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from chain.address_book import AddressBook
from chain.calls import Call
from chain.errors import DeploymentError
from chain.fees import ZERO_FEES
from chain.logs import quantity
from chain.rpc import JsonRpc, Request, parse
from chain.signers import LocalSigner
from chain.tx import Transaction
from scripts.bench.index.mix.cast import key

GAS: Final = 20_000_000
TIMEOUT_S: Final = 60.0


class _MinedReceipt(msgspec.Struct):
    status: str
    logs: list[msgspec.Raw]


@dataclass(slots=True)
class BlockMaker:
    """A node that mines when it is told to; anybody may carry an intent, so one key of ours does."""

    rpc: JsonRpc
    book: AddressBook
    relayer: LocalSigner = field(default_factory=lambda: key("relayer"))
    nonces: dict[str, int] = field(default_factory=dict)

    @classmethod
    async def on(cls, url: str, book: AddressBook) -> "BlockMaker":
        """Take over the mining of a node. Close `rpc` when done."""
        maker = cls(JsonRpc(url, TIMEOUT_S), book)
        await maker.rpc.batch([Request("evm_setAutomine", (False,))])
        return maker

    async def block(self, calls: Sequence[Call], signer: LocalSigner | None = None) -> int:
        """A block with these calls, all by one signer, in their order; the answer is how many logs it has.

        Raises DeploymentError where one of them failed: the load would not be what it is said to be.
        """
        await self.hand_over(calls, signer)
        await self.mine()
        return await self.logs_of_last(len(calls))

    async def logs_of_last(self, count: int) -> int:
        """Logs of the newest block, in which so many transactions must have succeeded, or DeploymentError."""
        (raw,) = await self.rpc.batch([Request("eth_getBlockReceipts", ("latest",))])
        receipts = parse(raw, list[_MinedReceipt])
        failed = sum(quantity(receipt.status) != 1 for receipt in receipts)
        if failed or len(receipts) != count:
            raise DeploymentError(
                f"{count} transactions sent, {len(receipts)} mined, {failed} of them failed"
            )
        return sum(len(receipt.logs) for receipt in receipts)

    async def hand_over(self, calls: Sequence[Call], signer: LocalSigner | None = None) -> None:
        """Into the node's pool."""
        raw = await self.signed(calls, signer or self.relayer)
        await self.rpc.batch([Request("eth_sendRawTransaction", (one,)) for one in raw])

    async def mine(self) -> None:
        """A block of what is in the pool; it is on the chain when this returns."""
        await self.rpc.batch([Request("evm_mine", ())])

    async def signed(self, calls: Sequence[Call], signer: LocalSigner) -> list[str]:
        """Transactions as the node takes them, with the signer's next nonces."""
        nonce = await self.nonce(signer)
        self.nonces[signer.address] = nonce + len(calls)
        made = [
            await signer.sign_transaction(
                Transaction(self.book.chain_id, nonce + place, call.to, call.data, GAS, ZERO_FEES)
            )
            for place, call in enumerate(calls)
        ]
        return ["0x" + one.raw.hex() for one in made]

    async def nonce(self, signer: LocalSigner) -> int:
        """The signer's next."""
        known = self.nonces.get(signer.address)
        if known is not None:
            return known
        (raw,) = await self.rpc.batch([Request("eth_getTransactionCount", (signer.address, "latest"))])
        return quantity(parse(raw, str))
