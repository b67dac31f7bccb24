"""Signing: whose signature counts, when an intent is complete, and what the ledger then says."""

import asyncio
from pathlib import Path

import pytest

from api.auth.caller import Scope
from api.intents import service as intents
from chain.signers import LocalSigner
from domain.calendar import DAY_SECONDS
from indexer import queries
from tests.integration.api.core.test_http import assert_problem
from tests.support.api import FACE, Member, System, fresh_system, party_body, prepare_issue

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def buyer_and_seller(system: System, need: int = 2) -> tuple[Member, Member]:
    buyer = await system.admit(
        "Core Enterprise", roles=["debtor"], signers=3, thresholds={"confirm": need} if need > 1 else None
    )
    return buyer, await system.admit("Supplier", roles=["supplier"])


async def move_clock(system: System, seconds: int) -> None:
    await system.ledger.node.set_time(await system.ledger.now() + seconds)
    await system.caught_up()


async def test_maker_checker_and_creditor_sign_one_digest_and_the_receivable_exists(system: System) -> None:
    buyer, seller = await buyer_and_seller(system)
    digest = await prepare_issue(system, buyer, seller)
    shown = (await buyer.http.get(f"/v1/intents/{digest}")).json()
    assert shown["state"] == "prepared"
    assert shown["typed_data"]["message"]["face"] == FACE
    assert shown["summary"] == [{"label": "Face", "label_zh": "面额", "value": "1000.00 CNY"}]
    assert [(row["power"], row["have"], row["need"]) for row in shown["signatures"]] == [
        ("confirm", 0, 2),
        ("accept", 0, 1),
    ]

    maker = (await buyer.sign(digest, 0)).json()
    assert (maker["state"], maker["operation"]) == ("collecting", None)
    await seller.sign(digest)
    checker = await buyer.sign(digest, 1)
    assert checker.status_code == 200
    done = checker.json()
    assert (done["state"], done["operation"]["state"]) == ("complete", "done")
    assert checker.headers["location"] == f"/v1/operations/{done['operation_id']}"

    async with system.application.resources.databases.mirror() as mirror:
        use = await queries.intent_use(mirror, digest)
        assert use is not None
        receivable = await queries.receivable(mirror, use.subject)
    assert receivable is not None
    assert (receivable.debtor, receivable.creditor) == (buyer.address, seller.address)
    assert receivable.face_minor == FACE


async def test_without_waiting_the_operation_is_accepted_and_can_be_followed(system: System) -> None:
    buyer, seller = await buyer_and_seller(system, need=1)
    digest = await prepare_issue(system, buyer, seller)
    await buyer.sign(digest)
    answer = await seller.sign(digest, wait=0)
    assert answer.status_code == 202
    followed = await buyer.http.get(answer.headers["location"], headers={"Prefer": "wait=10"})
    assert followed.json()["state"] == "done"
    stranger = await system.admit("Stranger")
    assert_problem(await stranger.http.get(answer.headers["location"]), 404, "not-found")


async def test_clients_that_wait_for_an_operation_hold_no_connection(tmp_path: Path) -> None:
    async with fresh_system(tmp_path, sending=False) as system:
        asked = await system.registrar.post(
            "/v1/parties", party_body("Waiting", [LocalSigner.generate()]), wait=0
        )
        path = asked.headers["location"]
        waiting = [
            asyncio.create_task(system.registrar.get(path, headers={"Prefer": "wait=3"})) for _ in range(30)
        ]
        await asyncio.sleep(0.5)
        async with asyncio.timeout(1):
            assert (await system.registrar.get("/v1/parties")).status_code == 200
        answers = await asyncio.gather(*waiting)
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["state"] for answer in answers} == {"queued"}


async def test_an_office_follows_its_own_operations_and_no_others(system: System) -> None:
    body = party_body("Followed", [LocalSigner.generate()])
    asked = await system.registrar.post("/v1/parties", body, wait=0)
    path = asked.headers["location"]
    followed = await system.registrar.get(path, headers={"Prefer": "wait=10"})
    assert followed.json()["state"] == "done"
    assert_problem(await system.settlement_bank.get(path), 404, "not-found")


