"""The HTTP server inside this process."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Final

import uvicorn
from fastapi import FastAPI
from typing_extensions import override

from scripts.exits import ExitCode, Failure

LOOPBACK: Final = "127.0.0.1"


class _Server(uvicorn.Server):
    """Leaves signals to the command that it is a part of."""

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: FastAPI, host: str = LOOPBACK, port: int = 0) -> AsyncIterator[str]:
    """Serve until the block ends; gives the address. Port 0 is any free one, a taken one raises Failure."""
    # Named as TCP, since asyncio switches Nagle's algorithm off for such sockets only: 40 ms a request.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        _bind(listening, host, port)
        # before the address is told: a connection waits for the server instead of being refused
        listening.listen()
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=5
        )
        server = _Server(config)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://{host}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task
    finally:
        listening.close()


def _bind(listening: socket.socket, host: str, port: int) -> None:
    try:
        listening.bind((host, port))
    except OSError as error:
        reason = error.strerror or str(error)
        raise Failure(ExitCode.BAD_USE, reason, rule="port", place=f"{host}:{port}") from error
