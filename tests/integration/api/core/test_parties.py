"""Admission, names and identifiers, standing, keys to the API."""

import pytest
from sqlmodel import select

from api.auth import audit
from api.auth.caller import Scope
from api.auth.models import ApiKey, AuditEntry
from api.http.models import IdempotencyRecord
from chain.signers import LocalSigner
from tests.integration.api.core.test_http import assert_problem
from tests.support.api import System, party_body

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_party_is_admitted_on_the_ledger_under_its_own_identifiers(system: System) -> None:
    keys = [LocalSigner.generate(), LocalSigner.generate()]
    body = party_body(
        "Müller Maschinenbau GmbH", keys, roles=["debtor", "supplier"], thresholds={"confirm": 2}
    )
    body["country"] = "DE"
    body["identifiers"] = [
        {"scheme": "VAT", "value": "DE 136 695 976"},
        {"scheme": "GLN", "value": "4012345500005"},
    ]
    answer = await system.registrar.post("/v1/parties", body)
    assert answer.status_code == 201, answer.text
    operation = answer.json()
    assert (operation["kind"], operation["state"]) == ("admit", "done")
    party = (await system.registrar.get(f"/v1/parties/{operation['result']['party_id']}")).json()
    assert party["name"] == "Müller Maschinenbau GmbH"
    assert party["status"] == "active"
    assert party["roles"] == ["debtor", "supplier"]
    assert party["kyb_until"] == "2099-12-31"
    assert party["thresholds"]["confirm"] == 2
    assert {signer["address"] for signer in party["signers"]} == {key.address for key in keys}
    # kept as written, with what the check digits say beside it
    assert party["identifiers"] == [
        {"scheme": "VAT", "value": "DE 136 695 976", "country": "DE", "check": "valid"},
        {"scheme": "GLN", "value": "4012345500005", "country": "DE", "check": "invalid"},
    ]


async def test_a_party_is_found_by_an_identifier_however_it_is_spelt(system: System) -> None:
    member = await system.admit("Found Ltd", identifier="AB-100")
    for spelling in ("NATIONAL:ab 100", "NATIONAL:ＡＢ１００"):
        answer = await member.http.get("/v1/parties", params={"identifier": spelling, "country": "CN"})
        assert [row["id"] for row in answer.json()["items"]] == [member.address]
    answer = await member.http.get("/v1/parties", params={"identifier": "NATIONAL:AB101", "country": "CN"})
    assert answer.json()["items"] == []
    answer = await member.http.get("/v1/parties", params={"identifier": "nonsense"})
    assert_problem(answer, 422, "parties.unknown_scheme")


async def test_an_identifier_belongs_to_one_party(system: System) -> None:
    member = await system.admit("First", identifier="TWICE-1")
    body = party_body("Second", [LocalSigner.generate()], identifier="twice 1")
    document = assert_problem(await system.registrar.post("/v1/parties", body), 409, "party-exists")
    assert document["party"] == member.address
    assert document["place"] == "/identifiers/0"


async def test_a_threshold_that_nobody_can_meet_is_refused(system: System) -> None:
    body = party_body("Lonely", [LocalSigner.generate()], thresholds={"confirm": 2})
    document = assert_problem(await system.registrar.post("/v1/parties", body), 422, "threshold-unreachable")
    assert (document["have"], document["need"]) == (1, 2)


async def test_a_party_that_the_ledger_refuses_leaves_nothing_and_can_come_again(system: System) -> None:
    body = party_body("Corrected", [LocalSigner.generate()], identifier="AGAIN-1")
    zero = {**body["signers"][0], "address": "0x" + "00" * 20}
    refused = await system.registrar.post("/v1/parties", {**body, "signers": [zero]})
    document = assert_problem(refused, 422, refused.json()["code"])
    assert document["code"].startswith("Parties")
    assert document["operation_id"].startswith("op_")
    assert (await system.registrar.post("/v1/parties", body)).status_code == 201


async def test_strangers_see_who_a_party_is_and_not_who_signs_for_it(system: System) -> None:
    member, stranger = await system.admit("Seen"), await system.admit("Stranger")
    seen = (await stranger.http.get(f"/v1/parties/{member.address}")).json()
    assert (seen["name"], seen["status"]) == ("Seen", "active")
    assert seen["signers"] is seen["identifiers"] is seen["thresholds"] is seen["kyb_until"] is None
    assert [row["id"] for row in (await stranger.http.get("/v1/parties")).json()["items"]] == [
        stranger.address
    ]
    assert_problem(await stranger.http.get(f"/v1/parties/{member.address}/api-keys"), 404, "not-found")