async def test_a_key_that_only_reads_withdraws_nothing(system: System) -> None:
    buyer, seller = await buyer_and_seller(system, need=1)
    digest = await prepare_issue(system, buyer, seller)
    reader = system.caller(await system.mint_key(buyer.address, [Scope.READ, Scope.AUDIT]))
    assert_problem(await reader.post(f"/v1/intents/{digest}/withdrawal", {}), 403, "scope-missing")
    assert (await reader.get(f"/v1/intents/{digest}")).json()["state"] == "prepared"


async def test_one_maker_cannot_sign_twice(system: System) -> None:
    buyer, seller = await buyer_and_seller(system)
    digest = await prepare_issue(system, buyer, seller)
    await buyer.sign(digest, 0)
    document = assert_problem(await buyer.sign(digest, 0), 409, "PartiesSignersNotAscending")
    assert document["values"]["signer"] == buyer.signers[0].address
    shown = (await buyer.http.get(f"/v1/intents/{digest}")).json()
    assert shown["signatures"][0]["have"] == 1


async def test_a_signature_by_an_unknown_key_or_over_something_else_is_refused(system: System) -> None:
    buyer, seller = await buyer_and_seller(system)
    digest = await prepare_issue(system, buyer, seller)
    path = f"/v1/intents/{digest}/signatures"
    foreign = LocalSigner.generate()
    body = {"signature": "0x" + foreign.sign_digest(digest).hex()}
    document = assert_problem(await buyer.http.post(path, body), 422, "PartiesSignerUnknown")
    assert document["values"] == {"party": buyer.address, "signer": foreign.address}
    other = await prepare_issue(system, buyer, seller)
    answer = await buyer.http.post(path, {"signature": buyer.signature(other)})
    assert_problem(answer, 422, "PartiesSignerUnknown")
    answer = await buyer.http.post(path, {"signature": "0x" + "00" * 65})
    assert_problem(answer, 422, "PartiesBadSignature")
    assert_problem(await buyer.http.post(path, {}), 422, "validation-failed")
    assert_problem(await buyer.http.post(path, {"signature": "0x12"}), 422, "validation-failed")


async def test_a_partner_cannot_sign_for_the_other_side(system: System) -> None:
    buyer, seller = await buyer_and_seller(system)
    digest = await prepare_issue(system, buyer, seller)
    body = {"signature": buyer.signature(digest)}
    answer = await seller.http.post(f"/v1/intents/{digest}/signatures", body)
    assert_problem(answer, 422, "PartiesSignerUnknown")


async def test_strangers_neither_see_nor_sign_nor_withdraw(system: System) -> None:
    buyer, seller = await buyer_and_seller(system)
    stranger = await system.admit("Stranger")
    digest = await prepare_issue(system, buyer, seller)
    assert_problem(await stranger.http.get(f"/v1/intents/{digest}"), 404, "not-found")
    assert_problem(await stranger.sign(digest), 403, "intent-not-yours")
    assert_problem(await stranger.http.post(f"/v1/intents/{digest}/withdrawal"), 403, "intent-not-yours")
    assert (await stranger.http.get("/v1/intents?waiting_for=me")).json()["items"] == []
    auditor = system.caller(await system.mint_key(stranger.address, [Scope.AUDIT]))
    assert (await auditor.get(f"/v1/intents/{digest}")).status_code == 200


async def test_a_key_bound_to_a_person_brings_that_persons_signatures_only(system: System) -> None:
    buyer, seller = await buyer_and_seller(system)
    digest = await prepare_issue(system, buyer, seller)
    bound = await system.mint_key(buyer.address, signer=buyer.signers[0].address)
    person, path = system.caller(bound), f"/v1/intents/{digest}/signatures"
    answer = await person.post(path, {"signature": buyer.signature(digest, 1)})
    assert_problem(answer, 403, "signer-not-yours")
    answer = await person.post(path, {"signature": buyer.signature(digest, 0)})
    assert answer.status_code == 200


async def test_a_withdrawn_or_complete_intent_takes_no_more_signatures(system: System) -> None:
    buyer, seller = await buyer_and_seller(system, need=1)
    digest = await prepare_issue(system, buyer, seller)
    assert (await seller.http.post(f"/v1/intents/{digest}/withdrawal")).json()["state"] == "withdrawn"
    assert assert_problem(await buyer.sign(digest), 409, "intent-not-open")["state"] == "withdrawn"
    complete = await prepare_issue(system, buyer, seller)
    await buyer.sign(complete)
    await seller.sign(complete)
    assert_problem(await buyer.sign(complete, 1), 409, "intent-not-open")
    assert_problem(await buyer.http.post(f"/v1/intents/{complete}/withdrawal"), 409, "intent-not-open")


