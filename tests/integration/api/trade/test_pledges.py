"""A loan against a lot, over HTTP: pledged, paid back, sold; each side signs, nobody else does."""

from typing import Any

import httpx
import pytest

from tests.support.api import Member
from tests.support.stack import Market, money, ok, refusal, result_of
from tests.support.unchanged import nothing_changes

pytestmark = pytest.mark.asyncio(loop_scope="session")

AGREEMENT = "ab" * 32


async def ask(market: Market, lot: str, *, owner: Member | None = None, **changes: Any) -> httpx.Response:
    body = {
        "lot_id": lot,
        "pledgee": market.bank.address,
        "secured": money("6000.00"),
        "advance": money("5000.00"),
        "agreement_sha256": AGREEMENT,
    } | changes
    return await (owner or market.first).http.post("/v1/pledges", body)


async def pledged(market: Market) -> str:
    """A lot of 10,000.00 against which the bank has lent 5,000.00 and secured 6,000.00."""
    lot = (await market.issue())["lot_id"]
    intent = ok(await ask(market, lot))
    ok(await market.first.sign(intent["digest"]), 200)
    assert result_of(ok(await market.bank.sign(intent["digest"]), 200))["lot_id"] == lot
    return str(lot)


async def release(market: Market, lot: str, by: Member | None = None, **body: Any) -> httpx.Response:
    path = f"/v1/pledges/{lot}/release"
    return await (by or market.bank).http.post(path, {"agreement_sha256": AGREEMENT} | body)


async def realise(market: Market, lot: str, buyer: Member, price: str, by: Member | None = None) -> Any:
    body = {"buyer": buyer.address, "price": money(price), "agreement_sha256": AGREEMENT}
    return await (by or market.bank).http.post(f"/v1/pledges/{lot}/realisation", body)


async def lot_of(caller: Member, lot: str) -> dict[str, Any]:
    found: dict[str, Any] = ok(await caller.http.get(f"/v1/lots/{lot}"), 200)
    return found


async def test_a_pledged_lot_is_locked_and_the_loan_paid_out(market: Market) -> None:
    before = await market.cash_minor(market.first), await market.cash_minor(market.bank)
    lot = await pledged(market)
    assert await market.cash_minor(market.first) - before[0] == 5000_00
    assert before[1] - await market.cash_minor(market.bank) == 5000_00
    charge = (await lot_of(market.first, lot))["charge"]
    assert (charge["kind"], charge["chargee"]["id"], charge["secured"]) == (
        "pledge", market.bank.address, money("6000.00"),
    )  # fmt: skip
    refusal(await market.assignment(lot, market.first, market.second, "1.00"), 409, "LedgerLotCharged")
    refusal(await ask(market, lot, pledgee=market.other_bank.address), 409, "LedgerLotCharged")


async def test_the_intent_says_in_words_what_is_pledged_for_what(market: Market) -> None:
    lot = (await market.issue())["lot_id"]
    intent = ok(await ask(market, lot))
    assert [(line["label"], line["value"]) for line in intent["summary"]] == [
        ("Owner", "Supplier 2"),
        ("Pledgee", "North Bank"),
        ("Lot", lot),
        ("Secured amount", "6000.00 EUR"),
        ("Paid out now", "5000.00 EUR"),
    ]
    assert [(row["power"], row["party"]) for row in intent["signatures"]] == [
        ("assign", market.first.address),
        ("finance", market.bank.address),
    ]


async def test_a_pledge_is_lowered_and_lifted_against_repayment(market: Market) -> None:
    lot = await pledged(market)
    before = await market.cash_minor(market.bank)
    lowered = ok(await release(market, lot, secured=money("2000.00"), repayment=money("4000.00")))
    assert [row["power"] for row in lowered["signatures"]] == ["pay", "finance"]
    ok(await market.bank.sign(lowered["digest"]), 200)
    assert (await lot_of(market.first, lot))["charge"]["secured"] == money("6000.00")
    result_of(ok(await market.first.sign(lowered["digest"]), 200))
    assert (await lot_of(market.first, lot))["charge"]["secured"] == money("2000.00")
    assert await market.cash_minor(market.bank) - before == 4000_00
    lifted = ok(await release(market, lot))
    assert [row["power"] for row in lifted["signatures"]] == ["finance"]
    result_of(ok(await market.bank.sign(lifted["digest"]), 200))
    found = await lot_of(market.first, lot)
    assert (found["charge"], found["flags"]) == (None, [])
    await market.assign(lot, market.first, market.second, "1.00")
    refusal(await release(market, lot), 409, "LedgerLotNotPledgedTo")
    refusal(await market.bank.sign(lifted["digest"]), 409, "intent-not-open")


