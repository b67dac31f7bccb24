"""The five questions over HTTP: right to the cent for those who may ask, and nothing for anybody else."""

from datetime import timedelta
from typing import Any

import pytest

from api.auth.caller import Scope
from api.bootstrap import mint_api_key
from api.http.schemas import instant
from domain.ids import ZERO_ADDRESS
from tests.support.api import Member
from tests.support.chain import DAY_S
from tests.support.stack import Market, cents, money, ok, refusal

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUESTIONS = ("holdings", "holdings/sums", "exposures", "maturities")


async def all_items(member: Any, path: str) -> list[dict[str, Any]]:
    """The items of all pages, two at a time."""
    rows: list[dict[str, Any]] = []
    target: str | None = f"{path}{'&' if '?' in path else '?'}limit=2"
    while target is not None:
        page = ok(await member.get(target), 200)
        assert len(page["items"]) <= 2
        rows += page["items"]
        target = page["next"]
    return rows


async def newcomers(market: Market) -> tuple[Member, Member]:
    """Two suppliers of this test alone: what they hold is what the test gave them."""
    first = await market.system.admit("Newcomer", roles=["supplier"])
    return first, await market.system.admit("Second newcomer", roles=["supplier"])


async def passed_on(market: Market, days: int = 60) -> tuple[dict[str, Any], Member, Member, list[str]]:
    """10,000.00 of which a newcomer got 4,000.00 and gave 1,500.00 on; the lots from the first on."""
    holder, next_one = await newcomers(market)
    issued = await market.issue(days=days)
    second = await market.assign(issued["lot_id"], market.first, holder, "4000.00")
    third = await market.assign(second, holder, next_one, "1500.00")
    return issued, holder, next_one, [issued["lot_id"], second, third]


class TestSerials:
    """Who held a cent."""

    async def test_a_serial_is_held_by_whom_it_was_passed_to_and_before_by_the_giver(
        self, market: Market
    ) -> None:
        issued = await market.issue()
        path = f"/v1/receivables/{issued['receivable_id']}/serials/0/holder"
        before = await market.system.ledger.now()
        await market.pass_seconds(10)
        lot = await market.assign(issued["lot_id"], market.first, market.second, "4000.00")
        now = ok(await market.core.http.get(path), 200)
        assert (now["holder"]["id"], now["lot_id"]) == (market.second.address, lot)
        assert (now["holder"]["name"], now["block_number"]) == ("Supplier 3", None)
        then = ok(await market.auditor.get(f"{path}?as_of={instant(before)}"), 200)
        assert (then["holder"]["id"], then["as_of"]) == (market.first.address, instant(before))
        hops = ok(await market.auditor.get(f"/v1/receivables/{issued['receivable_id']}/tree"), 200)["items"]
        moved = next(hop["hop"]["block_number"] for hop in hops if hop["lot_id"] == lot)
        for block, holder in ((moved - 1, market.first), (moved, market.second), (10**9, market.second)):
            found = ok(await market.auditor.get(f"{path}?block={block}"), 200)
            assert (found["holder"]["id"], found["as_of"]) == (holder.address, None)
            assert found["block_number"] <= await market.system.ledger.client.block_number()

    async def test_holders_are_told_of_themselves_and_of_nobody_else(self, market: Market) -> None:
        issued, holder, next_one, lots = await passed_on(market)
        path = f"/v1/receivables/{issued['receivable_id']}/serials"
        own = ok(await holder.http.get(f"{path}/200000/holder"), 200)
        assert (own["holder"]["id"], own["lot_id"]) == (holder.address, lots[1])
        ok(await next_one.http.get(f"{path}/0/holder"), 200)
        refusal(await holder.http.get(f"{path}/0/holder"), 404, "not-found")
        refusal(await next_one.http.get(f"{path}/200000/holder"), 404, "not-found")
        refusal(await market.bank.http.get(f"{path}/0/holder"), 404, "not-found")

    @pytest.mark.parametrize(
        ("serial", "query", "status", "code"),
        [
            ("0", "as_of=2026-02-30", 422, "validation-failed"),
            ("0", "as_of=yesterday", 422, "validation-failed"),
            ("0", "as_of=2026-02-03T10:00:00", 422, "validation-failed"),
            ("0", "as_of=2026-02-03&block=1", 422, "validation-failed"),
            ("0", "block=-1", 422, "validation-failed"),
            ("-1", "", 422, "validation-failed"),
            ("1000000", "", 404, "LensSerialOutOfRange"),
            ("0", "as_of=1970-01-01", 404, "not-found"),
            ("0", "block=0", 404, "not-found"),
        ],
    )
    async def test_what_cannot_be_asked_is_refused_by_name(
        self, market: Market, serial: str, query: str, status: int, code: str
    ) -> None:
        issued = await market.issue()
        path = f"/v1/receivables/{issued['receivable_id']}/serials/{serial}/holder?{query}"
        refusal(await market.core.http.get(path), status, code)


