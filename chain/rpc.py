"""JSON-RPC batches over one kept-alive HTTP connection, parsed by msgspec straight into typed structs.

For what is read in bulk (logs, headers, many calls at one block); single calls and sends go through web3.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

import httpx
import msgspec

from chain.errors import MalformedAnswer, NodeRejected, NodeUnavailable

T = TypeVar("T")


class Request(msgspec.Struct, frozen=True):
    """One member of a batch."""

    method: str
    params: Sequence[object]


class _Error(msgspec.Struct, frozen=True):
    code: int
    message: str
    data: Any = None


class _Answer(msgspec.Struct, frozen=True):
    id: int
    result: msgspec.Raw = msgspec.Raw()
    error: _Error | None = None


_ANSWERS = msgspec.json.Decoder(list[_Answer])


class JsonRpc:
    """A node's HTTP address. Close it when done."""

    def __init__(self, url: str, timeout_s: float) -> None:
        self._url = url
        # proxies of the environment are for the internet, not for one's own node
        self._http = httpx.AsyncClient(timeout=timeout_s, trust_env=False)

    async def close(self) -> None:
        """Close the connection."""
        await self._http.aclose()

    async def batch(self, requests: Sequence[Request]) -> list[msgspec.Raw]:
        """Results in the order of the requests, each still JSON. One failed request fails the batch.

        Raises NodeUnavailable, NodeRejected (with `index` and `data` of the first error), MalformedAnswer.
        """
        body = msgspec.json.encode(
            [
                {"jsonrpc": "2.0", "id": index, "method": request.method, "params": request.params}
                for index, request in enumerate(requests)
            ]
        )
        try:
            response = await self._http.post(
                self._url, content=body, headers={"content-type": "application/json"}
            )
            response.raise_for_status()
        except httpx.HTTPError as error:
            raise NodeUnavailable(f"the node does not answer: {error!r}") from error
        # httpx ties an answer and its stream to each other: megabytes would wait for the collector of cycles
        response.stream = httpx.ByteStream(b"")
        return _in_order(response.content, len(requests))


def parse(raw: msgspec.Raw, kind: type[T]) -> T:
    """A result as a typed struct. Raises MalformedAnswer with the place of the difference."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.MsgspecError as error:
        raise MalformedAnswer(f"the node's answer is no {kind}: {error}") from error


def _in_order(content: bytes, count: int) -> list[msgspec.Raw]:
    try:
        answers = _ANSWERS.decode(content)
    except msgspec.MsgspecError as error:
        raise MalformedAnswer(f"the node's answer is no JSON-RPC batch: {error}") from error
    by_id = {answer.id: answer for answer in answers}
    if len(answers) != count or by_id.keys() != set(range(count)):
        raise MalformedAnswer(f"{count} requests, {len(answers)} answers")
    for index in range(count):
        refusal = by_id[index].error
        if refusal is not None:
            values = {"index": index, "code": refusal.code, "data": refusal.data}
            raise NodeRejected(refusal.message, values=values)
    return [by_id[index].result for index in range(count)]
