"""A client of the event stream over real HTTP: one of ASGI alone would wait for the end of the answer."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from api.app import create_app
from scripts.system.server import serving
from tests.support.api import Http, System

PATIENCE_S = 10.0


@dataclass(frozen=True)
class Told:
    """One event of a stream; `id` is what a client would come back with."""

    id: str
    type: str
    body: dict[str, Any]


class Stream:
    """An open stream. `position` is the last id, that of a heartbeat too."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()
        self.position = ""

    async def next(self) -> Told:
        """The next event, in good time."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                told = await self._block()
                if told is not None:
                    return told

    async def until(self, block_number: int) -> list[Told]:
        """All events through the first one of a block."""
        told = [await self.next()]
        while told[-1].body["block_number"] < block_number:
            told.append(await self.next())
        return told

    async def silent(self, seconds: float) -> bool:
        """Whether nothing comes for so long."""
        try:
            async with asyncio.timeout(seconds):
                while await self._block() is None:
                    continue
        except TimeoutError:
            return True
        return False

    async def rest(self) -> list[Told]:
        """What comes until the server ends the stream."""
        told = []
        async with asyncio.timeout(PATIENCE_S):
            try:
                while True:
                    one = await self._block()
                    if one is not None:
                        told.append(one)
            except StopAsyncIteration:
                return told

    async def _block(self) -> Told | None:
        fields: dict[str, str] = {}
        while line := await anext(self._lines):
            name, _, value = line.partition(":")
            if name:
                fields[name] = value.removeprefix(" ")
        self.position = fields.get("id", self.position)
        if "data" not in fields:
            return None
        return Told(self.position, fields["event"], json.loads(fields["data"]))


@dataclass(frozen=True)
class Server:
    """The API of a system behind a real server."""

    url: str
    client: httpx.AsyncClient

    @asynccontextmanager
    async def listening(self, caller: Http, last: str | None = None, **query: str) -> AsyncIterator[Stream]:
        """A stream of this caller's, open already; `last` as `Last-Event-ID`."""
        headers = {**caller.headers, **({"Last-Event-ID": last} if last else {})}
        url = f"{self.url}/v1/events/stream"
        async with self.client.stream("GET", url, headers=headers, params=query) as response:
            assert response.status_code == 200, await response.aread()
            assert response.headers["content-type"].startswith("text/event-stream")
            stream = Stream(response)
            async with asyncio.timeout(PATIENCE_S):
                assert await stream._block() is None
            yield stream


@asynccontextmanager
async def served(system: System) -> AsyncIterator[Server]:
    """The system's API on a port of its own."""
    limits = httpx.Limits(max_connections=None)
    async with (
        serving(create_app(system.application)) as url,
        httpx.AsyncClient(limits=limits, timeout=PATIENCE_S, trust_env=False) as client,
    ):
        yield Server(url, client)
