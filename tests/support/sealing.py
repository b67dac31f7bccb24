"""A real node's blocks as validators would have made them: sealed, and each the child of the sealed one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from coincurve import PrivateKey
from msgspec import convert
from msgspec.structs import replace

from chain.proof.headers import Block
from tests.support.seals import Validators, seal


@dataclass(frozen=True)
class Sealed:
    """How a block is sealed: by whom, of whom, and on whom its proposer votes."""

    validators: Validators
    signers: int
    listed: Sequence[str] | None = None
    vote: Any = None

    @property
    def keys(self) -> list[PrivateKey]:
        return [self.validators.key(address) for address in self.validators.addresses[: self.signers]]


@dataclass
class SealingNode:
    """A `Lie` of `proxy_of`: `learn` the blocks of the real node first, then each is told as `terms` says."""

    real_url: str
    terms: Callable[[int], Sealed]
    _blocks: dict[int, Block] = field(default_factory=dict)
    _hashes: dict[str, str] = field(default_factory=dict)

    async def learn(self) -> int:
        """Seal every block through the head, whose number is the answer."""
        async with httpx.AsyncClient(trust_env=False) as real:
            head = int(await _asked(real, self.real_url, "eth_blockNumber"), 16)
            for number in range(head + 1):
                told = await _asked(real, self.real_url, "eth_getBlockByNumber", hex(number), False)
                self._seal(number, convert(told, Block))
        return head

    def __call__(self, method: str, result: Any) -> Any:
        if method == "eth_getBlockByNumber" and result is not None:
            block = self._blocks[int(result["number"], 16)]
            changed = {"hash": block.hash, "parentHash": block.parent_hash, "extraData": block.extra_data}
            return result | changed
        if method == "eth_getBlockReceipts":
            return [self._placed(receipt) for receipt in result]
        if method == "eth_getLogs":
            return [log | {"blockHash": self._hashes[log["blockHash"]]} for log in result]
        return result

    def _seal(self, number: int, block: Block) -> None:
        if number == 0:
            self._blocks[0] = block
        else:
            parent = replace(block, parent_hash=self._blocks[number - 1].hash)
            terms = self.terms(number)
            listed = terms.validators.addresses if terms.listed is None else terms.listed
            self._blocks[number] = seal(parent, listed, terms.keys, vote=terms.vote)
        self._hashes[block.hash] = self._blocks[number].hash

    def _placed(self, receipt: Any) -> Any:
        block_hash = self._hashes[receipt["blockHash"]]
        logs = [log | {"blockHash": block_hash} for log in receipt["logs"]]
        return receipt | {"blockHash": block_hash, "logs": logs}


async def _asked(real: httpx.AsyncClient, url: str, method: str, *params: object) -> Any:
    asked = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    return (await real.post(url, json=asked)).json()["result"]
