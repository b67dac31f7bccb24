"""JSON-RPC batches over one kept-alive HTTP connection, parsed by msgspec straight into typed structs.

For what is read in bulk (logs, headers, many calls at one block); single calls and sends go through web3. By
aiohttp, as in web3: httpx takes four times as long for an answer of two megabytes.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

import aiohttp
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
    """A node's HTTP address, whose silence of `timeout_s` is a failure. Close it when done."""

    def __init__(self, url: str, timeout_s: float) -> None:
        self._url = url
        self._timeout = aiohttp.ClientTimeout(sock_connect=timeout_s, sock_read=timeout_s)
        self._http: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connection."""
        if self._http is not None:
            await self._http.close()

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
            async with self._session().post(
                self._url, data=body, headers={"content-type": "application/json"}
            ) as response:
                content = await response.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NodeUnavailable(f"the node does not answer: {error!r}") from error
        return _in_order(content, len(requests))

    def _session(self) -> aiohttp.ClientSession:
        """Made where a loop runs, which it wants; proxies of the environment are no matter of it."""
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=self._timeout, raise_for_status=True)
        return self._http


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