async def test_a_second_release_of_the_same_state_is_stale(market: Market) -> None:
    lot = await pledged(market)
    first, second = [ok(await release(market, lot, secured=money("2000.00"))) for _ in range(2)]
    result_of(ok(await market.bank.sign(first["digest"]), 200))
    refusal(await market.bank.sign(second["digest"]), 409, "LedgerStaleLot")
    assert (await lot_of(market.first, lot))["charge"]["secured"] == money("2000.00")


async def test_a_pledged_lot_is_sold_and_the_lender_paid_first(market: Market) -> None:
    lot = await pledged(market)
    before = {member: await market.cash_minor(member) for member in (market.bank, market.first)}
    intent = ok(await realise(market, lot, market.other_bank, "9500.00"))
    assert [row["power"] for row in intent["signatures"]] == ["assign", "finance", "pay"]
    for signer in (market.first, market.bank):
        ok(await signer.sign(intent["digest"]), 200)
    sold = result_of(ok(await market.other_bank.sign(intent["digest"]), 200))["lot_id"]
    assert await market.cash_minor(market.bank) - before[market.bank] == 6000_00
    assert await market.cash_minor(market.first) - before[market.first] == 3500_00
    found = await lot_of(market.other_bank, sold)
    assert (found["amount"], found["charge"]) == (money("10000.00"), None)


async def test_the_lender_itself_may_buy_and_two_signatures_are_enough(market: Market) -> None:
    lot = await pledged(market)
    intent = ok(await realise(market, lot, market.bank, "7000.00"))
    assert [row["power"] for row in intent["signatures"]] == ["assign", "finance"]
    ok(await market.bank.sign(intent["digest"]), 200)
    before = await market.cash_minor(market.first)
    sold = result_of(ok(await market.first.sign(intent["digest"]), 200))["lot_id"]
    assert (await lot_of(market.bank, sold))["holder"]["id"] == market.bank.address
    assert await market.cash_minor(market.first) - before == 1000_00


async def test_nobody_else_pledges_releases_or_sells(market: Market) -> None:
    lot = await pledged(market)
    free = (await market.issue())["lot_id"]
    async with nothing_changes(market.system):
        refusal(await ask(market, free, owner=market.second), 403, "LedgerNotOwner")
        refusal(
            await ask(market, free, owner=market.bank, pledgee=market.first.address), 403, "LedgerNotOwner"
        )
        for stranger in (market.other_bank, market.core, market.first):
            refusal(await release(market, lot, by=stranger), 409, "LedgerLotNotPledgedTo")
            answer = await realise(market, lot, stranger, "1.00", by=stranger)
            refusal(answer, 409, "LedgerLotNotPledgedTo")
        body = {"agreement_sha256": AGREEMENT}
        refusal(await market.auditor.post(f"/v1/pledges/{lot}/release", body), 403, "scope-missing")
        refusal(await market.system.registrar.post("/v1/pledges", {}), 403, "scope-missing")
    intent = ok(await ask(market, free))
    for stranger in (market.second, market.other_bank):
        refusal(await stranger.sign(intent["digest"]), 403, "intent-not-yours")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"advance": money("6000.01")}, 422, "PledgesAdvanceOverSecured"),
        ({"secured": money("1.00", "USD")}, 422, "money.currency_mismatch"),
        ({"secured": money("0.00")}, 422, "money.amount_out_of_range"),
        ({"pledgee": "0x" + "11" * 20}, 404, "PartiesUnknown"),
        ({"agreement_sha256": "00" * 32}, 422, "LedgerZeroValue"),
        ({"agreement_sha256": "AB" * 32}, 422, "validation-failed"),
        ({"lot_id": "9000000000000000000"}, 404, "LedgerUnknownLot"),
    ],
)
async def test_what_the_ledger_would_refuse_is_refused_before_anybody_signs(
    market: Market, changes: dict[str, Any], status: int, code: str
) -> None:
    lot = (await market.issue())["lot_id"]
    async with nothing_changes(market.system):
        refusal(await ask(market, lot, **changes), status, code)


async def test_a_lot_is_not_pledged_to_its_own_owner(market: Market) -> None:
    lot = (await market.issue())["lot_id"]
    answer = await ask(market, lot, pledgee=market.first.address)
    assert answer.json()["code"] == "LedgerSelfMove"


async def test_a_release_lowers(market: Market) -> None:
    lot = await pledged(market)
    for secured in ("6000.00", "7000.00"):
        refusal(await release(market, lot, secured=money(secured)), 422, "LedgerBadCharge")
