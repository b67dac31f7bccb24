"""Recourse and pledges, as both sides of them and the debtor see them over HTTP."""

from typing import Any

import httpx
import pytest

from chain import calls
from domain.ids import LotId
from domain.intents import Buyback, Pledge
from tests.support.api import Member
from tests.support.chain import DAY_S, random_salt, random_word
from tests.support.stack import Market, cents, money, ok, refusal

pytestmark = pytest.mark.asyncio(loop_scope="session")

EUR = 978


async def ask(market: Market, lot: str, **terms: Any) -> httpx.Response:
    body = {"amount": money("500.00"), **terms}
    return await market.first.http.post(f"/v1/lots/{lot}/quote-requests", body)


async def sold(market: Market, lot: str, **terms: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The quote that the seller took and the financing."""
    request = ok(await ask(market, lot, **terms))
    quote = await market.quote(request["id"], market.bank)
    return quote, ok(await market.accept(quote, market.first))["financing"]


async def lot_of(caller: Member, lot: str) -> dict[str, Any]:
    found: dict[str, Any] = ok(await caller.http.get(f"/v1/lots/{lot}"), 200)
    return found


def words_of(quote: dict[str, Any]) -> dict[str, str]:
    return {line["label"]: line["value"] for line in quote["intent"]["summary"]}


async def test_limited_recourse_is_asked_for_quoted_in_words_and_lies_on_the_lot(market: Market) -> None:
    issued = await market.issue(payable="1000.00")
    limit = money("200.00")
    quote, financing = await sold(market, issued["lot_id"], recourse="limited", recourse_limit=limit)

    words, message = words_of(quote), quote["intent"]["typed_data"]["message"]
    assert (message["recourse"], message["secured"], message["recourseLimit"]) == (2, 500_00, 200_00)
    assert words["Recourse"] == "limited recourse to the seller 对卖方有有限追索权"
    assert (words["Paid to the bank first"], words["Buy-back at most"]) == ("500.00 EUR", "200.00 EUR")

    assert financing["recourse"] == "limited"
    for side in (market.bank, market.first):
        charge = (await lot_of(side, financing["lot_id"]))["charge"]
        assert (charge["kind"], charge["chargee"]["id"]) == ("recourse", market.first.address)
        assert (charge["secured"], charge["recourse_limit"]) == (money("500.00"), limit)
    # that a bank has recourse, and to whom, is no business of the debtor's
    assert (await lot_of(market.core, financing["lot_id"]))["charge"] is None


async def test_what_is_beyond_the_secured_amount_goes_to_the_seller(market: Market) -> None:
    issued = await market.issue(payable="1000.00")
    _, financing = await sold(market, issued["lot_id"], recourse="with", secured=money("300.00"))
    await market.pay(issued["receivable_id"], "1000.00")
    share = (await lot_of(market.bank, financing["lot_id"]))["claimable"]
    assert (share["to_holder"], share["to_chargee"]) == (money("300.00"), money("200.00"))

    before = [await market.cash_minor(side) for side in (market.bank, market.first)]
    # the seller has a right to a part, and so may have the lot paid out
    answer = await market.first.http.post("/v1/claims", {"lot_ids": [financing["lot_id"]]})
    (claimed,) = ok(answer)["result"]["claimed"]
    assert (claimed["to_holder"], claimed["to_chargee"]) == (money("300.00"), money("200.00"))
    after = [await market.cash_minor(side) for side in (market.bank, market.first)]
    assert [now - then for now, then in zip(after, before, strict=True)] == [300_00, 200_00]


async def test_without_recourse_and_in_full_are_said_in_words_too(market: Market) -> None:
    issued = await market.issue(payable="2000.00")
    without, _ = await sold(market, issued["lot_id"])
    assert words_of(without)["Recourse"] == "without recourse 无追索权"
    assert "Paid to the bank first" not in words_of(without)
    in_full, financing = await sold(market, issued["lot_id"], recourse="with")
    assert words_of(in_full)["Recourse"] == "full recourse to the seller 对卖方有全额追索权"
    assert "Buy-back at most" not in words_of(in_full)
    assert financing["recourse"] == "with"
    assert (await lot_of(market.bank, financing["lot_id"]))["charge"]["secured"] == money("500.00")


@pytest.mark.parametrize(
    "terms",
    [
        {"recourse": "without", "secured": money("1.00")},
        {"recourse": "without", "recourse_limit": money("1.00")},
        {"recourse": "with", "recourse_limit": money("1.00")},
        {"recourse": "with", "secured": money("500.01")},
        {"recourse": "limited"},
        {"recourse": "limited", "recourse_limit": money("500.01")},
    ],
    ids=["secured for nobody", "limit of nothing", "limit in full", "secured over", "no limit", "limit over"],
)
async def test_terms_of_recourse_that_the_ledger_would_refuse_are_refused_at_once(
    market: Market, terms: dict[str, Any]
) -> None:
    issued = await market.issue(payable="1000.00")
    refusal(await ask(market, issued["lot_id"], **terms), 422, "FinancingBadRecourse")


async def test_a_lot_under_recourse_moves_whole_and_gets_no_second_recourse(market: Market) -> None:
    issued = await market.issue(payable="1000.00")
    _, financing = await sold(market, issued["lot_id"], recourse="with")
    lot, path = financing["lot_id"], f"/v1/lots/{financing['lot_id']}/quote-requests"
    refusal(await market.assignment(lot, market.bank, market.second, "1.00"), 409, "LedgerLotOnlyWhole")
    asked = ok(await market.bank.http.post(path, {"amount": money("500.00"), "recourse": "with"}))
    quote = await market.other_bank.http.post(
        f"/v1/quote-requests/{asked['id']}/quotes",
        {"rate_ppm": 36_000, "registration_ref": "ZDW-1", "notice_ref": "N-1"},
    )
    refusal(quote, 409, "LedgerLotCharged")
    moved = await market.assign(lot, market.bank, market.second, "500.00")
    assert (await lot_of(market.second, moved))["charge"]["chargee"]["id"] == market.first.address


async def test_a_seller_buys_back_for_no_more_than_its_limit(market: Market) -> None:
    issued = await market.issue(payable="1000.00")
    limited = {"recourse": "limited", "recourse_limit": money("200.00")}
    _, financing = await sold(market, issued["lot_id"], **limited)
    ledger = market.system.ledger

    async def buy_back(price: int) -> calls.Call:
        intent = Buyback(
            bank=market.bank.address,
            seller=market.first.address,
            lot=LotId(int(financing["lot_id"])),
            seq=(await lot_of(market.bank, financing["lot_id"]))["seq"],
            price=price,
            evidence=random_word(),
            deadline=await ledger.now() + DAY_S // 2,
            salt=random_salt(),
        )
        signed = [market.signatures(member, intent) for member in (market.bank, market.first)]
        return calls.buy_back(ledger.book, intent, *signed)

    assert (await ledger.refusal(await buy_back(200_01))).name == "FinancingOverRecourse"
    before = await market.cash_minor(market.bank)
    await market.carry(await buy_back(200_00))
    assert await market.cash_minor(market.bank) == before + 200_00
    emptied = await lot_of(market.bank, financing["lot_id"])
    assert (emptied["amount"], emptied["charge"]) == (money("0.00"), None)


async def test_a_pledgee_is_paid_first_and_the_holder_gets_the_rest(market: Market) -> None:
    issued = await market.issue(payable="1000.00")
    lot, ledger = issued["lot_id"], market.system.ledger
    intent = Pledge(
        owner=market.first.address,
        pledgee=market.bank.address,
        lot=LotId(int(lot)),
        seq=0,
        secured=600_00,
        advance=500_00,
        evidence=random_word(),
        deadline=await ledger.now() + DAY_S // 2,
        salt=random_salt(),
    )
    before = await market.cash_minor(market.first)
    signed = [market.signatures(member, intent) for member in (market.first, market.bank)]
    await market.carry(calls.pledge(ledger.book, intent, *signed))
    assert await market.cash_minor(market.first) == before + 500_00
    shown = await lot_of(market.bank, lot)
    assert (shown["flags"], shown["charge"]["kind"]) == (["pledged"], "pledge")
    refusal(await market.assignment(lot, market.first, market.second, "1000.00"), 409, "LedgerLotCharged")
    refusal(await ask(market, lot), 409, "LedgerLotCharged")
    assert (await market.second.http.get(f"/v1/lots/{lot}")).status_code == 404

    await market.pay(issued["receivable_id"], "1000.00")
    held = [await market.cash_minor(side) for side in (market.first, market.bank)]
    (claimed,) = ok(await market.bank.http.post("/v1/claims", {"lot_ids": [lot]}))["result"]["claimed"]
    assert (cents(claimed["to_holder"]), cents(claimed["to_chargee"])) == (400_00, 600_00)
    now = [await market.cash_minor(side) for side in (market.first, market.bank)]
    assert [after - then for after, then in zip(now, held, strict=True)] == [400_00, 600_00]


async def test_a_trace_tells_loan_charge_and_division_to_their_sides_and_the_auditor_alone(
    market: Market,
) -> None:
    issued = await market.issue(payable="1000.00")
    intent = Pledge(
        owner=market.first.address,
        pledgee=market.bank.address,
        lot=LotId(int(issued["lot_id"])),
        seq=0,
        secured=1000_00,
        advance=900_00,
        evidence=random_word(),
        deadline=await market.system.ledger.now() + DAY_S // 2,
        salt=random_salt(),
    )
    signed = [market.signatures(member, intent) for member in (market.first, market.bank)]
    await market.carry(calls.pledge(market.system.ledger.book, intent, *signed))
    await market.pay(issued["receivable_id"], "1000.00")
    ok(await market.bank.http.post("/v1/claims", {"lot_ids": [issued["lot_id"]]}))

    path = f"/v1/receivables/{issued['receivable_id']}/trace?serial=0"
    for reader in (market.first.http, market.auditor):
        story = ok(await reader.get(path), 200)
        (hop,) = story["path"]
        (pledge,), (charge,), (payout,) = hop["pledges"], hop["charges"], hop["payouts"]
        assert (pledge["step"], pledge["cash"], pledge["evidence"]) == (
            "pledged", money("900.00"), intent.evidence,
        )  # fmt: skip
        assert (charge["chargee"]["id"], charge["secured"]) == (market.bank.address, money("1000.00"))
        assert (payout["chargee"]["id"], payout["to_chargee"]) == (market.bank.address, money("1000.00"))
        assert [change["flags"] for change in hop["flags"]] == [["pledged"]]
        assert story["payee"]["id"] == market.bank.address
    story = ok(await market.core.http.get(path), 200)
    (hop,) = story["path"]
    assert (hop["pledges"], hop["charges"], hop["flags"], story["payee"]) == ([], [], [], None)
    assert hop["payouts"][0]["chargee"] is None
    assert market.bank.address not in str(story)
