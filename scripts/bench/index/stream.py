"""From a block to the clients of the API's event stream, one of them and many."""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

import msgspec

from chain.compile import REPOSITORY
from scripts.bench.figures import Figure
from scripts.bench.index.child import kill
from scripts.bench.index.follower import Follower, NotThere
from scripts.bench.index.mix.traffic import Traffic
from scripts.bench.index.real import ON_POSTGRES, Database, RealField
from scripts.bench.index.runners.serve import Serving
from scripts.story.summary import percentile

TARGET_MS: Final = 20.0
MANY: Final = 300
PATIENCE_S: Final = 20.0
_PAUSES_MS: Final = 23


class Client:
    """Keeps the moment at which it had an event of the block that is waited for."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, serving: Serving) -> "Client":
        """A stream that is open: its first bytes are there."""
        address = urlsplit(serving.url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        lines = (
            "GET /v1/events/stream HTTP/1.1",
            "Host: bench",
            f"Authorization: Bearer {serving.api_key}",
        )
        writer.write("".join(f"{line}\r\n" for line in (*lines, "")).encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head:
            raise NotThere(head.decode()[:200])
        await reader.readuntil(b"open\n\n")
        return cls(reader, writer)

    async def reached(self, block: int) -> float:
        """The moment (of `perf_counter`) at which it had an event of the block."""
        wanted = b'"block_number":%d,' % block
        tail = b""
        while True:
            part = await self._reader.read(1 << 16)
            now = time.perf_counter()
            if not part:
                raise NotThere("the stream ended")
            tail += part
            if wanted in tail:
                return now
            tail = tail[-len(wanted) :]

    def close(self) -> None:
        """Leave."""
        self._writer.close()


async def stream_figures(field: RealField, database: Database, traffic: Traffic, blocks: int) -> list[Figure]:
    """In PostgreSQL the API hears of an indexer in another process, in SQLite the indexer is in its own."""
    name = f"{database.name}: block to SSE client"
    try:
        return await _figures(field, database, traffic, blocks, name)
    except (NotThere, TimeoutError, OSError) as reason:
        return [Figure(f"{name} p95", None, "ms", TARGET_MS, note=str(reason) or "not in time")]


async def _figures(
    field: RealField, database: Database, traffic: Traffic, blocks: int, name: str
) -> list[Figure]:
    apart = database.name == ON_POSTGRES
    found: list[Figure] = []
    async with AsyncExitStack() as stack:
        if apart:
            task = field.task(database.url)
            await stack.enter_async_context(Follower(task, field.folder / "follower.log"))
        serving = await stack.enter_async_context(_serving(field, database, indexing=not apart))
        for count in (1, MANY):
            what = name if count == 1 else f"{name}, {count} of them"
            field.notice(f"{what} ...")
            times = await _measure(serving, traffic, count, blocks if count == 1 else blocks // 4)
            found += [
                Figure(f"{what} p50", percentile(times, 50), "ms"),
                Figure(f"{what} p95", percentile(times, 95), "ms", TARGET_MS),
            ]
    return found


async def _measure(serving: Serving, traffic: Traffic, count: int, blocks: int) -> list[float]:
    """Milliseconds from each block, when the node has said that it is mined, to each client."""
    times: list[float] = []
    async with AsyncExitStack() as stack:
        clients = [await Client.open(serving) for _ in range(count)]
        for client in clients:
            stack.callback(client.close)
        steps = await traffic.steps()
        number = await traffic.mine(1)
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*(client.reached(number) for client in clients))
        for place in range(blocks):
            step = next(steps)
            await traffic.maker.hand_over(step)
            await asyncio.sleep(place * 7 % _PAUSES_MS / 1000)
            number += 1
            waiting = [asyncio.create_task(client.reached(number)) for client in clients]
            await traffic.maker.mine()
            mined = time.perf_counter()
            async with asyncio.timeout(PATIENCE_S):
                times += [(there - mined) * 1000 for there in await asyncio.gather(*waiting)]
            await traffic.maker.logs_of_last(len(step))
    return times


@asynccontextmanager
async def _serving(field: RealField, database: Database, *, indexing: bool) -> AsyncIterator[Serving]:
    with tempfile.TemporaryDirectory(dir=field.folder) as folder:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "scripts.bench.index.runners.serve",
            field.task(database.url).as_text(),
            folder,
            "indexing" if indexing else "alone",
            cwd=REPOSITORY,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            output = process.stdout or asyncio.StreamReader()
            async with asyncio.timeout(PATIENCE_S):
                # before it, the server may log
                while not (line := await output.readline()).startswith(b"{"):
                    if not line:
                        raise NotThere("the API did not start")
            yield msgspec.json.decode(line, type=Serving)
        finally:
            await kill(process)
