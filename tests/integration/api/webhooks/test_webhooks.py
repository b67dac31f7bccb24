"""A receiver gets every event once it may see it, in order, signed, until it has said that it took it."""

import asyncio
import base64
import hashlib
import hmac
import logging
from typing import Any

import pytest
from sqlmodel import select

from api.auth.caller import Scope
from api.http.models import IdempotencyRecord
from api.webhooks import targets
from api.webhooks.models import Webhook
from api.webhooks.patience import DAY_MS
from chain import calls
from chain.rpc import JsonRpc, Request
from tests.support.api import Member, System
from tests.support.chain import random_word
from tests.support.following import until, until_async
from tests.support.receiver import Received, Receiver, receiving
from tests.support.stack import ok, refusal

CNY = 156
MINTED = "CashMinted"


async def subscribe(member: Member, url: str, **body: Any) -> dict[str, Any]:
    answer = await member.http.post("/v1/webhooks", {"url": url, "types": [MINTED], **body})
    webhook: dict[str, Any] = ok(answer)
    return webhook


async def credit(system: System, member: Member, amount: int, times: int = 1) -> int:
    for _ in range(times):
        call = calls.mint(system.ledger.book, CNY, member.address, amount, random_word())
        receipt = await system.ledger.send(call, system.ledger.governance["settlement_bank"])
    return receipt.block_number


async def shown(member: Member, webhook: dict[str, Any]) -> dict[str, Any]:
    view: dict[str, Any] = ok(await member.http.get(f"/v1/webhooks/{webhook['id']}"), 200)
    return view


async def command(
    member: Member, webhook: dict[str, Any], verb: str, body: Any = None, status: int = 200
) -> dict[str, Any]:
    answer = await member.http.post(f"/v1/webhooks/{webhook['id']}/{verb}", body)
    view: dict[str, Any] = ok(answer, status)
    return view


async def taken(receiver: Receiver, count: int) -> list[Received]:
    await until(lambda: len(receiver.received) >= count, 15)
    return receiver.received


def amounts(received: list[Received]) -> list[str]:
    return [one.event["data"]["amount"]["amount"] for one in received if one.event["type"] == MINTED]


def signatures(secret: str, one: Received) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{one.id}.{one.headers['webhook-timestamp']}.".encode() + one.body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


async def test_events_come_in_order_signed_and_only_its_own(system: System, receiver: Receiver) -> None:
    member, other = await system.admit("Member"), await system.admit("Other")
    webhook = await subscribe(member, receiver.url)
    await credit(system, other, 9_99)
    for amount in (1_00, 2_00, 3_00):
        await credit(system, member, amount)
    received = await taken(receiver, 3)
    assert amounts(received) == ["1.00", "2.00", "3.00"]
    first = received[0]
    assert first.headers["webhook-signature"] == signatures(webhook["secret"], first)
    assert first.headers["content-type"] == "application/json"
    assert first.id == first.event["id"]
    assert set(first.event) >= {"type", "timestamp", "data"}

    async def moved() -> bool:
        return bool((await shown(member, webhook))["position"] == received[-1].id)

    await until_async(moved)
    assert (await shown(member, webhook))["failures"] == 0


async def test_what_is_refused_is_sent_again_until_it_is_taken_and_nothing_overtakes_it(
    system: System, receiver: Receiver
) -> None:
    member = await system.admit("Member")
    receiver.answers = [500, 404, 302, 503]
    webhook = await subscribe(member, receiver.url)
    await credit(system, member, 1_00)
    await credit(system, member, 2_00)
    received = await taken(receiver, 6)
    assert amounts(received) == ["1.00"] * 5 + ["2.00"]
    assert len({one.id for one in received[:5]}) == 1

    async def all_recorded() -> bool:
        return len(await deliveries(member, webhook)) == 6

    await until_async(all_recorded)
    found = await deliveries(member, webhook)
    assert [one["status"] for one in found] == [204, 204, 503, 302, 404, 500]
    assert found[-1]["error"] == "answered 500"


