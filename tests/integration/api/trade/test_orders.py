"""Freezes, suspensions, default and write-off, as the parties see them over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from chain import calls
from domain.ids import LotId, ReceivableId
from tests.support.api import Member, fresh_system
from tests.support.chain import DAY_S, random_word
from tests.support.stack import Market, cents, money, ok, refusal
from tests.support.unchanged import nothing_changes

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def own_market(tmp_path: Path) -> AsyncIterator[Market]:
    """A market of one's own: a default blocks the debtor, and time passes for everybody."""
    async with fresh_system(tmp_path) as system:
        yield await Market.open(system)


async def lot_of(holder: Member, lot: str) -> dict[str, Any]:
    found: dict[str, Any] = ok(await holder.http.get(f"/v1/lots/{lot}"), 200)
    return found


async def receivable_of(market: Market, number: str) -> dict[str, Any]:
    found: dict[str, Any] = ok(await market.core.http.get(f"/v1/receivables/{number}"), 200)
    return found


async def owed_on(market: Market, number: str) -> int:
    return cents(ok(await market.core.http.get(f"/v1/receivables/{number}/payoff"), 200)["total"])


async def claim(holder: Member, *lots: str) -> httpx.Response:
    return await holder.http.post("/v1/claims", {"lot_ids": list(lots)})


async def paid_by_claim(market: Market, holder: Member, lot: str) -> int:
    before = await market.cash_minor(holder)
    ok(await claim(holder, lot))
    return await market.cash_minor(holder) - before


async def default_on(market: Market, number: str) -> None:
    """Let its day and the days of grace pass, and say so."""
    await market.pass_seconds(35 * DAY_S)
    ok(await market.first.http.post(f"/v1/receivables/{number}/default", {}))


async def test_a_default_is_declared_once_and_not_before_the_days_of_grace_are_over(
    own_market: Market,
) -> None:
    issued = await own_market.issue(payable="1000.00", days=2)
    path = f"/v1/receivables/{issued['receivable_id']}/default"
    async with nothing_changes(own_market.system):
        body = refusal(await own_market.core.http.post(path, {}), 409, "LedgerNotInDefault")
    await own_market.pass_seconds(3 * DAY_S)
    async with nothing_changes(own_market.system):
        refusal(await own_market.first.http.post(path, {}), 409, "LedgerNotInDefault")
        refusal(await own_market.third.http.post(path, {}), 404, "not-found")
        refusal(await own_market.bank.http.post(path, {}), 404, "not-found")
    await own_market.pass_seconds(35 * DAY_S)
    assert body["values"]["from_"] <= await own_market.system.ledger.now()
    done = ok(await own_market.first.http.post(path, {}, headers={"Idempotency-Key": path}))
    assert (done["kind"], done["state"]) == ("declare_default", "done")
    again = ok(await own_market.first.http.post(path, {}, headers={"Idempotency-Key": path}))
    assert again["id"] == done["id"]
    state = await receivable_of(own_market, issued["receivable_id"])
    assert (state["state"], state["overdue"]) == ("defaulted", True)
    refusal(await own_market.first.http.post(path, {}), 409, "LedgerNotInDefault")


async def test_a_suspended_receivable_takes_money_and_pays_nobody_until_it_is_resumed(market: Market) -> None:
    issued = await market.issue(payable="1000.00")
    number, lot = issued["receivable_id"], issued["lot_id"]
    book, order = market.system.ledger.book, random_word()
    await market.carry(calls.suspend(book, ReceivableId(int(number)), order), "freezer")
    refusal(await market.assignment(lot, market.first, market.second, "1.00"), 409, "LedgerRegisterClosed")

    await market.pay(number, "400.00")
    assert (await receivable_of(market, number))["state"] == "suspended"
    waiting = (await lot_of(market.first, lot))["claimable"]
    assert (waiting["to_holder"], waiting["waits"]) == (money("400.00"), "suspended")
    refusal(await claim(market.first, lot), 409, "LedgerReceivableSuspended")
    assert await owed_on(market, number) == 600_00

    await market.pay(number, "600.00")
    assert (await receivable_of(market, number))["state"] == "suspended"
    await market.carry(calls.resume(book, ReceivableId(int(number)), order), "freezer")
    assert (await receivable_of(market, number))["state"] == "settled"
    assert await paid_by_claim(market, market.first, lot) == 1000_00
    story = ok(await market.core.http.get(f"/v1/receivables/{number}/trace"), 200)
    assert [(step["to_state"], step["order"]) for step in story["states"]] == [
        ("suspended", order),
        ("settled", order),
    ]
    assert story["loss"] is None


