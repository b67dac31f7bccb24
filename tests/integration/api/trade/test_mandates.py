"""A bank's standing permission for its quoting key: given, looked at, taken back; nobody else's business."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chain.signers import LocalSigner
from tests.support.api import EVERY_POWER, Member
from tests.support.chain import DAY_S
from tests.support.stack import Market, money, ok, refusal
from tests.support.unchanged import nothing_changes

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def terms(market: Market, bank: Member, **changes: Any) -> dict[str, Any]:
    """A year from now on, on the core enterprise."""
    now = datetime.fromtimestamp(await market.system.ledger.now(), UTC)
    return {
        "quoter": bank.signers[0].address,
        "debtor": market.core.address,
        "limit": money("5000000.00"),
        "min_rate_ppm": 32_000,
        "day_count": 360,
        "max_tenor_days": 180,
        "recourse": "without",
        "valid_from": (now - timedelta(hours=1)).isoformat(),
        "valid_until": (now + timedelta(days=365)).isoformat(),
    } | changes


async def granted(market: Market, bank: Member, **changes: Any) -> str:
    """The id of a mandate that is in force on the ledger."""
    intent = ok(await bank.http.post("/v1/mandates", await terms(market, bank, **changes)))
    done = ok(await bank.sign(intent["digest"]), 200)
    assert done["operation"]["result"] == {"mandate_id": intent["digest"]}
    return str(intent["digest"])


async def test_a_mandate_is_in_force_when_the_bank_has_signed_it(market: Market) -> None:
    bank = market.bank
    body = await terms(market, bank)
    intent = ok(await bank.http.post("/v1/mandates", body))
    assert [line["value"] for line in intent["summary"]][:4] == [
        bank.signers[0].address, "Core", "5000000.00 EUR", "3.2000 %",
    ]  # fmt: skip
    refusal(await bank.http.get(f"/v1/mandates/{intent['digest']}"), 404, "not-found")
    ok(await bank.sign(intent["digest"]), 200)
    shown = ok(await bank.http.get(f"/v1/mandates/{intent['digest']}"), 200)
    assert (shown["state"], shown["limit"], shown["exposure"]) == (
        "in_force", money("5000000.00"), money("0.00"),
    )  # fmt: skip
    assert (shown["debtor"]["name"], shown["recourse"], shown["day_count"]) == ("Core", "without", 360)
    listed = ok(await bank.http.get("/v1/mandates?limit=200"), 200)["items"]
    assert shown in listed
    refusal(await bank.sign(intent["digest"]), 409, "intent-not-open")


async def test_any_key_of_the_bank_takes_a_mandate_back_at_once(market: Market) -> None:
    bank = await market.system.admit("Careful Bank", roles=["bank"], signers=2, thresholds={"finance": 2})
    intent = ok(await bank.http.post("/v1/mandates", await terms(market, bank)))
    for signer in (0, 1):
        ok(await bank.sign(intent["digest"], signer), 200)
    path = f"/v1/mandates/{intent['digest']}"
    revocation = ok(await bank.http.post(f"{path}/revocation", {}))
    assert revocation["signatures"] == [
        {"party": bank.address, "power": "any", "have": 0, "need": 1, "signers": []}
    ]
    done = ok(await bank.sign(revocation["digest"], 1), 200)
    assert done["operation"]["state"] == "done"
    assert ok(await bank.http.get(path), 200)["state"] == "withdrawn"
    refusal(await bank.http.post(f"{path}/revocation", {}), 409, "PartiesIntentRevoked")
    refusal(await bank.sign(revocation["digest"]), 409, "intent-not-open")


async def test_a_mandate_comes_into_force_and_ends_with_its_days(market: Market) -> None:
    now = datetime.fromtimestamp(await market.system.ledger.now(), UTC)
    later = {
        "valid_from": (now + timedelta(days=1)).isoformat(),
        "valid_until": (now + timedelta(days=2)).isoformat(),
    }
    path = f"/v1/mandates/{await granted(market, market.bank, **later)}"
    states = [ok(await market.bank.http.get(path), 200)["state"]]
    for _ in range(2):
        await market.pass_seconds(DAY_S + 60)
        states.append(ok(await market.bank.http.get(path), 200)["state"])
    assert states == ["to_come", "in_force", "over"]


async def test_nobody_else_sees_gives_or_takes_back_a_banks_mandate(market: Market) -> None:
    mandate = await granted(market, market.bank)
    path = f"/v1/mandates/{mandate}"
    for stranger in (market.other_bank, market.core, market.first):
        async with nothing_changes(market.system):
            refusal(await stranger.http.get(path), 404, "not-found")
            refusal(await stranger.http.post(f"{path}/revocation", {}), 404, "not-found")
            assert mandate not in (await stranger.http.get("/v1/mandates?limit=200")).text
    assert ok(await market.auditor.get(path), 200)["bank"]["id"] == market.bank.address
    assert mandate in (await market.auditor.get("/v1/mandates?limit=200")).text
    refusal(await market.auditor.post(f"{path}/revocation", {}), 403, "scope-missing")
    body = await terms(market, market.bank)
    async with nothing_changes(market.system):
        refusal(await market.auditor.post("/v1/mandates", body), 403, "scope-missing")
        refusal(await market.first.http.post("/v1/mandates", body), 403, "PartiesRoleMissing")
        # the quoting key has to be one's own
        refusal(await market.other_bank.http.post("/v1/mandates", body), 422, "PartiesSignerUnknown")
    intent = ok(await market.bank.http.post("/v1/mandates", body))
    refusal(await market.other_bank.sign(intent["digest"]), 403, "intent-not-yours")


async def test_a_quoting_key_needs_the_power_to_quote_and_does_not_grant_itself_anything(
    market: Market,
) -> None:
    bank = await market.system.admit("Split Bank", roles=["bank"], signers=2)
    quoter = LocalSigner.generate()
    grant = {"address": quoter.address, "powers": ["quote"], "expires_at": "2099-01-01T00:00:00Z"}
    body = await terms(market, bank, quoter=quoter.address)
    refusal(await bank.http.post("/v1/mandates", body), 422, "PartiesSignerUnknown")
    signer = ok(await bank.http.post(f"/v1/parties/{bank.address}/signers", grant))
    ok(await bank.sign(signer["digest"]), 200)
    intent = ok(await bank.http.post("/v1/mandates", body))
    alone = Member(bank.address, (quoter,), bank.http)
    refusal(await alone.sign(intent["digest"]), 422, "PartiesSignerLacksPower")
    powers = [power for power in EVERY_POWER if power != "quote"]
    dull = grant | {"address": bank.signers[1].address, "powers": powers}
    changed = ok(await bank.http.post(f"/v1/parties/{bank.address}/signers", dull))
    ok(await bank.sign(changed["digest"]), 200)
    body = await terms(market, bank, quoter=bank.signers[1].address)
    refusal(await bank.http.post("/v1/mandates", body), 422, "PartiesSignerLacksPower")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"debtor": "0x" + "11" * 20}, 404, "PartiesUnknown"),
        ({"limit": money("1.00", "JPY")}, 422, "money.unknown_currency"),
        ({"limit": money("0.00")}, 422, "money.amount_out_of_range"),
        ({"valid_until": "2001-01-01T00:00:00Z"}, 422, "MandateBadTerms"),
        ({"day_count": 364}, 422, "validation-failed"),
        ({"min_rate_ppm": -1}, 422, "validation-failed"),
        ({"recourse": "limited"}, 422, "validation-failed"),
        ({"max_tenor_days": 0}, 422, "validation-failed"),
        ({"more": 1}, 422, "validation-failed"),
    ],
)
async def test_terms_that_the_ledger_would_refuse_are_refused_before_anybody_signs(
    market: Market, changes: dict[str, Any], status: int, code: str
) -> None:
    body = await terms(market, market.bank, **changes)
    async with nothing_changes(market.system):
        refusal(await market.bank.http.post("/v1/mandates", body), status, code)


async def test_a_mandate_on_a_party_that_is_no_debtor_is_refused(market: Market) -> None:
    body = await terms(market, market.bank, debtor=market.first.address)
    refusal(await market.bank.http.post("/v1/mandates", body), 403, "PartiesRoleMissing")


async def test_the_same_request_again_is_the_same_mandate(market: Market) -> None:
    body = await terms(market, market.bank)
    headers = {"Idempotency-Key": "mandate-once"}
    first = ok(await market.bank.http.post("/v1/mandates", body, headers=headers))
    again = ok(await market.bank.http.post("/v1/mandates", body, headers=headers))
    assert again["digest"] == first["digest"]
    other = body | {"min_rate_ppm": 1}
    refused = await market.bank.http.post("/v1/mandates", other, headers=headers)
    refusal(refused, 422, "idempotency-key-reused")


class TestRevocation:
    """A signature is taken back on the ledger."""

    async def test_an_offer_that_is_out_is_worth_nothing_once_it_is_revoked(self, market: Market) -> None:
        issued = await market.issue()
        request = await market.request_quotes(issued["lot_id"], market.first, "1000.00")
        quote = await market.quote(request, market.bank)
        digest = quote["intent"]["digest"]
        revocation = ok(await market.bank.http.post(f"/v1/intents/{digest}/revocation", {}))
        done = ok(await market.bank.sign(revocation["digest"]), 200)
        assert done["operation"]["state"] == "done"
        assert (await market.accept(quote, market.first)).status_code == 409
        again = await market.bank.http.post(f"/v1/intents/{digest}/revocation", {})
        refusal(again, 409, "PartiesIntentRevoked")

    async def test_what_has_taken_effect_is_not_revoked(self, market: Market) -> None:
        issued = await market.issue()
        await market.assign(issued["lot_id"], market.first, market.second, "1.00")
        request = await market.request_quotes(issued["lot_id"], market.first, "1000.00")
        quote = await market.quote(request, market.bank)
        ok(await market.accept(quote, market.first))
        digest = quote["intent"]["digest"]
        refused = await market.bank.http.post(f"/v1/intents/{digest}/revocation", {})
        refusal(refused, 409, "intent-not-open")

    async def test_a_stranger_revokes_nothing(self, market: Market) -> None:
        issued = await market.issue()
        request = await market.request_quotes(issued["lot_id"], market.first, "1000.00")
        digest = (await market.quote(request, market.bank))["intent"]["digest"]
        for stranger, code in ((market.other_bank, 403), (market.third, 403)):
            answer = await stranger.http.post(f"/v1/intents/{digest}/revocation", {})
            refusal(answer, code, "intent-not-yours")
        unknown = "0x" + "5a" * 32
        refusal(await market.bank.http.post(f"/v1/intents/{unknown}/revocation", {}), 404, "not-found")
        answer = await market.auditor.post(f"/v1/intents/{digest}/revocation", {})
        refusal(answer, 403, "scope-missing")