async def test_waiting_intents_are_listed_for_their_parties_until_they_are_complete(system: System) -> None:
    buyer, seller = await buyer_and_seller(system, need=1)
    digests = sorted([await prepare_issue(system, buyer, seller) for _ in range(3)])
    page = (await seller.http.get("/v1/intents?waiting_for=me&limit=2")).json()
    rest = (await seller.http.get(page["next"])).json()
    assert [row["digest"] for row in page["items"] + rest["items"]] == digests
    assert rest["next"] is None
    await buyer.sign(digests[0])
    await seller.sign(digests[0])
    left = (await seller.http.get("/v1/intents")).json()["items"]
    assert [row["digest"] for row in left] == digests[1:]


async def test_the_deadline_is_at_most_a_day_ahead_and_not_past(system: System) -> None:
    buyer, seller = await buyer_and_seller(system)
    now = await system.ledger.now()
    with pytest.raises(Exception, match="IntentDeadlineTooFar"):
        await prepare_issue(system, buyer, seller, deadline=now + intents.LIFETIME_MAX_S + 3600)
    with pytest.raises(Exception, match="IntentExpired"):
        await prepare_issue(system, buyer, seller, deadline=now - 3600)


async def test_two_signers_at_once_both_count_and_the_intent_is_sent_once(system: System) -> None:
    buyer, seller = await buyer_and_seller(system)
    digest = await prepare_issue(system, buyer, seller)
    answers = await asyncio.gather(buyer.sign(digest, 0), buyer.sign(digest, 1), seller.sign(digest))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert sum(answer.json()["operation"] is not None for answer in answers) == 1
    shown = (await buyer.http.get(f"/v1/intents/{digest}")).json()
    assert shown["operation"]["state"] == "done"


async def test_what_the_ledger_refuses_comes_back_by_its_name_and_changes_nothing(system: System) -> None:
    buyer, seller = await buyer_and_seller(system, need=1)
    nonce = await system.ledger.client.nonce(system.ledger.relayer.address, "latest")
    now = await system.ledger.now()
    late = now - now % DAY_SECONDS + 4000 * DAY_SECONDS
    digest = await prepare_issue(system, buyer, seller, due=late)
    await buyer.sign(digest)
    document = assert_problem(await seller.sign(digest), 422, "IssuanceTermTooLong")
    assert document["values"]["due"] == late
    operation = (await buyer.http.get(f"/v1/operations/{document['operation_id']}")).json()
    assert (operation["state"], operation["tx_hash"]) == ("failed", None)
    assert operation["problem"]["code"] == "IssuanceTermTooLong"
    assert await system.ledger.client.nonce(system.ledger.relayer.address, "latest") == nonce


async def test_a_suspended_party_cannot_complete_an_intent(system: System) -> None:
    buyer, seller = await buyer_and_seller(system, need=1)
    digest = await prepare_issue(system, buyer, seller)
    await buyer.sign(digest)
    await system.registrar.post(f"/v1/parties/{buyer.address}/suspension", {"reason": "order 7"})
    assert_problem(await seller.sign(digest), 409, "PartiesNotActive")


async def test_the_clock_of_the_ledger_expires_intents_and_signers(system: System) -> None:
    """Last in this module: it moves the chain's clock."""
    buyer, seller = await buyer_and_seller(system, need=1)
    digest = await prepare_issue(system, buyer, seller)
    await move_clock(system, 2 * 3600)
    assert_problem(await seller.sign(digest), 409, "IntentExpired")
    assert (await seller.http.get(f"/v1/intents/{digest}")).json()["state"] == "expired"
    assert (await seller.http.get("/v1/intents")).json()["items"] == []
    await move_clock(system, 90 * 366 * DAY_SECONDS)
    digest = await prepare_issue(system, buyer, seller)
    document = assert_problem(await seller.sign(digest), 422, "PartiesSignerExpired")
    assert document["values"]["signer"] == seller.signers[0].address