async def test_the_registrar_pages_through_all_parties_by_links(system: System) -> None:
    for number in range(3):
        await system.admit(f"Page {number}")
    path, seen = "/v1/parties?limit=2", []
    while path:
        page = (await system.registrar.get(path)).json()
        assert len(page["items"]) <= 2
        seen += [row["id"] for row in page["items"]]
        path = page["next"]
    assert seen == sorted(set(seen))
    assert len(seen) >= 3


async def test_suspension_and_reinstatement_change_standing_only(system: System) -> None:
    member = await system.admit("Troubled")
    before = (await system.registrar.get(f"/v1/parties/{member.address}")).json()
    answer = await system.registrar.post(f"/v1/parties/{member.address}/suspension", {"reason": "fraud"})
    assert answer.json()["state"] == "done"
    suspended = (await system.registrar.get(f"/v1/parties/{member.address}")).json()
    assert suspended == {**before, "status": "suspended"}
    await system.registrar.post(f"/v1/parties/{member.address}/reinstatement", {"reason": "cleared"})
    assert (await system.registrar.get(f"/v1/parties/{member.address}")).json() == before


async def test_the_standing_of_an_unknown_party_cannot_change(system: System) -> None:
    answer = await system.registrar.post(f"/v1/parties/0x{'12' * 20}/suspension", {"reason": "x"})
    assert_problem(answer, 404, "not-found")
    answer = await system.registrar.post("/v1/parties/12/suspension", {"reason": "x"})
    assert_problem(answer, 422, "validation-failed")


async def test_a_key_is_shown_once_and_kept_only_as_a_hash(system: System) -> None:
    member = await system.admit("Keyed")
    body = {"label": "till", "scopes": ["read"]}
    headers = {"Idempotency-Key": "one-key-please"}
    path = f"/v1/parties/{member.address}/api-keys"
    first = (await system.registrar.post(path, body, headers=headers)).json()
    again = await system.registrar.post(path, body, headers=headers)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == {**first, "api_key": None}
    secret = first["api_key"].rpartition("_")[2]
    async with system.application.resources.databases.reading() as session:
        rows = [*(await session.scalars(select(ApiKey))), *(await session.scalars(select(IdempotencyRecord)))]
        assert all(secret not in str(row.model_dump()) for row in rows)


async def test_revoked_and_expired_keys_open_nothing(system: System) -> None:
    member = await system.admit("Rotating")
    api_key = await system.mint_key(member.address, [Scope.READ])
    holder = system.caller(api_key)
    assert (await holder.get("/v1/parties")).status_code == 200
    key_id = api_key.removeprefix("tly_").rpartition("_")[0]
    revoked = await system.registrar.post(f"/v1/parties/{member.address}/api-keys/{key_id}/revocation")
    assert revoked.json()["revoked_at"]
    assert_problem(await holder.get("/v1/parties"), 401, "unauthenticated")
    expiring = await system.mint_key(member.address, [Scope.READ], expires_in_days=1)
    async with system.application.resources.databases.writing() as session:
        row = await session.get_one(ApiKey, expiring.removeprefix("tly_").rpartition("_")[0])
        row.expires_ms = row.created_ms
    assert_problem(await system.caller(expiring).get("/v1/parties"), 401, "unauthenticated")


async def test_every_command_is_in_the_chained_audit_log(system: System) -> None:
    member = await system.admit("Audited")
    databases = system.application.resources.databases
    async with databases.reading() as session:
        entries = list(await session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))
        assert await audit.first_broken(session) is None
    last = entries[-1]
    assert (last.action, last.subject) == ("mint_api_key", {"party_id": member.address})
    assert last.authority["scopes"] == ["read", "register"]
    async with databases.writing() as session:
        (await session.get_one(AuditEntry, 2)).party = "0x" + "ee" * 20
    async with databases.reading() as session:
        assert await audit.first_broken(session) == 2
    async with databases.writing() as session:
        (await session.get_one(AuditEntry, 2)).party = entries[1].party
