"""The trade from invoice to payout over HTTP, on the real ledger."""

from pathlib import Path

import pytest

from tests.support.api import running_system, settings_for
from tests.support.chain import fresh_ledger
from tests.support.stack import Market, cents, money, ok, refusal

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_an_invoice_becomes_cash_for_all_who_hold_a_part_of_it(market: Market) -> None:
    await _play(market)


async def test_the_same_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    async with fresh_ledger() as ledger:
        databases = {"app_database_url": postgres_url, "mirror_database_url": postgres_url}
        settings = settings_for(tmp_path, ledger)
        settings = type(settings).model_validate(settings.model_dump() | databases)
        async with running_system(tmp_path, ledger, settings=settings) as system:
            market = await Market.open(system)
            await _play(market)
            twice = await market.invoice(number="TWICE-1")
            assert (await market.upload(twice)).status_code == 201
            refusal(await market.upload(twice), 409, "invoice-duplicate")


async def _play(market: Market) -> None:
    issued = await market.issue(payable="10000.00")
    second_lot = await market.assign(issued["lot_id"], market.first, market.second, "6000.00")
    third_lot = await market.assign(second_lot, market.second, market.third, "2500.00")
    request = await market.request_quotes(third_lot, market.third, "2500.00")
    dear = await market.quote(request, market.bank, rate_ppm=50_000)
    cheap = await market.quote(request, market.other_bank, rate_ppm=30_000)
    listed = ok(await market.third.http.get(f"/v1/quote-requests/{request}/quotes"), 200)
    assert [row["quote_id"] for row in listed] == [cheap["quote_id"], dear["quote_id"]]
    before = await market.cash_minor(market.third)
    accepted = ok(await market.accept(cheap, market.third))
    financing = accepted["financing"]
    assert financing["cash_received"] == cheap["cash_received"]
    assert await market.cash_minor(market.third) - before == cents(cheap["cash_received"])
    await market.pay(issued["receivable_id"], "10000.00")
    before = await market.cash_minor(market.first)
    claimed = ok(await market.first.http.post("/v1/claims", {"lot_ids": [issued["lot_id"]]}))
    assert claimed["result"]["claimed"][0]["principal"] == money("4000.00")
    assert await market.cash_minor(market.first) - before == 4000_00
    await _trace_reaches_the_bank(market, issued["receivable_id"])


async def _trace_reaches_the_bank(market: Market, receivable_id: str) -> None:
    story = ok(await market.auditor.get(f"/v1/receivables/{receivable_id}/trace?serial=0"), 200)
    assert [hop["cause"] for hop in story["path"]] == ["issue", "assign", "assign", "finance"]
    assert story["path"][-1]["to_party"]["id"] == market.other_bank.address
    assert story["path"][-1]["purchase"]["rate_ppm"] == 30_000
    owed = ok(await market.core.http.get(f"/v1/receivables/{receivable_id}/trace?serial=0"), 200)
    assert owed["path"][-1]["to_party"]["id"] == market.other_bank.address
    assert owed["path"][-1]["purchase"] is None
    refusal(
        await market.auditor.get(f"/v1/receivables/{receivable_id}/trace?serial=1000000"),
        404,
        "LensSerialOutOfRange",
    )
