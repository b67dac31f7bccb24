"""New blocks as the node tells of them, by subscription: sooner than any poll, and never the only source."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from chain.errors import MalformedAnswer, NodeUnavailable
from chain.logs import quantity

_SUBSCRIBE = msgspec.json.encode(
    {"jsonrpc": "2.0", "id": 1, "method": "eth_subscribe", "params": ["newHeads"]}
).decode()


class _Head(msgspec.Struct, frozen=True):
    number: str


class _Told(msgspec.Struct, frozen=True):
    result: _Head


class _Message(msgspec.Struct, frozen=True):
    params: _Told | None = None
    error: msgspec.Raw = msgspec.Raw()


_MESSAGE = msgspec.json.Decoder(_Message)


async def new_heads(url: str, timeout_s: float) -> AsyncGenerator[int]:
    """Numbers of new blocks, until the node ends it. Raises NodeUnavailable and MalformedAnswer.

    Blocks of before the subscription are not told: look at the newest once it is there, which is at the first
    number, -1.
    """
    async with _connected(url, timeout_s) as socket:
        await socket.send(_SUBSCRIBE)
        yield -1
        async for text in socket:
            try:
                message = _MESSAGE.decode(text)
            except msgspec.MsgspecError as error:
                raise MalformedAnswer(f"the node tells of no block: {error}") from error
            if message.error:
                raise MalformedAnswer(f"the node takes no subscription: {bytes(message.error).decode()}")
            if message.params is not None:
                # acknowledges at once: a node that gathers small packets holds the next one until then
                await socket.pong()
                yield quantity(message.params.result.number)
    raise NodeUnavailable("the node ended the subscription")


@asynccontextmanager
async def _connected(url: str, timeout_s: float) -> AsyncIterator[ClientConnection]:
    try:
        # proxies of the environment are for the internet, not for one's own node
        async with connect(url, open_timeout=timeout_s, proxy=None) as socket:
            yield socket
    except (OSError, TimeoutError, WebSocketException) as error:
        raise NodeUnavailable(f"no subscription: {error!r}") from error
