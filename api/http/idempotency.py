"""`Idempotency-Key`: the same key and request give the same answer, whatever happened to the first answer.

The record is written in the transaction of the effect, so there is an effect exactly when there is a record.
The key belongs to the API key that used it; with another request it is refused. Source:
draft-ietf-httpapi-idempotency-key.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from fastapi import Request, Response
from sqlalchemy import text

from api.auth.caller import Caller
from api.db import WriteSession
from api.http.models import IdempotencyRecord
from api.http.problems import (
    IDEMPOTENCY_IN_FLIGHT,
    IDEMPOTENCY_KEY_MISSING,
    IDEMPOTENCY_KEY_REUSED,
    MALFORMED_JSON,
)
from api.ids import now_ms
from api.work import UnitOfWork

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
_LENGTH_MAX: Final = 255
_DEPTH_MAX: Final = 32
_BRACKETS: Final = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)
"""Whole strings, so that brackets in them do not count, and brackets. A string that does not end is taken to
the end of the body: trying again at each of its quotes would take quadratic time.
"""


class InFlight:
    """The keys that this process is working on: a second request with one of them is told so at once."""

    def __init__(self) -> None:
        self._held: set[tuple[str, str]] = set()

    @contextmanager
    def hold(self, caller: Caller, key: str) -> Iterator[None]:
        """Raises `idempotency-in-flight`."""
        held = (caller.key_id, key)
        if held in self._held:
            raise IDEMPOTENCY_IN_FLIGHT("wait for the first answer, then ask again")
        self._held.add(held)
        try:
            yield
        finally:
            self._held.discard(held)


def key_of(request: Request) -> str:
    """The request's key. Raises `idempotency-key-missing`."""
    key = request.headers.get(HEADER, "").strip()
    if not 1 <= len(key) <= _LENGTH_MAX or not key.isascii() or not key.isprintable():
        raise IDEMPOTENCY_KEY_MISSING(f"1..{_LENGTH_MAX} printable ASCII characters in {HEADER}")
    return key


def request_hash(request: Request, body: bytes, *, is_json: bool) -> str:
    """SHA-256 of method, target and body; JSON counts by its content, not by its spelling."""
    target = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    content = _canonical(body) if is_json and body else body
    return hashlib.sha256(target + content).hexdigest()


async def find(session: WriteSession, caller: Caller, key: str, given_hash: str) -> IdempotencyRecord | None:
    """The record of an earlier answer. Raises `idempotency-key-reused`; between processes `…-in-flight`."""
    await _claim(session, f"{caller.key_id}:{key}")
    record = await session.get(IdempotencyRecord, (caller.key_id, key))
    if record is not None and record.request_hash != given_hash:
        raise IDEMPOTENCY_KEY_REUSED("use a new key for a new request")
    return record


async def store(work: UnitOfWork, key: str, given_hash: str, response: Response) -> IdempotencyRecord:
    """Keep the answer in the transaction of its effect; secrets in it are not kept."""
    record = IdempotencyRecord(
        key_id=work.caller.key_id,
        key=key,
        request_hash=given_hash,
        status=response.status_code,
        body=_without(bytes(response.body), work.shown_once),
        operation_id=work.started[-1] if work.started else None,
        created_ms=now_ms(),
    )
    work.session.add(record)
    await work.session.flush()
    return record


async def _claim(session: WriteSession, name: str) -> None:
    # Several processes share PostgreSQL; SQLite has one API process, which `InFlight` covers.
    if session.get_bind().dialect.name != "postgresql":
        return
    statement = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 1))")
    if not await session.scalar(statement, {"name": name}):
        raise IDEMPOTENCY_IN_FLIGHT("wait for the first answer, then ask again")


def _canonical(body: bytes) -> bytes:
    try:
        # As UTF-8 (RFC 8259): in another encoding other bytes than these are quotes and brackets.
        text_of_body = body.decode()
        _require_shallow(body)
        document = json.loads(text_of_body)
    except ValueError as error:
        raise MALFORMED_JSON(str(error)) from error
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def _require_shallow(body: bytes) -> None:
    """Refuse deep nesting before a parser sees it: the standard one recurses in C and can end the process."""
    depth = 0
    for token in _BRACKETS.findall(body):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(token, 0)
        if depth > _DEPTH_MAX:
            raise MALFORMED_JSON(f"nested deeper than {_DEPTH_MAX}")


def _without(body: bytes, names: set[str]) -> str:
    if not names:
        return body.decode()
    document: dict[str, Any] = json.loads(body)
    return json.dumps({name: None if name in names else value for name, value in document.items()})
