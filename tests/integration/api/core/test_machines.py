"""Machines: keys that are replaced without a gap, and access tokens by OAuth 2.0's client credentials."""

from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlmodel import select

from api.auth.caller import Scope
from api.auth.models import AccessToken, ApiKey
from api.auth.tokens import LIFETIME_S
from tests.integration.api.core.test_http import assert_problem
from tests.support.api import Http, Member, System

pytestmark = pytest.mark.asyncio(loop_scope="module")

GRANT = {"grant_type": "client_credentials"}


def parts_of(api_key: str) -> tuple[str, str]:
    """Client id and client secret of an API key."""
    key_id, _, secret = api_key.removeprefix("tly_").rpartition("_")
    return key_id, secret


async def tokens_of(system: System, api_key: str, **form: str) -> httpx.Response:
    return await system.client.post("/v1/oauth/token", data=GRANT | form, auth=parts_of(api_key))


async def token_of(system: System, api_key: str, **form: str) -> str:
    answer = await tokens_of(system, api_key, **form)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


@pytest_asyncio.fixture(loop_scope="module")
async def member(system: System) -> Member:
    return await system.admit("Machines")


def api_key_of(caller: Http) -> str:
    return caller.headers["Authorization"].removeprefix("Bearer ")


async def test_a_key_that_is_replaced_goes_on_for_a_while_and_the_new_one_has_its_rights(
    system: System, member: Member
) -> None:
    old = await system.mint_key(member.address, [Scope.READ, Scope.SUBMIT], signer=member.signers[0].address)
    key_id, _ = parts_of(old)
    path = f"/v1/parties/{member.address}/api-keys/{key_id}/rotation"
    made = await system.caller(old).post(path, {"overlap_hours": 1, "expires_in_days": 90})
    assert made.status_code == 201, made.text
    new = made.json()
    for api_key in (old, new["api_key"]):
        assert (await system.caller(api_key).get("/v1/parties")).status_code == 200
    listed = (await member.http.get(f"/v1/parties/{member.address}/api-keys")).json()
    before = next(key for key in listed if key["key_id"] == key_id)
    assert before["replaced_by"] == new["key_id"]
    assert {name: new[name] for name in ("scopes", "signer", "label")} == {
        name: before[name] for name in ("scopes", "signer", "label")
    }
    assert before["expires_at"] < new["expires_at"]
    await expire(system, key_id)
    assert_problem(await system.caller(old).get("/v1/parties"), 401, "unauthenticated")
    assert (await system.caller(new["api_key"]).get("/v1/parties")).status_code == 200


async def test_an_overlap_does_not_lengthen_a_life_and_none_ends_the_old_key_at_once(
    system: System, member: Member
) -> None:
    short = await system.mint_key(member.address, [Scope.READ], expires_in_days=1)
    key_id, _ = parts_of(short)
    async with system.application.resources.databases.reading() as session:
        ends_ms = (await session.get_one(ApiKey, key_id)).expires_ms
    path = f"/v1/parties/{member.address}/api-keys/{key_id}/rotation"
    made = await system.registrar.post(path, {"overlap_hours": 720})
    async with system.application.resources.databases.reading() as session:
        assert (await session.get_one(ApiKey, key_id)).expires_ms == ends_ms
    second = made.json()["key_id"]
    path = f"/v1/parties/{member.address}/api-keys/{second}/rotation"
    third = (await system.registrar.post(path, {"overlap_hours": 0})).json()["api_key"]
    assert_problem(await system.caller(made.json()["api_key"]).get("/v1/parties"), 401, "unauthenticated")
    assert (await system.caller(third).get("/v1/parties")).status_code == 200


async def test_only_the_registrar_and_the_key_itself_rotate_it_and_only_once(
    system: System, member: Member
) -> None:
    rival = await system.admit("Rival")
    key_id, _ = parts_of(api_key_of(member.http))
    path = f"/v1/parties/{member.address}/api-keys/{key_id}/rotation"
    colleague = system.caller(await system.mint_key(member.address))
    for stranger in (rival.http, colleague, system.settlement_bank):
        assert_problem(await stranger.post(path, {}), 403, "scope-missing")
    assert (await member.http.post(path, {})).status_code == 201
    assert_problem(await member.http.post(path, {}), 409, "key-ended")
    other = f"/v1/parties/{rival.address}/api-keys/{key_id}/rotation"
    assert_problem(await system.registrar.post(other, {}), 404, "not-found")


async def test_a_key_is_exchanged_for_a_token_with_its_rights_or_some(system: System, member: Member) -> None:
    api_key = api_key_of(member.http)
    answer = await tokens_of(system, api_key)
    document = answer.json()
    assert (document["token_type"], document["expires_in"]) == ("Bearer", LIFETIME_S)
    assert answer.headers["cache-control"] == "no-store"
    assert "submit" in document["scope"].split()
    assert (await system.caller(document["access_token"]).get("/v1/parties")).status_code == 200
    narrow = system.caller(await token_of(system, api_key, scope="read"))
    assert (await narrow.get("/v1/parties")).status_code == 200
    refused = await narrow.post("/v1/claims", {"receivable_id": "1"})
    assert_problem(refused, 403, "scope-missing")


