"""The ends of a stream: of itself, by the service, by a client that is gone or takes nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Any

import pytest

from api.stream import response
from api.stream.response import EventStream, heartbeat
from indexer.branches import Mark

SCOPE = {"type": "http", "asgi": {"spec_version": "2.3"}, "method": "GET", "path": "/", "headers": []}


class Held(ExitStack):
    """Knows that it was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = False
        self.callback(self._close)

    def _close(self) -> None:
        self.closed = True


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield heartbeat(Mark(0, 1))
        await asyncio.sleep(0.005)


async def never() -> Any:
    await asyncio.Event().wait()


async def ignore(_message: Any) -> None:
    """The client takes everything."""


async def run(frames: AsyncIterator[bytes], closed: asyncio.Event, **channel: Any) -> Held:
    held = Held()
    stream = EventStream(frames, closed, held)
    async with asyncio.timeout(5):
        await stream(SCOPE, channel.get("receive", never), channel.get("send", ignore))
    return held


async def test_it_ends_with_its_frames() -> None:
    async def two() -> AsyncIterator[bytes]:
        yield b"one"
        yield b"two"

    sent: list[bytes] = []

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    assert (await run(two(), asyncio.Event(), send=send)).closed
    assert b"".join(sent) == b"onetwo"


async def test_it_ends_when_the_client_is_gone() -> None:
    async def receive() -> Any:
        await asyncio.sleep(0.02)
        return {"type": "http.disconnect"}

    assert (await run(endless(), asyncio.Event(), receive=receive)).closed


async def test_it_ends_when_the_service_does_though_the_client_takes_nothing() -> None:
    closed = asyncio.Event()
    asyncio.get_running_loop().call_later(0.02, closed.set)

    async def send(message: Any) -> None:
        if message.get("body"):
            await never()

    assert (await run(endless(), closed, send=send)).closed


async def test_a_client_that_takes_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response, "SEND_S", 0.05)

    async def send(message: Any) -> None:
        if message.get("body"):
            await never()

    assert (await run(endless(), asyncio.Event(), send=send)).closed


async def test_a_fault_in_it_is_a_fault_of_the_request() -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"one"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await run(broken(), asyncio.Event())
