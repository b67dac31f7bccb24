"""A chain of its own with the flat load on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import solcx

from chain import abi
from chain.address_book import AddressBook, ContractEntry
from chain.compile import CONTRACTS, SETTINGS, find_compiler
from chain.deploy import create_address
from chain.devnode import DevNode
from chain.errors import DeploymentError
from chain.fees import ZERO_FEES
from chain.keccak import keccak
from chain.logs import read_existing_header, read_receipt
from chain.rpc import JsonRpc, Request, parse
from chain.signers import LocalSigner
from chain.text import word_bytes, word_text
from chain.tx import Transaction
from scripts.bench.index.flat import Size

BURIED_BLOCKS: Final = 100
"""Empty blocks on top of the load: some indexers leave the newest blocks of an idle chain out."""

_SOURCE: Final = CONTRACTS / "bench" / "src" / "FlatLoad.sol"
_RECORD: Final = keccak(b"record(uint64,uint64)")[:4]
_GAS_FIXED: Final = 1_000_000
_GAS_AN_EVENT: Final = 10_000
_TIMEOUT_S: Final = 30.0

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class FlatChain:
    """A node that has the load; `through` is its last block."""

    rpc_url: str
    book: AddressBook
    size: Size
    through: int


async def fill(node: DevNode, size: Size, progress: Progress) -> FlatChain:
    """Deploy the contract and have it emit the load. Raises CompileError, DeploymentError and NodeError."""
    rpc = JsonRpc(node.url, _TIMEOUT_S)
    try:
        filling = _Filling(rpc, LocalSigner.generate(), node.chain_id)
        book = await filling.deploy(_compiled())
        for first in range(0, size.events, size.events_a_block):
            count = min(size.events_a_block, size.events - first)
            await filling.record(book.address("Ledger"), first, count)
            progress(first + count)
        through = (await node.head()).number
        await rpc.batch([Request("anvil_mine", (hex(BURIED_BLOCKS),))])
        if through != book.deployed_block + size.blocks:
            raise DeploymentError(
                f"the load ends in block {through}, not {size.blocks} blocks after its contract"
            )
        return FlatChain(node.url, book, size, through)
    finally:
        await rpc.close()


class _Filling:
    """One sender, one transaction a block."""

    def __init__(self, rpc: JsonRpc, signer: LocalSigner, chain_id: int) -> None:
        self._rpc = rpc
        self._signer = signer
        self._chain_id = chain_id
        self._nonce = 0

    async def deploy(self, code: bytes) -> AddressBook:
        """The contract takes the place of the ledger in an address book of its own."""
        (genesis,) = await self._rpc.batch([Request("eth_getBlockByNumber", ("0x0", False))])
        await self._rpc.batch([Request("evm_setAutomine", (False,))])
        address = create_address(self._signer.address, self._nonce)
        hashed = await self._send(None, code, _GAS_FIXED)
        mined, at = await self._rpc.batch(
            [Request("eth_getTransactionReceipt", (hashed,)), Request("eth_getCode", (address, "latest"))]
        )
        receipt, deployed = read_receipt(mined), word_bytes(parse(at, str))
        if receipt is None or not deployed:
            raise DeploymentError("the contract of the load is not on the chain")
        return AddressBook(
            chain_id=self._chain_id,
            genesis_hash=read_existing_header(genesis).hash,
            deployed_block=receipt.block_number,
            build="bench",
            contracts={"Ledger": ContractEntry(address, word_text(keccak(deployed)))},
            cash={},
        )

    async def record(self, contract: str, first: int, count: int) -> None:
        """One block with so many events."""
        data = abi.encode(_RECORD, ("uint64", "uint64"), (first, count))
        await self._send(contract, data, _GAS_FIXED + _GAS_AN_EVENT * count)

    async def _send(self, to: str | None, data: bytes, gas: int) -> str:
        signed = await self._signer.sign_transaction(
            Transaction(self._chain_id, self._nonce, to, data, gas, ZERO_FEES)
        )
        # anvil answers before it mines by itself, and the next transaction could get into the same block
        (sent,) = await self._rpc.batch([Request("eth_sendRawTransaction", ("0x" + signed.raw.hex(),))])
        await self._rpc.batch([Request("evm_mine", ())])
        self._nonce += 1
        return parse(sent, str)


def _compiled() -> bytes:
    request: dict[str, Any] = {
        "language": "Solidity",
        "sources": {_SOURCE.name: {"content": _SOURCE.read_text("utf-8")}},
        "settings": {**SETTINGS, "outputSelection": {"*": {"FlatLoad": ["evm.bytecode.object"]}}},
    }
    output = solcx.compile_standard(request, solc_binary=find_compiler())
    return bytes.fromhex(output["contracts"][_SOURCE.name]["FlatLoad"]["evm"]["bytecode"]["object"])
