"""The HTTP server inside a command."""

import socket
from urllib.parse import urlsplit

from fastapi import FastAPI

from scripts.system.server import serving


async def test_whoever_is_told_the_address_can_connect_at_once() -> None:
    async with serving(FastAPI()) as url:
        # without a turn of the event loop in between: the address may have gone to another process
        socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=5).close()