async def test_the_share_of_a_frozen_lot_waits_and_everybody_else_is_paid(market: Market) -> None:
    issued = await market.issue(payable="1000.00")
    part = await market.assign(issued["lot_id"], market.first, market.second, "333.34")
    book, order = market.system.ledger.book, random_word()
    await market.carry(calls.freeze(book, [LotId(int(part))], order), "freezer")
    assert (await lot_of(market.second, part))["flags"] == ["frozen"]
    refusal(await market.assignment(part, market.second, market.third, "333.34"), 409, "LedgerLotFrozen")

    await market.pay(issued["receivable_id"], "1000.00")
    waiting = (await lot_of(market.second, part))["claimable"]
    assert (waiting["to_holder"], waiting["waits"]) == (money("333.34"), "frozen")
    refusal(await claim(market.second, part), 409, "LedgerLotFrozen")
    assert await paid_by_claim(market, market.first, issued["lot_id"]) == 666_66

    await market.carry(calls.unfreeze(book, [LotId(int(part))], order), "freezer")
    assert await paid_by_claim(market, market.second, part) == 333_34


async def test_a_quote_for_a_lot_that_was_frozen_since_is_refused(market: Market) -> None:
    issued = await market.issue(payable="1000.00")
    request_id = await market.request_quotes(issued["lot_id"], market.first, "500.00")
    freeze = calls.freeze(market.system.ledger.book, [LotId(int(issued["lot_id"]))], random_word())
    await market.carry(freeze, "freezer")
    body = {"rate_ppm": 36_000, "registration_ref": "ZDW-1", "notice_ref": "N-1"}
    answer = await market.bank.http.post(f"/v1/quote-requests/{request_id}/quotes", body)
    refusal(answer, 409, "LedgerLotFrozen")


async def test_a_receivable_in_default_takes_money_until_all_is_paid(own_market: Market) -> None:
    issued = await own_market.issue(payable="1000.00", days=1)
    number, lot = issued["receivable_id"], issued["lot_id"]
    await default_on(own_market, number)
    shown = await receivable_of(own_market, number)
    assert (shown["state"], shown["overdue"]) == ("defaulted", True)
    flag = await own_market.first.http.post(f"/v1/receivables/{number}/overdue-flag", {})
    refusal(flag, 409, "LedgerNotOverdue")

    total = await owed_on(own_market, number)
    part = await own_market.pay(number, "400.00")
    assert (await receivable_of(own_market, number))["state"] == "defaulted"
    rest = await owed_on(own_market, number)
    assert rest == total - 400_00
    assert cents(part["interest"]) > 0
    received = await paid_by_claim(own_market, own_market.first, lot)
    await own_market.pay(number, f"{rest // 100}.{rest % 100:02}")
    shown = await receivable_of(own_market, number)
    assert (shown["state"], shown["overdue"]) == ("settled", False)
    assert received + await paid_by_claim(own_market, own_market.first, lot) == total


async def test_what_was_paid_before_a_write_off_is_divided_to_the_cent(own_market: Market) -> None:
    issued = await own_market.issue(payable="10.01", days=3)
    number, first = issued["receivable_id"], issued["lot_id"]
    second = await own_market.assign(first, own_market.first, own_market.second, "3.33")
    third = await own_market.assign(first, own_market.first, own_market.third, "3.34")
    holders = [(own_market.first, first), (own_market.second, second), (own_market.third, third)]
    await default_on(own_market, number)
    await own_market.pay(number, "5.00")
    early = await paid_by_claim(own_market, own_market.first, first)
    order = calls.write_off(own_market.system.ledger.book, ReceivableId(int(number)), random_word())
    await own_market.carry_delayed(order, "court")

    assert (await receivable_of(own_market, number))["state"] == "written_off"
    assert await owed_on(own_market, number) == 0
    refusal(await own_market.payment(number, "1.00"), 409, "LedgerNotPayable")
    late = 0
    for holder, lot in holders:
        open_minor = cents((await lot_of(holder, lot))["claimable"]["to_holder"])
        if open_minor:
            assert await paid_by_claim(own_market, holder, lot) == open_minor
        late += open_minor
    assert early + late == 5_00
    refusal(await claim(own_market.second, second), 409, "LedgerNothingToClaim")
