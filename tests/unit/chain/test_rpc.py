import json
from collections.abc import Callable

import httpx
import pytest

from chain.errors import MalformedAnswer, NodeRejected, NodeUnavailable
from chain.rpc import JsonRpc, Request, parse

Handler = Callable[[httpx.Request], httpx.Response]
TWO = [Request("eth_chainId", ()), Request("eth_blockNumber", ())]


def rpc_with(handler: Handler) -> JsonRpc:
    rpc = JsonRpc("http://node.test", 1)
    rpc._http = httpx.AsyncClient(transport=httpx.MockTransport(handler))
    return rpc


def answering(body: object) -> Handler:
    return lambda _: httpx.Response(200, content=body if isinstance(body, bytes) else json.dumps(body))


async def test_results_come_in_the_order_of_the_requests_whatever_the_node_does() -> None:
    rpc = rpc_with(
        answering(
            [{"jsonrpc": "2.0", "id": 1, "result": "0x2"}, {"jsonrpc": "2.0", "id": 0, "result": "0x1"}]
        )
    )
    assert [parse(raw, str) for raw in await rpc.batch(TWO)] == ["0x1", "0x2"]


async def test_requests_go_out_as_json_rpc() -> None:
    sent: list[object] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.extend(json.loads(request.content))
        return httpx.Response(200, json=[{"id": 0, "result": None}])

    (raw,) = await rpc_with(handler).batch([Request("eth_call", ({"to": "0x01"}, "0x5"))])
    assert sent == [{"jsonrpc": "2.0", "id": 0, "method": "eth_call", "params": [{"to": "0x01"}, "0x5"]}]
    assert parse(raw, str | None) is None  # type: ignore[arg-type]  # a union is a type to msgspec


async def test_one_refused_request_is_named_with_its_place() -> None:
    answers = [{"id": 0, "result": "0x1"}, {"id": 1, "error": {"code": 3, "message": "no", "data": "0xab"}}]
    with pytest.raises(NodeRejected, match="no") as caught:
        await rpc_with(answering(answers)).batch(TWO)
    assert caught.value.values == {"index": 1, "code": 3, "data": "0xab"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"\xff",
        {"id": 0, "error": {"code": 1, "message": "too many"}},
        [],
        [{"id": 0, "result": "0x1"}],
        [{"id": 0, "result": "0x1"}, {"id": 0, "result": "0x1"}],
        [{"id": 0, "result": "0x1"}, {"id": 2, "result": "0x1"}],
    ],
    ids=["empty", "html", "bytes", "one error", "none", "one missing", "one twice", "another id"],
)
async def test_an_answer_that_is_no_batch_is_refused(body: object) -> None:
    with pytest.raises(MalformedAnswer):
        await rpc_with(answering(body)).batch(TWO)


@pytest.mark.parametrize("status", [400, 429, 500, 503])
async def test_an_http_error_means_that_the_node_is_not_available(status: int) -> None:
    with pytest.raises(NodeUnavailable, match=str(status)):
        await rpc_with(lambda _: httpx.Response(status)).batch(TWO)


async def test_a_lost_connection_means_that_the_node_is_not_available() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("too slow", request=request)

    with pytest.raises(NodeUnavailable, match="ReadTimeout"):
        await rpc_with(handler).batch(TWO)
