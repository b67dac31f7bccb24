"""What the edge reads from headers and bodies."""

import time
from typing import Any

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st

from api.auth.caller import SYSTEM
from api.http.idempotency import InFlight, key_of, request_hash
from api.http.pagination import cut
from api.http.problems import Problem
from api.http.routing import WAIT_MAX_S, wait_seconds


def request(headers: dict[str, str] | None = None, path: str = "/v1/claims") -> Request:
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "server": ("tally.test", 80),
        "scheme": "http",
        "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
    }
    return Request(scope)


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        ("wait=5", 5),
        ("respond-async, wait=7", 7),
        ("wait=9; foo=bar", 9),
        ("wait=999999", WAIT_MAX_S),
        ("wait=-1", 0),
        ("wait=abc", 0),
        ("await=5", 0),
        ("", 0),
    ],
)
def test_prefer_wait_is_read_and_bounded(prefer: str, seconds: int) -> None:
    assert wait_seconds(request({"Prefer": prefer})) == seconds


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a\tb"])
def test_a_missing_or_unusable_idempotency_key_is_refused(key: str) -> None:
    with pytest.raises(Problem) as refusal:
        key_of(request({"Idempotency-Key": key}))
    assert refusal.value.kind.code == "idempotency-key-missing"


def test_json_counts_by_content_and_not_by_spelling() -> None:
    one = request_hash(request(), b'{"a": 1, "b": [2]}', is_json=True)
    assert one == request_hash(request(), b'{"b":[2],"a":1}', is_json=True)
    assert one != request_hash(request(), b'{"b":[3],"a":1}', is_json=True)


def test_the_same_body_for_another_path_is_another_request() -> None:
    assert request_hash(request(), b"{}", is_json=True) != request_hash(
        request(path="/v1/payments"), b"{}", is_json=True
    )


def test_documents_count_byte_by_byte() -> None:
    assert request_hash(request(), b"<a/>", is_json=False) != request_hash(request(), b"<a />", is_json=False)


@pytest.mark.parametrize("body", [b"{", b"[1,]", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 40])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(Problem) as refusal:
        request_hash(request(), body, is_json=True)
    assert refusal.value.kind.code == "malformed-json"


def test_a_long_string_that_never_ends_takes_no_time() -> None:
    started = time.perf_counter()
    with pytest.raises(Problem):
        request_hash(request(), b'"' + b'\\"' * 120_000, is_json=True)
    assert time.perf_counter() - started < 0.5


def test_a_key_that_is_being_worked_on_is_refused_and_free_afterwards() -> None:
    in_flight = InFlight()
    with in_flight.hold(SYSTEM, "k"):
        with pytest.raises(Problem) as refusal, in_flight.hold(SYSTEM, "k"):
            pass
        assert refusal.value.kind.status == 409
    with in_flight.hold(SYSTEM, "k"):
        pass


@given(st.integers(0, 30), st.integers(1, 10))
def test_pages_lose_and_repeat_nothing(count: int, limit: int) -> None:
    rows = [f"{number:03d}" for number in range(count)]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        asked = [row for row in rows if row > cursor][: limit + 1]
        page, cursor = cut(asked, limit, lambda row: row)
        seen.extend(page)
    assert seen == rows