async def test_client_id_and_secret_may_be_in_the_body(system: System, member: Member) -> None:
    key_id, secret = parts_of(api_key_of(member.http))
    form = GRANT | {"client_id": key_id, "client_secret": secret}
    answer = await system.client.post("/v1/oauth/token", data=form)
    assert answer.status_code == 200, answer.text
    both = await system.client.post("/v1/oauth/token", data=form, auth=(key_id, secret))
    assert (both.status_code, both.json()["error"]) == (400, "invalid_request")


CLIENTS_THAT_ARE_NONE: dict[str, dict[str, Any]] = {
    "unknown": {"auth": ("key_" + "0" * 26, "0" * 64)},
    "nobody": {"auth": ("", "")},
    "without": {},
    "no base64": {"headers": {"Authorization": "Basic ####"}},
    "no text": {"headers": {"Authorization": "Basic /w=="}},
}


@pytest.mark.parametrize("client", CLIENTS_THAT_ARE_NONE.values(), ids=CLIENTS_THAT_ARE_NONE)
async def test_a_client_that_is_none_gets_no_token(system: System, client: dict[str, Any]) -> None:
    answer = await system.client.post("/v1/oauth/token", data=GRANT, **client)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert "basic" in answer.headers["www-authenticate"].lower()


async def test_a_wrong_secret_grant_or_scope_gets_no_token(system: System, member: Member) -> None:
    key_id, secret = parts_of(api_key_of(member.http))
    wrong = await system.client.post("/v1/oauth/token", data=GRANT, auth=(key_id, secret[::-1]))
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    grant = await tokens_of(system, api_key_of(member.http), grant_type="password")
    assert (grant.status_code, grant.json()["error"]) == (400, "unsupported_grant_type")
    for scope in ("register", "read register", "nonsense", " "):
        beyond = await tokens_of(system, api_key_of(member.http), scope=scope)
        assert (beyond.status_code, beyond.json()["error"]) == (400, "invalid_scope"), scope


async def test_a_token_ends_with_its_time_its_key_and_its_revocation(system: System, member: Member) -> None:
    api_key = await system.mint_key(member.address)
    late, ended, revoked, kept = [await token_of(system, api_key) for _ in range(4)]
    databases = system.application.resources.databases
    async with databases.writing() as session:
        (await session.get_one(AccessToken, parts_of(late)[0])).expires_ms = 0
    await system.client.post("/v1/oauth/revoke", data={"token": revoked}, auth=parts_of(api_key))
    for token, status in ((late, 401), (revoked, 401), (kept, 200), (ended, 200)):
        assert (await system.caller(token).get("/v1/parties")).status_code == status
    key_id, _ = parts_of(api_key)
    await system.registrar.post(f"/v1/parties/{member.address}/api-keys/{key_id}/revocation")
    for token in (kept, ended):
        assert_problem(await system.caller(token).get("/v1/parties"), 401, "unauthenticated")
    assert (await tokens_of(system, api_key)).json()["error"] == "invalid_client"


async def test_a_stranger_ends_no_token_and_nobody_learns_whether_there_was_one(
    system: System, member: Member
) -> None:
    token = await token_of(system, api_key_of(member.http))
    rival = await system.admit("Curious")
    for text in (token, "tly_tok_nonsense", "", "x" * 199):
        answer = await system.client.post(
            "/v1/oauth/revoke", data={"token": text}, auth=parts_of(api_key_of(rival.http))
        )
        assert answer.status_code in {200, 422}
    forged = await system.client.post("/v1/oauth/revoke", data={"token": token}, auth=("key_x", "0" * 64))
    assert forged.json()["error"] == "invalid_client"
    assert (await system.caller(token).get("/v1/parties")).status_code == 200


async def test_a_token_is_kept_only_as_a_hash_and_goes_once_it_has_expired(
    system: System, member: Member
) -> None:
    api_key = await system.mint_key(member.address)
    token = await token_of(system, api_key)
    key_id, secret = parts_of(token)
    databases = system.application.resources.databases
    async with databases.writing() as session:
        row = await session.get_one(AccessToken, key_id)
        assert secret not in str(row.model_dump())
        row.expires_ms = 0
    await token_of(system, api_key)
    async with databases.reading() as session:
        rows = (await session.scalars(select(AccessToken.id))).all()
    assert key_id not in rows


async def test_a_client_library_finds_where_tokens_are_had(system: System) -> None:
    document = (await system.client.get("/.well-known/oauth-authorization-server")).json()
    assert document["token_endpoint"].endswith("/v1/oauth/token")
    assert document["grant_types_supported"] == ["client_credentials"]
    described = (await system.client.get("/openapi.json")).json()
    schemes = described["components"]["securitySchemes"].values()
    flows = [scheme["flows"] for scheme in schemes if scheme["type"] == "oauth2"]
    assert flows[0]["clientCredentials"]["tokenUrl"] == "/v1/oauth/token"
    post = described["paths"]["/v1/oauth/token"]["post"]
    assert "Idempotency-Key" not in {parameter["name"] for parameter in post.get("parameters", [])}


async def expire(system: System, key_id: str) -> None:
    async with system.application.resources.databases.writing() as session:
        (await session.get_one(ApiKey, key_id)).expires_ms = 0