class TestTree:
    """Every lot and the hop that made it."""

    async def test_the_debtor_sees_the_whole_tree_page_by_page(self, market: Market) -> None:
        issued, holder, next_one, lots = await passed_on(market)
        path = f"/v1/receivables/{issued['receivable_id']}/tree"
        for who in (market.core.http, market.auditor):
            branches = await all_items(who, path)
            assert [branch["lot_id"] for branch in branches] == lots
            assert [branch["parent_id"] for branch in branches] == [None, *lots[:-1]]
            assert [branch["left"] for branch in branches] == [
                money("6000.00"),
                money("2500.00"),
                money("1500.00"),
            ]
            assert [branch["hop"]["cause"] for branch in branches] == ["issue", "assign", "assign"]
            givers = [branch["hop"]["from_party"] for branch in branches]
            assert givers[0] is None
            assert [giver["id"] for giver in givers[1:]] == [market.first.address, holder.address]
            assert branches[1]["hop"]["amount"] == money("4000.00")
            assert branches[2]["holder"]["id"] == next_one.address

    async def test_a_holder_sees_its_own_branches(self, market: Market) -> None:
        issued, holder, next_one, lots = await passed_on(market)
        path = f"/v1/receivables/{issued['receivable_id']}/tree"
        (own,) = await all_items(holder.http, path)
        assert (own["lot_id"], own["hop"]["from_party"]["id"]) == (lots[1], market.first.address)
        answer = ok(await next_one.http.get(path), 200)
        assert [branch["lot_id"] for branch in answer["items"]] == [lots[2]]
        assert market.first.address not in str(answer)
        refusal(await market.bank.http.get(path), 404, "not-found")


class TestHoldings:
    """What a party held on a date."""

    async def test_a_party_has_its_holdings_of_now_and_of_a_day_before(self, market: Market) -> None:
        yesterday = await market.today()
        await market.pass_seconds(DAY_S)
        issued, holder, _, lots = await passed_on(market)
        (row,) = await all_items(holder.http, "/v1/holdings")
        assert row == {
            "lot_id": lots[1],
            "receivable_id": issued["receivable_id"],
            "debtor": {"id": market.core.address, "name": "Core"},
            "amount": money("2500.00"),
            "open": money("2500.00"),
            "first_serial": "150000",
            "due_on": (await market.today() + timedelta(days=60)).isoformat(),
            "since": row["since"],
        }
        assert await all_items(holder.http, f"/v1/holdings?as_of={yesterday}") == []
        sums = ok(await holder.http.get("/v1/holdings/sums"), 200)
        assert sums["sums"] == [{"amount": money("2500.00"), "open": money("2500.00")}]
        assert sums["party"] == {"id": holder.address, "name": "Newcomer"}
        assert ok(await holder.http.get(f"/v1/holdings/sums?as_of={yesterday}"), 200)["sums"] == []

    async def test_pages_add_up_to_the_sums_also_after_a_payment(self, market: Market) -> None:
        issued, holder, _, _ = await passed_on(market)
        for _ in range(3):
            other = await market.issue()
            await market.assign(other["lot_id"], market.first, holder, "100.00")
        await market.pay(issued["receivable_id"], "5000.00")
        rows = await all_items(holder.http, "/v1/holdings")
        assert len(rows) == 4
        assert [row["open"]["amount"] for row in rows] == ["1250.00", "100.00", "100.00", "100.00"]
        sums = ok(await holder.http.get("/v1/holdings/sums"), 200)["sums"]
        assert sums == [{"amount": money("2800.00"), "open": money("1550.00")}]

    async def test_a_time_to_come_is_answered_as_of_now(self, market: Market) -> None:
        _, holder, _, _ = await passed_on(market)
        sums = ok(await holder.http.get("/v1/holdings/sums?as_of=2999-01-01"), 200)
        assert sums["as_of"] <= instant(await market.system.ledger.now())
        assert sums["sums"] == [{"amount": money("2500.00"), "open": money("2500.00")}]


