"""A receiver of webhooks: a small HTTP server that keeps what it gets and answers as it is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Received:
    """One request."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.body)
        return document


@dataclass
class Receiver:
    """`answers` are the next statuses, after which it is 204; 0 is none at all."""

    url: str
    received: list[Received] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def taken(self, kind: str | None = None) -> list[str]:
        """Ids of the requests, of one type of event if it is named."""
        return [one.id for one in self.received if kind is None or one.event["type"] == kind]


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Listens on a port of its own."""
    receiver = Receiver("")
    stopped = asyncio.Event()
    open_now: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_now[writer] = asyncio.current_task()
        while request := await _request(reader):
            receiver.received.append(request)
            status = receiver.answers.pop(0) if receiver.answers else 204
            if status == 0:
                await stopped.wait()
                break
            location = b"Location: http://127.0.0.1:9/\r\n" if 300 <= status < 400 else b""
            writer.write(b"HTTP/1.1 %d Answer\r\n%bContent-Length: 0\r\n\r\n" % (status, location))
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    receiver.url = f"http://127.0.0.1:{port}/events?of=tally"
    try:
        yield receiver
    finally:
        stopped.set()
        server.close()
        for writer in open_now:
            writer.close()
        await asyncio.gather(*filter(None, open_now.values()), return_exceptions=True)


async def _request(reader: asyncio.StreamReader) -> Received | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = [line.partition(": ") for line in head.splitlines()[1:] if line]
        headers = {name.lower(): value for name, _, value in lines}
        return Received(headers, await reader.readexactly(int(headers["content-length"])))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
