"""A development node as the comparison with the reference model needs it.

Transactions go out from unlocked accounts, each in a block of a given time, and the answer is the receipt;
calls are made as of a time to come; the whole chain can be put back to a mark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

import httpx
import msgspec

from chain.calls import Call
from chain.errors import decode_revert
from chain.logs import RawLog, read_logs
from chain.text import word_bytes
from domain.ledger import Refusal

TIMEOUT_S: Final = 60
GAS: Final = hex(120_000_000)


@dataclass(frozen=True, slots=True)
class From:
    """A call and the account that makes it."""

    sender: str
    call: Call

    def as_rpc(self) -> dict[str, str]:
        """Without any price: gas is free here."""
        return {
            "from": self.sender,
            "to": self.call.to,
            "data": "0x" + self.call.data.hex(),
            "gas": GAS,
            "maxFeePerGas": "0x0",
            "maxPriorityFeePerGas": "0x0",
        }


class Node:
    """Use with `async with`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False)
        self._mark = ""
        self._next_s = 0

    async def __aenter__(self) -> Self:
        await self.ask("anvil_autoImpersonateAccount", True)
        await self.ask("anvil_setBlockTimestampInterval", 1)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def ask(self, method: str, *params: object) -> Any:
        """The result of one request; an error of the node fails the test."""
        (answer,) = await self._batch([(method, params)])
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    async def mark(self) -> None:
        """Remember the chain as it is."""
        self._mark = await self.ask("evm_snapshot")

    async def back(self) -> None:
        """Put the chain back to the mark, its clock too; a mark can be used once, so there is a new one."""
        assert await self.ask("evm_revert", self._mark)
        self._next_s = 0
        await self.mark()

    async def send(self, sent: From, now_s: int) -> tuple[bool, tuple[RawLog, ...]]:
        """In a block of this time: whether it had an effect, and what was emitted."""
        if now_s != self._next_s:  # a block comes a second after the one before unless told otherwise
            await self.ask("evm_setNextBlockTimestamp", now_s)
        self._next_s = now_s + 1
        receipt = await self.ask("eth_sendTransactionSync", sent.as_rpc())
        logs = read_logs(msgspec.Raw(msgspec.json.encode(receipt["logs"])))
        return receipt["status"] == "0x1", logs

    async def refusals(self, sent: Sequence[From], now_s: int) -> list[Refusal | None]:
        """Why each would be refused in a block of this time, None where it would not; without effect."""
        at = {"time": hex(now_s)}
        answers = await self._batch([("eth_call", (one.as_rpc(), "latest", {}, at)) for one in sent])
        return [_refusal(answer) for answer in answers]

    async def views(self, calls: Sequence[Call]) -> list[bytes]:
        """What view functions answer now."""
        requests = [
            ("eth_call", ({"to": call.to, "data": "0x" + call.data.hex()}, "latest")) for call in calls
        ]
        return [word_bytes(answer["result"]) for answer in await self._batch(requests)]

    async def _batch(self, requests: Sequence[tuple[str, Sequence[object]]]) -> list[dict[str, Any]]:
        body = [
            {"jsonrpc": "2.0", "id": index, "method": method, "params": params}
            for index, (method, params) in enumerate(requests)
        ]
        response = await self._http.post(
            self._url, content=msgspec.json.encode(body), headers={"content-type": "application/json"}
        )
        answers: list[dict[str, Any]] = msgspec.json.decode(response.content)
        return sorted(answers, key=lambda answer: int(answer["id"]))


def _refusal(answer: dict[str, Any]) -> Refusal | None:
    if "error" not in answer:
        return None
    data = answer["error"].get("data")
    assert data, f"not refused by a contract: {answer['error']}"
    error = decode_revert(word_bytes(data))
    return Refusal(error.name, tuple(error.values.values()))
