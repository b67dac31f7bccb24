"""Where we may be sent: to public addresses over TLS, decided at the moment of connecting.

The address that was looked at is the one that is connected to, so a name that changes its mind in between
gains nothing. Redirects are not followed and proxies of the environment not used.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

import httpcore
from typing_extensions import override

from api.http.problems import define

BAD_WEBHOOK_URL: Final = define(
    "bad-webhook-url", 422, "Webhooks are not sent to this address", "不支持向该地址推送事件"
)
TIMEOUT_S: Final = 10.0
_ANSWER_BYTES_MAX: Final = 64 * 1024
_HIDDEN_INSIDE: Final = tuple(
    ipaddress.ip_network(network) for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)
"""IPv6 that a gateway turns into an IPv4 address, which may be any."""


class TargetRefused(httpcore.ConnectError):
    """A name that leads to an address which we do not talk to."""


def check_url(url: str, *, any_target: bool) -> None:
    """Refuse what cannot be right before anything is looked up. Raises `bad-webhook-url`."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise BAD_WEBHOOK_URL("not a URL", place="/url") from error
    schemes = ("https", "http") if any_target else ("https",)
    if parts.scheme not in schemes:
        raise BAD_WEBHOOK_URL(f"must begin with {' or '.join(schemes)}", place="/url")
    if not host or parts.username is not None or parts.fragment or not url.isascii() or not url.isprintable():
        raise BAD_WEBHOOK_URL("host, path and query only, in ASCII", place="/url")
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        return
    if not any_target and not is_public(str(literal)):
        raise BAD_WEBHOOK_URL("not a public address", place="/url")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the Internet: not ours, not a neighbour's, not a detour to one."""
    given = ipaddress.ip_address(address.partition("%")[0])
    inner = given.ipv4_mapped if isinstance(given, ipaddress.IPv6Address) else None
    found = inner or given
    return (
        found.is_global
        and not found.is_multicast
        and not any(found in network for network in _HIDDEN_INSIDE if network.version == found.version)
    )


class Line:
    """One receiver's connection, kept between requests; nobody else waits for it. Use as a context."""

    def __init__(self, *, any_target: bool) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=1,
            network_backend=_Guard(any_target=any_target),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.aclose()

    async def post(self, url: str, headers: dict[str, str], body: bytes) -> int:
        """The status of the answer. What else it says is not read by anybody: a receiver that is none could
        have it shown to whoever set it up. Raises TimeoutError, OSError and httpcore's errors.
        """
        async with (
            asyncio.timeout(TIMEOUT_S),
            self._pool.stream(
                "POST", url, headers=[("host", _host_of(url)), *headers.items()], content=body
            ) as answer,
        ):
            read = 0
            async for part in answer.aiter_stream():
                read += len(part)
                if read > _ANSWER_BYTES_MAX:
                    break
            return int(answer.status)


def _host_of(url: str) -> str:
    return urlsplit(url).netloc


class _Guard(httpcore.AsyncNetworkBackend):
    """Looks a name up once, refuses what is not public, and connects to what it looked at, in its order."""

    def __init__(self, *, any_target: bool) -> None:
        self._any_target = any_target
        self._network = httpcore.AnyIOBackend()

    @override
    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._addresses(host, port)
        if not self._any_target and not all(is_public(address) for address in addresses):
            raise TargetRefused("the name leads to an address that is not public")
        *others, last = addresses
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options=socket_options
                )
        return await self._network.connect_tcp(last, port, timeout, local_address, socket_options)

    @override
    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return [str(address[0]) for *_, address in found]
