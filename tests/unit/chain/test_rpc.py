import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from chain.errors import MalformedAnswer, NodeRejected, NodeUnavailable
from chain.rpc import JsonRpc, Request, parse

Handler = Callable[[web.Request], Awaitable[web.Response]]
Node = Callable[[Handler], Awaitable[JsonRpc]]
TWO = [Request("eth_chainId", ()), Request("eth_blockNumber", ())]
TIMEOUT_S = 0.5


@pytest.fixture
async def node() -> AsyncIterator[Node]:
    """Starts HTTP servers that answer as they are told, and gives their clients."""
    clients: list[JsonRpc] = []
    servers: list[TestServer] = []

    async def start(handler: Handler) -> JsonRpc:
        application = web.Application()
        application.router.add_post("/", handler)
        server = TestServer(application)
        await server.start_server()
        servers.append(server)
        clients.append(JsonRpc(str(server.make_url("/")), TIMEOUT_S))
        return clients[-1]

    yield start
    for client in clients:
        await client.close()
    for server in servers:
        await server.close()


def answering(body: object, status: int = 200) -> Handler:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=content, status=status)

    return handler


async def test_results_come_in_the_order_of_the_requests_whatever_the_node_does(node: Node) -> None:
    rpc = await node(
        answering(
            [{"jsonrpc": "2.0", "id": 1, "result": "0x2"}, {"jsonrpc": "2.0", "id": 0, "result": "0x1"}]
        )
    )
    assert [parse(raw, str) for raw in await rpc.batch(TWO)] == ["0x1", "0x2"]


async def test_requests_go_out_as_json_rpc(node: Node) -> None:
    sent: list[object] = []

    async def handler(request: web.Request) -> web.Response:
        sent.extend(await request.json())
        return web.json_response([{"id": 0, "result": None}])

    (raw,) = await (await node(handler)).batch([Request("eth_call", ({"to": "0x01"}, "0x5"))])
    assert sent == [{"jsonrpc": "2.0", "id": 0, "method": "eth_call", "params": [{"to": "0x01"}, "0x5"]}]
    assert parse(raw, str | None) is None  # type: ignore[arg-type]  # a union is a type to msgspec


async def test_one_refused_request_is_named_with_its_place(node: Node) -> None:
    answers = [{"id": 0, "result": "0x1"}, {"id": 1, "error": {"code": 3, "message": "no", "data": "0xab"}}]
    with pytest.raises(NodeRejected, match="no") as caught:
        await (await node(answering(answers))).batch(TWO)
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
async def test_an_answer_that_is_no_batch_is_refused(node: Node, body: object) -> None:
    rpc = await node(answering(body))
    with pytest.raises(MalformedAnswer):
        await rpc.batch(TWO)


@pytest.mark.parametrize("status", [400, 429, 500, 503])
async def test_an_http_error_means_that_the_node_is_not_available(node: Node, status: int) -> None:
    rpc = await node(answering(b"", status))
    with pytest.raises(NodeUnavailable, match=str(status)):
        await rpc.batch(TWO)


async def test_a_node_that_says_nothing_is_not_available(node: Node) -> None:
    async def handler(_: web.Request) -> web.Response:
        await asyncio.sleep(3 * TIMEOUT_S)
        return web.Response()

    rpc = await node(handler)
    with pytest.raises(NodeUnavailable, match="Timeout"):
        await rpc.batch(TWO)


async def test_a_node_that_is_not_there_is_not_available(unused_tcp_port: int) -> None:
    rpc = JsonRpc(f"http://127.0.0.1:{unused_tcp_port}", TIMEOUT_S)
    with pytest.raises(NodeUnavailable, match="Connect"):
        await rpc.batch(TWO)
    await rpc.close()


async def test_a_connection_that_the_node_gave_up_is_no_failure_of_the_next_request(node: Node) -> None:
    async def handler(request: web.Request) -> web.Response:
        assert request.transport is not None
        asyncio.get_running_loop().call_later(0.01, request.transport.close)
        return web.json_response([{"id": 0, "result": "0x1"}])

    rpc = await node(handler)
    for _ in range(3):
        (raw,) = await rpc.batch(TWO[:1])
        assert parse(raw, str) == "0x1"
        await asyncio.sleep(0.2)
