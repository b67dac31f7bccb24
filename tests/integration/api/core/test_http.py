"""Bad requests: each a named problem with the right status, and nothing changed."""

import asyncio
import re
from typing import Any

import pytest
from sqlmodel import func, select

from api.auth.models import AuditEntry
from api.http import health
from chain.signers import LocalSigner
from indexer.feed import MirrorFeed
from tests.support.api import Http, System, party_body

pytestmark = pytest.mark.asyncio(loop_scope="module")

POSTS = "/v1/parties"


async def audit_length(system: System) -> int:
    async with system.application.resources.databases.reading() as session:
        return int(await session.scalar(select(func.count()).select_from(AuditEntry)) or 0)


def assert_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["code"] == code
    assert document["status"] == status
    assert document["type"] == f"/v1/problems/{code}"
    assert document["title"]
    assert document["title_zh"]
    assert document["request_id"] == answer.headers["x-request-id"]
    return document


async def test_unknown_paths_and_methods_are_problems_too(system: System) -> None:
    assert_problem(await system.registrar.get("/v1/nothing"), 404, "not-found")
    answer = await system.client.delete("/v1/parties", headers=system.registrar.headers)
    assert_problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"]


@pytest.mark.parametrize(
    "header",
    [None, "Bearer", "Bearer tly_", "Basic dXNlcjpwYXNz", "Bearer tly_key_" + "0" * 26 + "_" + "0" * 64],
)
async def test_without_a_good_key_nobody_is_answered(system: System, header: str | None) -> None:
    stranger = Http(system.client, None)
    stranger.headers = {"Authorization": header} if header else {}
    answer = await stranger.get("/v1/parties")
    assert_problem(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert_problem(await stranger.post(POSTS, {}), 401, "unauthenticated")


async def test_a_key_without_the_scope_is_refused_and_told_which(system: System) -> None:
    document = assert_problem(
        await system.settlement_bank.post(POSTS, party_body("X", [LocalSigner.generate()])),
        403,
        "scope-missing",
    )
    assert document["scopes"] == ["register"]


async def test_unknown_fields_are_refused_with_their_place(system: System) -> None:
    body = party_body("X", [LocalSigner.generate()])
    body["signers"][0]["adress"] = "0x1"
    before = await audit_length(system)
    document = assert_problem(await system.registrar.post(POSTS, body), 422, "validation-failed")
    assert document["errors"] == [
        {
            "in": "body",
            "place": "/signers/0/adress",
            "code": "unknown-field",
            "message": "Extra inputs are not permitted",
        }
    ]
    assert await audit_length(system) == before


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"roles": []}, "/roles"),
        ({"roles": ["king"]}, "/roles/0"),
        ({"country": "China"}, "/country"),
        ({"thresholds": {"confirm": 0}}, "/thresholds/confirm"),
        ({"thresholds": {"rule": 1}}, "/thresholds/rule/[key]"),
        ({"kyb_until": "soon"}, "/kyb_until"),
        ({"name": ""}, "/name"),
        ({"identifiers": []}, "/identifiers"),
    ],
)
async def test_each_fault_of_a_body_names_its_place(
    system: System, change: dict[str, Any], place: str
) -> None:
    body = {**party_body("X", [LocalSigner.generate()]), **change}
    document = assert_problem(await system.registrar.post(POSTS, body), 422, "validation-failed")
    assert place in [fault["place"] for fault in document["errors"]]


async def test_what_is_no_json_is_refused(system: System) -> None:
    # In UTF-16 U+2200 has the byte of a quote, which would hide all brackets after it.
    hidden = ('["\u2200",' + "[" * 100_000).encode("utf-16-be")
    for body in ("{", "[" * 5000, '{"name": NaN', "{}".encode("utf-16"), hidden):
        answer = await system.registrar.post(
            POSTS, content=body, headers={"Content-Type": "application/json"}
        )
        assert_problem(answer, 400, "malformed-json")


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data", ""])
async def test_other_content_types_are_refused(system: System, content_type: str) -> None:
    answer = await system.registrar.post(POSTS, content="{}", headers={"Content-Type": content_type})
    assert assert_problem(answer, 415, "unsupported-media-type")["accepted"] == ["application/json"]