class TestExposure:
    """What debtors owe, and when."""

    async def test_a_holder_has_its_exposure_and_what_comes_in(self, market: Market) -> None:
        _, holder, next_one, _ = await passed_on(market, days=45)
        (owed,) = await all_items(holder.http, "/v1/exposures")
        assert owed == {
            "debtor": {"id": market.core.address, "name": "Core"},
            "open": money("2500.00"),
            "overdue": money("0.00"),
        }
        assert await all_items(holder.http, f"/v1/exposures?debtor={market.core.address}") == [owed]
        assert await all_items(holder.http, f"/v1/exposures?debtor={next_one.address}") == []
        due = await market.today() + timedelta(days=45)
        assert await all_items(holder.http, "/v1/maturities") == [
            {"first_day": due.isoformat(), "open": money("2500.00")}
        ]
        for by, first in (("week", due - timedelta(days=due.weekday())), ("month", due.replace(day=1))):
            (rung,) = await all_items(holder.http, f"/v1/maturities?by={by}")
            assert rung == {"first_day": first.isoformat(), "open": money("2500.00")}

    async def test_a_debtor_has_what_it_owes_in_all_and_to_a_holder(self, market: Market) -> None:
        _, holder, _, _ = await passed_on(market, days=45)
        mine = f"debtor={market.core.address}"
        (all_of_it,) = await all_items(market.core.http, f"/v1/exposures?{mine}")
        assert cents(all_of_it["open"]) >= 10_000_00
        (to_one,) = await all_items(market.core.http, f"/v1/exposures?{mine}&holder={holder.address}")
        assert to_one["open"] == money("2500.00")
        ladder = await all_items(market.core.http, f"/v1/maturities?{mine}")
        assert sum(cents(rung["open"]) for rung in ladder) == cents(all_of_it["open"])
        (rung,) = await all_items(market.core.http, f"/v1/maturities?{mine}&holder={holder.address}")
        assert rung["open"] == money("2500.00")

    async def test_what_is_late_is_overdue(self, market: Market) -> None:
        _, holder, _, _ = await passed_on(market, days=2)
        await market.pass_seconds(4 * DAY_S)
        (owed,) = await all_items(holder.http, "/v1/exposures")
        assert (owed["open"], owed["overdue"]) == (money("2500.00"), money("2500.00"))

    async def test_an_auditor_sees_everybodys(self, market: Market) -> None:
        _, holder, _, lots = await passed_on(market)
        named = f"holder={holder.address}"
        (owed,) = await all_items(market.auditor, f"/v1/exposures?{named}")
        assert owed["open"] == money("2500.00")
        everything = await all_items(market.auditor, "/v1/exposures")
        assert {row["debtor"]["id"] for row in everything} >= {market.core.address}
        (row,) = await all_items(market.auditor, f"/v1/holdings?party={holder.address}")
        assert row["lot_id"] == lots[1]
        assert len(await all_items(market.auditor, "/v1/maturities?by=month")) >= 1


class TestStrangers:
    """Nobody asks for another's positions."""

    async def test_another_partys_positions_do_not_exist_for_anybody(self, market: Market) -> None:
        _, holder, next_one, _ = await passed_on(market)
        strangers = (next_one, market.first, market.bank, market.other_bank, market.core)
        for stranger in strangers:
            for question in QUESTIONS:
                name = "party" if question.startswith("holdings") else "holder"
                path = f"/v1/{question}?{name}={holder.address}"
                refusal(await stranger.http.get(path), 404, "not-found")

    async def test_what_a_debtor_owes_in_all_is_not_for_its_suppliers(self, market: Market) -> None:
        issued, holder, _, _ = await passed_on(market)
        assert issued["receivable_id"]
        named = f"debtor={market.core.address}"
        (owed,) = await all_items(holder.http, f"/v1/exposures?{named}")
        assert owed["open"] == money("2500.00")
        (rung,) = await all_items(holder.http, f"/v1/maturities?{named}&by=month")
        assert rung["open"] == money("2500.00")

    async def test_a_newcomer_finds_nothing(self, market: Market) -> None:
        await passed_on(market)
        newcomer = await market.system.admit("Nobody yet", roles=["bank"])
        for question in ("holdings", "exposures", "maturities"):
            assert await all_items(newcomer.http, f"/v1/{question}") == []
        assert ok(await newcomer.http.get("/v1/holdings/sums"), 200)["sums"] == []

    async def test_an_office_that_is_no_party_has_no_positions(self, market: Market) -> None:
        for office in (market.system.registrar, market.system.settlement_bank):
            for question in QUESTIONS:
                refusal(await office.get(f"/v1/{question}"), 404, "not-found")

    async def test_a_key_without_a_readers_scope_is_refused(self, market: Market) -> None:
        key = await mint_api_key(
            market.system.application, party=ZERO_ADDRESS, scopes=[Scope.SETTLE], label="desk"
        )
        caller = market.system.caller(key)
        for question in QUESTIONS:
            refusal(await caller.get(f"/v1/{question}"), 403, "scope-missing")
            refusal(await market.system.caller(None).get(f"/v1/{question}"), 401, "unauthenticated")

    @pytest.mark.parametrize(
        ("question", "query"),
        [
            *((question, "party=0x12&holder=0x12") for question in QUESTIONS),
            *((question, "limit=0&as_of=x&by=year") for question in QUESTIONS),
            *((question, "cursor=x.y.z") for question in QUESTIONS if question != "holdings/sums"),
        ],
    )
    async def test_a_malformed_question_is_refused_by_name(
        self, market: Market, question: str, query: str
    ) -> None:
        answer = await market.first.http.get(f"/v1/{question}?{query}")
        assert answer.status_code in (400, 422), answer.text
        assert answer.json()["code"] in ("bad-cursor", "validation-failed")