async def deliveries(member: Member, webhook: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    path = f"/v1/webhooks/{webhook['id']}/deliveries?limit=4"
    while path:
        page = ok(await member.http.get(path), 200)
        found, path = [*found, *page["items"]], page["next"]
    return found


async def test_a_receiver_that_hangs_holds_up_nobody_else(
    system: System, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(targets, "TIMEOUT_S", 0.5)
    member = await system.admit("Member")
    async with receiving() as hanging:
        hanging.answers = [0] * 100
        slow = await subscribe(member, hanging.url)
        await subscribe(member, receiver.url)
        await credit(system, member, 1_00, times=3)
        await taken(receiver, 3)

        async def noticed() -> bool:
            return bool((await shown(member, slow))["last_error"] == "no answer in time")

        await until_async(noticed)
        assert len(set(hanging.taken())) == 1
        view = await shown(member, slow)
        assert view["failing_since"] is not None
        readiness = (await system.caller(None).get("/readyz")).json()
        assert readiness["checks"]["webhooks"] == {"ok": True, "failing": 1, "disabled": 0}


async def test_pausing_changing_replaying_and_deleting(system: System, receiver: Receiver) -> None:
    member = await system.admit("Member")
    webhook = await subscribe(member, "http://127.0.0.1:9/nobody", after="0:0")
    await command(member, webhook, "changes", {"url": receiver.url, "label": "ERP"})
    await credit(system, member, 1_00)
    first = (await taken(receiver, 1))[0]
    assert (await command(member, webhook, "pause"))["state"] == "paused"
    refusal(await member.http.post(f"/v1/webhooks/{webhook['id']}/pause"), 409, "webhook-not-active")
    await asyncio.sleep(1)
    await credit(system, member, 2_00)
    await asyncio.sleep(0.5)
    assert len(receiver.received) == 1
    await command(member, webhook, "resumption")
    await taken(receiver, 2)
    await command(member, webhook, "replay", {"after": "0:0"})
    received = await taken(receiver, 4)
    assert amounts(received) == ["1.00", "2.00", "1.00", "2.00"]
    assert received[2].id == first.id
    assert (await command(member, webhook, "deletion"))["label"] == "ERP"
    refusal(await member.http.get(f"/v1/webhooks/{webhook['id']}"), 404, "not-found")
    await asyncio.sleep(1)
    await credit(system, member, 3_00)
    await asyncio.sleep(0.3)
    assert len(receiver.received) == 4


async def test_two_secrets_sign_while_one_takes_the_others_place(system: System, receiver: Receiver) -> None:
    member = await system.admit("Member")
    webhook = await subscribe(member, receiver.url)
    old = webhook["secret"]
    rotated = await command(member, webhook, "secret-rotation", {"overlap_hours": 1})
    await credit(system, member, 1_00)
    both = (await taken(receiver, 1))[0]
    assert both.headers["webhook-signature"] == " ".join(
        signatures(one, both) for one in (rotated["secret"], old)
    )
    last = await command(member, webhook, "secret-rotation", {"overlap_hours": 0})
    await credit(system, member, 2_00)
    alone = (await taken(receiver, 2))[1]
    assert alone.headers["webhook-signature"] == signatures(last["secret"], alone)


async def test_a_test_event_is_sent_once_even_while_paused(system: System, receiver: Receiver) -> None:
    member = await system.admit("Member")
    webhook = await subscribe(member, receiver.url)
    await command(member, webhook, "pause")
    receiver.answers = [500]
    await command(member, webhook, "test")
    (received,) = await taken(receiver, 1)
    assert (received.event["type"], received.event["id"]) == ("Test", received.id)
    await asyncio.sleep(1.2)
    assert len(receiver.received) == 1
    assert [one["status"] for one in await deliveries(member, webhook)] == [500]


async def test_another_branch_is_an_event_of_its_own(system: System, receiver: Receiver) -> None:
    member = await system.admit("Member")
    await subscribe(member, receiver.url)
    common = await credit(system, member, 1_00)
    await taken(receiver, 1)
    await credit(system, member, 2_00, times=2)
    await taken(receiver, 3)
    rpc = JsonRpc(system.ledger.node.url, 10.0)
    await rpc.batch([Request("anvil_reorg", (2, []))])
    await rpc.close()
    turn = (await taken(receiver, 4))[3]
    assert (turn.event["type"], turn.event["block_number"]) == ("Reorganised", common)
    await credit(system, member, 9_00)
    assert amounts(await taken(receiver, 5)) == ["1.00", "2.00", "2.00", "9.00"]


async def test_secrets_are_shown_once_and_never_kept_or_logged_as_they_are(
    system: System, receiver: Receiver, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    member = await system.admit("Member")
    body = {"url": receiver.url, "types": [MINTED]}
    headers = {"Idempotency-Key": "create-once"}
    first = ok(await member.http.post("/v1/webhooks", body, headers=headers))
    again = ok(await member.http.post("/v1/webhooks", body, headers=headers))
    assert again == {**first, "secret": None}
    await credit(system, member, 1_00)
    await taken(receiver, 1)
    secret = first["secret"].removeprefix("whsec_")
    async with system.application.resources.databases.reading() as session:
        rows = (await session.scalars(select(Webhook))).all()
        records = (await session.scalars(select(IdempotencyRecord))).all()
    assert secret not in str([row.model_dump() for row in rows] + [record.model_dump() for record in records])
    said = capsys.readouterr()
    assert secret not in said.out + said.err + caplog.text


async def test_only_its_owner_manages_a_webhook_and_an_auditors_only_auditors(
    system: System, receiver: Receiver
) -> None:
    member, other = await system.admit("Member"), await system.admit("Other")
    webhook = await subscribe(member, receiver.url)
    path = f"/v1/webhooks/{webhook['id']}"
    for stranger in (
        other.http,
        system.caller(await system.mint_key(other.address, [Scope.AUDIT, "subscribe"])),
    ):
        refusal(await stranger.get(path), 404, "not-found")
        refusal(await stranger.post(f"{path}/changes", {"url": receiver.url}), 404, "not-found")
        assert ok(await stranger.get("/v1/webhooks"), 200) == []
    reader = system.caller(await system.mint_key(member.address, [Scope.READ]))
    refusal(await reader.get(path), 403, "scope-missing")
    auditor = system.caller(await system.mint_key(member.address, [Scope.AUDIT, Scope.SUBSCRIBE]))
    everything = ok(await auditor.post("/v1/webhooks", {"url": receiver.url}))
    assert everything["sees_all"]
    refusal(await member.http.get(f"/v1/webhooks/{everything['id']}"), 404, "not-found")
    assert [row["id"] for row in ok(await member.http.get("/v1/webhooks"), 200)] == [webhook["id"]]


async def test_an_auditors_webhook_ends_with_its_key(system: System, receiver: Receiver) -> None:
    member, other = await system.admit("Member"), await system.admit("Other")
    key = await system.mint_key(member.address, [Scope.AUDIT, Scope.SUBSCRIBE])
    auditor = system.caller(key)
    webhook = ok(await auditor.post("/v1/webhooks", {"url": receiver.url, "types": [MINTED]}))
    await credit(system, other, 1_00)
    await taken(receiver, 1)
    key_id = key.removeprefix("tly_")[:30]
    await system.registrar.post(f"/v1/parties/{member.address}/api-keys/{key_id}/revocation")
    await credit(system, other, 2_00)

    async def ended() -> bool:
        async with system.application.resources.databases.reading() as session:
            return (await session.get_one(Webhook, webhook["id"])).reason == "key-ended"

    await until_async(ended)


async def test_there_are_limits_and_refusals(system: System, receiver: Receiver) -> None:
    member = await system.admit("Member")
    for body, code in (
        ({"url": "ftp://example.com/x"}, "bad-webhook-url"),
        ({"url": receiver.url, "types": ["Nothing"]}, "unknown-event-type"),
        ({"url": receiver.url, "after": "9:9:9"}, "unknown-position"),
    ):
        answer = await member.http.post("/v1/webhooks", body)
        assert (400 <= answer.status_code < 500, answer.json()["code"]) == (True, code)
    for _ in range(3):
        await subscribe(member, receiver.url)
    refusal(await member.http.post("/v1/webhooks", {"url": receiver.url}), 409, "too-many-webhooks")


async def test_after_days_of_failure_it_is_given_up_until_somebody_resumes_it(
    system: System, receiver: Receiver
) -> None:
    member = await system.admit("Member")
    receiver.answers = [500, 500]
    webhook = await subscribe(member, receiver.url)
    await command(member, webhook, "pause")
    async with system.application.resources.databases.writing() as session:
        row = await session.get_one(Webhook, webhook["id"])
        row.state, row.failing_since_ms, row.failures = "active", row.created_ms - 5 * DAY_MS, 90
        row.changed_ms += 1
    await credit(system, member, 1_00)

    async def given_up() -> bool:
        view = await shown(member, webhook)
        return (view["state"], view["reason"]) == ("disabled", "failed-too-long")

    await until_async(given_up)
    assert len(receiver.received) == 1
    readiness = (await system.caller(None).get("/readyz")).json()
    assert readiness["checks"]["webhooks"] == {"ok": True, "failing": 0, "disabled": 1}
    assert readiness["ready"]
    resumed = await command(member, webhook, "resumption")
    assert (resumed["state"], resumed["failures"], resumed["failing_since"]) == ("active", 0, None)
    assert amounts(await taken(receiver, 3)) == ["1.00"] * 3


async def test_a_receiver_that_is_gone_is_disabled_at_once_and_says_so(
    system: System, receiver: Receiver
) -> None:
    member = await system.admit("Member")
    receiver.answers = [410]
    webhook = await subscribe(member, receiver.url)
    await credit(system, member, 1_00)

    async def disabled() -> bool:
        view = await shown(member, webhook)
        return (view["state"], view["reason"]) == ("disabled", "gone")

    await until_async(disabled)
    await command(member, webhook, "resumption")
    assert amounts(await taken(receiver, 2)) == ["1.00", "1.00"]