async def test_a_body_over_the_limit_is_refused_before_it_is_read(system: System) -> None:
    read = 0

    async def megabytes() -> Any:
        nonlocal read
        for _ in range(50):
            read += 1
            yield b" " * 1024 * 1024

    declared = {"Content-Type": "application/json", "Content-Length": str(50 * 1024 * 1024)}
    assert_problem(
        await system.registrar.post(POSTS, content=megabytes(), headers=declared), 413, "body-too-large"
    )
    assert read <= 1


async def test_a_body_that_lies_about_its_length_is_cut_off(system: System) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while True:
            sent += 1
            yield b" " * 1024 * 1024

    answer = await system.registrar.post(POSTS, content=endless(), headers={"Content-Type": "text/xml"})
    assert_problem(answer, 413, "body-too-large")
    assert sent <= 7


async def test_the_clients_request_id_is_kept_if_it_is_sane(system: System) -> None:
    answer = await system.registrar.get("/v1/parties", headers={"X-Request-Id": "trace-0001.abc"})
    assert answer.headers["x-request-id"] == "trace-0001.abc"
    answer = await system.registrar.get("/v1/parties", headers={"X-Request-Id": "no good\x01"})
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["x-request-id"])


async def test_an_unchanged_resource_is_not_sent_again(system: System) -> None:
    member = await system.admit("Unchanged")
    first = await member.http.get(f"/v1/parties/{member.address}")
    again = await member.http.get(
        f"/v1/parties/{member.address}", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


async def test_every_problem_is_explained_by_the_catalogue(system: System) -> None:
    nobody = system.caller(None)
    listed = (await nobody.get("/v1/problems")).json()
    assert len(listed) > 100
    one = (await nobody.get("/v1/problems/LedgerStaleLot")).json()
    assert one in listed
    assert one["status"] == 409
    assert_problem(await nobody.get("/v1/problems/nothing"), 404, "not-found")


async def test_live_and_ready_say_what_they_see(system: System) -> None:
    nobody = system.caller(None)
    assert (await nobody.get("/livez")).json() == {"status": "alive"}
    ready = (await nobody.get("/readyz")).json()
    assert ready["ready"] is True
    assert ready["checks"]["chain"]["chain_id"] == system.ledger.book.chain_id
    assert ready["checks"]["mirror"]["lag_blocks"] == 0


async def test_a_check_that_hangs_fails_in_time(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(_request: object) -> dict[str, Any]:
        await asyncio.sleep(60)
        return {"ok": True}

    monkeypatch.setattr(health, "_chain", hang)
    monkeypatch.setattr(health, "CHECK_S", 0.5)
    answer = await system.caller(None).get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["chain"] == {"ok": False, "error": "timeout"}
    assert answer.json()["checks"]["mirror"]["ok"] is True


async def test_a_mirror_in_trouble_is_not_ready_and_says_why(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A property, since the worker, which has no trouble, would take a plain value away.
    trouble = property(lambda _feed: "indexer.database_unavailable", lambda _feed, _value: None)
    monkeypatch.setattr(MirrorFeed, "trouble", trouble, raising=False)
    answer = await system.caller(None).get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["mirror"]["error"] == "indexer.database_unavailable"


@pytest.mark.parametrize("days", ["30", 30.0, True])
async def test_a_number_is_written_as_an_integer(system: System, days: object) -> None:
    supplier = await system.admit("Integers")
    body = {"label": "test", "scopes": ["read"], "expires_in_days": days}
    answer = await system.registrar.post(f"/v1/parties/{supplier.address}/api-keys", body)
    assert_problem(answer, 422, "validation-failed")
