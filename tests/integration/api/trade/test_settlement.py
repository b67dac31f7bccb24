"""Maturity: on time, late, in parts; every holder is paid to the cent."""

from typing import Any

import pytest

from domain.settlement import late_interest_minor
from tests.support.api import Member
from tests.support.chain import DAY_S
from tests.support.stack import Market, cents, money, ok, refusal

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def claimed_by(market: Market, holder: Member, lot: str) -> tuple[int, int]:
    """Principal and interest that a claim pays, checked against what the lot was said to be owed and the
    balance.
    """
    said = ok(await holder.http.get(f"/v1/lots/{lot}"), 200)["claimable"]
    before = await market.cash_minor(holder)
    claimed = ok(await holder.http.post("/v1/claims", {"lot_ids": [lot]}))["result"]
    assert claimed["failed_lot_ids"] == []
    (share,) = claimed["claimed"]
    assert share == {"lot_id": lot, **{name: value for name, value in said.items() if name != "waits"}}
    assert (said["waits"], said["to_chargee"]) == (None, money("0.00"))
    paid = cents(share["principal"]), cents(share["interest"])
    assert await market.cash_minor(holder) - before == sum(paid)
    return paid


async def test_two_payments_reach_three_holders_to_the_cent(market: Market) -> None:
    issued = await market.issue(payable="1000.01")
    second = await market.assign(issued["lot_id"], market.first, market.second, "333.34")
    third = await market.assign(second, market.second, market.third, "111.11")
    holders = [(market.first, issued["lot_id"]), (market.second, second), (market.third, third)]
    await market.pay(issued["receivable_id"], "500.00")
    first_round = [await claimed_by(market, *holder) for holder in holders]
    assert sum(principal for principal, _ in first_round) <= 500_00
    result = await market.pay(issued["receivable_id"], "500.01")
    assert (result["installment"], result["principal"]) == (2, money("500.01"))
    second_round = [await claimed_by(market, *holder) for holder in holders]
    totals = [one[0] + two[0] for one, two in zip(first_round, second_round, strict=True)]
    assert totals == [666_67, 222_23, 111_11]
    shown = ok(await market.core.http.get(f"/v1/receivables/{issued['receivable_id']}"), 200)
    assert (shown["state"], shown["claimed"]) == ("settled", money("1000.01"))


async def test_a_late_debtor_pays_interest_and_is_blocked_until_it_has(market: Market) -> None:
    issued = await market.issue(payable="2000.00", days=3)
    blocked = await market.submitted()
    await market.pass_seconds(13 * DAY_S)
    receivable = issued["receivable_id"]
    owed = ok(await market.core.http.get(f"/v1/receivables/{receivable}/payoff"), 200)
    interest = late_interest_minor(2000_00, 10)
    assert (cents(owed["principal"]), cents(owed["interest"])) == (2000_00, interest)
    flagged = ok(await market.first.http.post(f"/v1/receivables/{receivable}/overdue-flag", {}))
    assert flagged["state"] == "done"
    assert ok(await market.core.http.get(f"/v1/receivables/{receivable}"), 200)["overdue"]
    path = f"/v1/invoices/{blocked['id']}/confirmation"
    refusal(await market.core.http.post(path, {}), 409, "IssuanceDebtorBlocked")
    result = await market.pay(receivable, owed["total"]["amount"])
    assert result["interest"] == owed["interest"]
    assert await claimed_by(market, market.first, issued["lot_id"]) == (2000_00, interest)
    ok(await market.core.http.post(path, {}))


async def test_the_payoff_of_a_day_to_come_counts_whole_days_late(market: Market) -> None:
    issued = await market.issue(payable="2000.00", days=30)
    path = f"/v1/receivables/{issued['receivable_id']}"
    due_on = ok(await market.core.http.get(path), 200)["due_on"]
    on_time = ok(await market.core.http.get(f"{path}/payoff?on={due_on}"), 200)
    assert on_time["interest"] == money("0.00")
    year, month, _ = due_on.split("-")
    later = f"{int(year) + 1}-{month}-01"
    late = ok(await market.core.http.get(f"{path}/payoff?on={later}"), 200)
    assert cents(late["interest"]) > 0


async def test_claims_of_several_lots_fail_one_by_one(market: Market) -> None:
    paid, unpaid = await market.issue(), await market.issue()
    await market.pay(paid["receivable_id"], "10000.00")
    body = {"lot_ids": [paid["lot_id"], unpaid["lot_id"]]}
    result = ok(await market.first.http.post("/v1/claims", body))["result"]
    assert [share["lot_id"] for share in result["claimed"]] == [paid["lot_id"]]
    assert result["failed_lot_ids"] == [unpaid["lot_id"]]


async def test_cash_leaves_against_a_payment_order(market: Market) -> None:
    before = await market.cash_minor(market.bank)
    body = {"amount": money("12.34"), "account_ref": "DE02120300000000202051"}
    intent = ok(await market.bank.http.post("/v1/redemptions", body))
    assert "DE02120300000000202051" not in str(intent["typed_data"])
    ok(await market.bank.sign(intent["digest"]), 200)
    assert before - await market.cash_minor(market.bank) == 12_34


async def test_a_retry_of_an_acceptance_gets_the_same_answer(market: Market) -> None:
    lot = (await market.issue())["lot_id"]
    quote = await market.quote(await market.request_quotes(lot, market.first, "1000.00"), market.bank)
    headers = {"Idempotency-Key": f"accept-{quote['quote_id']}"}
    answers: list[Any] = [
        await market.accept(quote, market.first, headers=headers, wait=wait) for wait in (0, 10, 10)
    ]
    assert [answer.status_code for answer in answers] == [202, 201, 201]
    assert answers[1].json() == answers[2].json()
    financing = answers[1].json()["financing"]
    shown = ok(await market.first.http.get(f"/v1/financings/{financing['id']}"), 200)
    assert shown == financing
    assert [payout["amount"] for payout in shown["payouts"]] == [quote["cash_received"]]


async def test_fees_are_paid_with_the_price_and_named(market: Market) -> None:
    lot = (await market.issue())["lot_id"]
    fee = {"label": "Fee", "label_zh": "费用", "receiver": market.bank.address, "amount": money("5.00")}
    request = await market.request_quotes(lot, market.first, "1000.00")
    quote = await market.quote(request, market.other_bank, fees=[fee])
    before = await market.cash_minor(market.bank)
    financing = ok(await market.accept(quote, market.first))["financing"]
    assert await market.cash_minor(market.bank) - before == 5_00
    assert [payout["receiver"]["id"] for payout in financing["payouts"]] == [
        market.first.address,
        market.bank.address,
    ]
    assert cents(financing["price"]) - 5_00 == cents(financing["cash_received"])
