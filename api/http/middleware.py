"""Around every request: an id, one line in the log, and an end to bodies that are too large."""

import re
import secrets
import time
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import BODY_TOO_LARGE

REQUEST_ID_HEADER: Final = b"x-request-id"
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
_LOG: Final = structlog.get_logger("api.http")


class RequestContext:
    """Gives each request an id (the client's own if it is sane), shows it in the answer and in every log
    line.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        started, status = time.perf_counter(), 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message.setdefault("headers", []).append((REQUEST_ID_HEADER, request_id.encode()))
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                _LOG.info(
                    "request",
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    milliseconds=round((time.perf_counter() - started) * 1000, 1),
                )


class BodyLimit:
    """Refuses a body over the limit, by its declared length before reading and by its real length while
    reading.
    """

    def __init__(self, app: ASGIApp, *, json_bytes_max: int, document_bytes_max: int) -> None:
        self._app = app
        self._json_bytes_max = json_bytes_max
        self._document_bytes_max = document_bytes_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        limit = self._limit(headers)
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            if _declared(headers) > limit:
                raise BODY_TOO_LARGE(f"at most {limit} bytes", bytes_max=limit)
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise BODY_TOO_LARGE(f"at most {limit} bytes", bytes_max=limit)
            return message

        await self._app(scope, limited, send)

    def _limit(self, headers: dict[bytes, bytes]) -> int:
        is_json = b"json" in headers.get(b"content-type", b"")
        return self._json_bytes_max if is_json else self._document_bytes_max


def _declared(headers: dict[bytes, bytes]) -> int:
    length = headers.get(b"content-length", b"0")
    return int(length) if length.isdigit() and len(length) < 20 else 0


def _request_id(scope: Scope) -> str:
    given = dict(scope["headers"]).get(REQUEST_ID_HEADER, b"").decode("latin-1")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
