"""The seller takes back what it sold with recourse, over HTTP: both sides sign, nobody else does."""

from typing import Any

import httpx
import pytest

from tests.support.api import Member
from tests.support.stack import Market, money, ok, refusal, result_of
from tests.support.unchanged import nothing_changes

pytestmark = pytest.mark.asyncio(loop_scope="session")

AGREEMENT = "cd" * 32


async def sold(market: Market, **terms: Any) -> str:
    """The bank's lot of 500.00."""
    issued = await market.issue(payable="1000.00")
    body = {"amount": money("500.00"), "recourse": "with"} | terms
    request = ok(await market.first.http.post(f"/v1/lots/{issued['lot_id']}/quote-requests", body))
    quote = await market.quote(request["id"], market.bank)
    return str(ok(await market.accept(quote, market.first))["financing"]["lot_id"])


async def ask(by: Member, lot: str, price: str = "490.00") -> httpx.Response:
    body = {"lot_id": lot, "price": money(price), "agreement_sha256": AGREEMENT}
    return await by.http.post("/v1/buy-backs", body)


async def test_title_comes_back_against_the_price(market: Market) -> None:
    lot = await sold(market)
    before = await market.cash_minor(market.bank), await market.cash_minor(market.first)
    intent = ok(await ask(market.bank, lot))
    assert [(line["label"], line["value"]) for line in intent["summary"]] == [
        ("Bank", "North Bank"),
        ("Taken back by", "Supplier 2"),
        ("Lot", lot),
        ("Amount", "500.00 EUR"),
        ("Price", "490.00 EUR"),
    ]
    assert [row["power"] for row in intent["signatures"]] == ["finance", "pay"]
    ok(await market.bank.sign(intent["digest"]), 200)
    back = result_of(ok(await market.first.sign(intent["digest"]), 200))["lot_id"]
    assert await market.cash_minor(market.bank) - before[0] == 490_00
    assert before[1] - await market.cash_minor(market.first) == 490_00
    found = ok(await market.first.http.get(f"/v1/lots/{back}"), 200)
    assert (found["holder"]["id"], found["amount"], found["charge"]) == (
        market.first.address, money("500.00"), None,
    )  # fmt: skip
    refusal(await ask(market.bank, lot), 409, "FinancingNoRecourse")
    refusal(await market.first.sign(intent["digest"]), 409, "intent-not-open")


async def test_the_seller_may_ask_too_and_pays_no_more_than_its_limit(market: Market) -> None:
    lot = await sold(market, recourse="limited", recourse_limit=money("200.00"))
    async with nothing_changes(market.system):
        refusal(await ask(market.first, lot, "200.01"), 422, "FinancingOverRecourse")
    ok(await ask(market.first, lot, "200.00"))


async def test_of_two_buy_backs_of_one_lot_the_second_is_refused(market: Market) -> None:
    lot = await sold(market)
    first, second = [ok(await ask(market.bank, lot)) for _ in range(2)]
    for digest in (first["digest"], second["digest"]):
        ok(await market.bank.sign(digest), 200)
    result_of(ok(await market.first.sign(first["digest"]), 200))
    answer = await market.first.sign(second["digest"])
    assert answer.status_code == 409, answer.text


async def test_nobody_else_asks_or_signs(market: Market) -> None:
    lot = await sold(market)
    async with nothing_changes(market.system):
        for stranger in (market.other_bank, market.second, market.core):
            refusal(await ask(stranger, lot), 409, "FinancingNoRecourse")
        body = {"lot_id": lot, "price": money("1.00"), "agreement_sha256": AGREEMENT}
        refusal(await market.auditor.post("/v1/buy-backs", body), 403, "scope-missing")
    intent = ok(await ask(market.first, lot))
    refusal(await market.other_bank.sign(intent["digest"]), 403, "intent-not-yours")


async def test_a_lot_sold_without_recourse_stays_with_the_bank(market: Market) -> None:
    lot = await sold(market, recourse="without")
    for side in (market.bank, market.first):
        refusal(await ask(side, lot), 409, "FinancingNoRecourse")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"price": money("1.00", "USD")}, 422, "money.currency_mismatch"),
        ({"price": money("0.00")}, 422, "money.amount_out_of_range"),
        ({"agreement_sha256": "00" * 32}, 422, "LedgerZeroValue"),
        ({"lot_id": "9000000000000000000"}, 404, "LedgerUnknownLot"),
        ({"more": 1}, 422, "validation-failed"),
    ],
)
async def test_a_malformed_buy_back_is_refused_before_anybody_signs(
    market: Market, changes: dict[str, Any], status: int, code: str
) -> None:
    lot = await sold(market)
    body = {"lot_id": lot, "price": money("1.00"), "agreement_sha256": AGREEMENT} | changes
    async with nothing_changes(market.system):
        refusal(await market.bank.http.post("/v1/buy-backs", body), status, code)
