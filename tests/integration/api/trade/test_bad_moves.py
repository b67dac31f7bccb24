"""Bad assignments and acceptances over HTTP on the real stack: named, with the right status, and without
effect.
"""

from typing import Any

import pytest

from tests.support.stack import Market, money, ok, refusal
from tests.support.unchanged import nothing_changes

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOBODY = "0x00000000000000000000000000000000000000AA"


class TestMoves:
    """Assignments: amounts, owners, receivers."""

    @pytest.mark.parametrize(
        ("amount", "status", "code"),
        [
            ("0.00", 422, "money.amount_out_of_range"),
            ("-1.00", 422, "money.amount_out_of_range"),
            ("1.001", 422, "money.amount_too_precise"),
            ("1e3", 422, "money.malformed_amount"),
            ("10000.01", 409, "LedgerAmountOverLot"),
            ("0.50", 422, "LedgerBelowMinimumLot"),
            ("9999.50", 422, "LedgerBelowMinimumLot"),
        ],
    )
    async def test_amounts_that_cannot_be_cut_are_refused(
        self, market: Market, amount: str, status: int, code: str
    ) -> None:
        lot = (await market.issue())["lot_id"]
        async with nothing_changes(market.system):
            refusal(await market.assignment(lot, market.first, market.second, amount), status, code)

    @pytest.mark.parametrize(
        ("currency", "code"), [("XYZ", "money.unknown_currency"), ("CNY", "money.currency_mismatch")]
    )
    async def test_another_currency_is_refused(self, market: Market, currency: str, code: str) -> None:
        lot = (await market.issue())["lot_id"]
        body = assignment_body(lot, market.second.address) | {"amount": money("10.00", currency)}
        async with nothing_changes(market.system):
            refusal(await market.first.http.post("/v1/assignments", body), 422, code)

    async def test_nobody_assigns_to_itself(self, market: Market) -> None:
        lot = (await market.issue())["lot_id"]
        async with nothing_changes(market.system):
            answer = await market.assignment(lot, market.first, market.first, "10.00")
            refusal(answer, 422, "LedgerSelfMove")

    async def test_nobody_assigns_what_is_not_its_own(self, market: Market) -> None:
        lot = (await market.issue())["lot_id"]
        async with nothing_changes(market.system):
            answer = await market.assignment(lot, market.second, market.third, "10.00")
            refusal(answer, 403, "LedgerNotOwner")

    async def test_an_unknown_receiver_is_refused(self, market: Market) -> None:
        lot = (await market.issue())["lot_id"]
        async with nothing_changes(market.system):
            answer = await market.first.http.post("/v1/assignments", assignment_body(lot, NOBODY))
            refusal(answer, 404, "PartiesUnknown")

    async def test_a_suspended_receiver_is_refused(self, market: Market) -> None:
        lot = (await market.issue())["lot_id"]
        member = await market.system.admit("Suspended", identifier="910000099")
        path = f"/v1/parties/{member.address}/suspension"
        ok(await market.system.registrar.post(path, {"reason": "found insolvent"}))
        async with nothing_changes(market.system):
            answer = await market.assignment(lot, market.first, member, "10.00")
            refusal(answer, 409, "PartiesNotActive")

    async def test_a_suspended_seller_submits_nothing(self, market: Market) -> None:
        draft = ok(await market.upload(await market.invoice()))
        standing = f"/v1/parties/{market.first.address}"
        ok(await market.system.registrar.post(f"{standing}/suspension", {"reason": "under review"}))
        try:
            async with nothing_changes(market.system):
                answer = await market.first.http.post(f"/v1/invoices/{draft['id']}/submission", {})
                refusal(answer, 409, "PartiesNotActive")
        finally:
            ok(await market.system.registrar.post(f"{standing}/reinstatement", {"reason": "cleared"}))

    async def test_a_lot_that_was_cut_since_is_stale_on_the_ledger(self, market: Market) -> None:
        lot = (await market.issue())["lot_id"]
        late = ok(await market.assignment(lot, market.first, market.second, "10.00"))
        await market.assign(lot, market.first, market.third, "20.00")
        ok(await market.first.sign(late["digest"]), 200)
        problem = refusal(await market.second.sign(late["digest"]), 409, "LedgerStaleLot")
        assert (problem["values"]["given"], problem["values"]["current"]) == (0, 1)
        assert ok(await market.first.http.get(f"/v1/lots/{lot}"), 200)["amount"] == money("9980.00")

    @pytest.mark.parametrize("lot", ["999", "0", "x", "99999999999999999999"])
    async def test_an_unknown_lot_is_refused(self, market: Market, lot: str) -> None:
        async with nothing_changes(market.system):
            answer = await market.first.http.post(
                "/v1/assignments", assignment_body(lot, market.second.address)
            )
            assert answer.status_code in (404, 422)
            assert answer.json()["code"] in ("LedgerUnknownLot", "not-found", "validation-failed")


def assignment_body(lot: str, to: str) -> dict[str, Any]:
    """A request that is right but for what a test changes."""
    evidence = {"kind": "purchase-contract", "reference": "PC"}
    return {"lot_id": lot, "to": to, "amount": money("10.00"), "evidence": evidence}


class TestQuotes:
    """Offers and their acceptance."""

    async def test_a_quote_on_a_lot_that_was_cut_since_is_stale(self, market: Market) -> None:
        lot = (await market.issue())["lot_id"]
        quote = await market.quote(await market.request_quotes(lot, market.first, "1000.00"), market.bank)
        await market.assign(lot, market.first, market.second, "20.00")
        async with nothing_changes(market.system):
            problem = refusal(await market.accept(quote, market.first), 409, "LedgerStaleLot")
        assert problem["values"]["current"] == 1

    async def test_a_quote_without_the_banks_signature_is_not_accepted(self, market: Market) -> None:
        lot = (await market.issue())["lot_id"]
        request = await market.request_quotes(lot, market.first, "1000.00")
        quote = await market.quote(request, market.bank, sign=False)
        async with nothing_changes(market.system):
            refusal(await market.accept(quote, market.first), 409, "quote-not-signed")

    async def test_a_quote_is_accepted_once_and_the_others_lapse(self, market: Market) -> None:
        lot = (await market.issue())["lot_id"]
        request = await market.request_quotes(lot, market.first, "1000.00")
        quotes = [await market.quote(request, bank) for bank in (market.bank, market.other_bank)]
        ok(await market.accept(quotes[0], market.first))
        async with nothing_changes(market.system):
            for quote in quotes:
                refusal(await market.accept(quote, market.first), 409, "quote-not-open")
            answer = await market.bank.http.post(f"/v1/quote-requests/{request}/quotes", {"rate_ppm": 1})
            refusal(answer, 409, "quote-request-closed")

    async def test_another_partys_quote_is_not_there_to_accept(self, market: Market) -> None:
        lot = (await market.issue())["lot_id"]
        quote = await market.quote(await market.request_quotes(lot, market.first, "1000.00"), market.bank)
        async with nothing_changes(market.system):
            refusal(await market.accept(quote, market.second), 404, "not-found")

    async def test_a_bank_does_not_see_its_competitors_quotes(self, market: Market) -> None:
        lot = (await market.issue())["lot_id"]
        request = await market.request_quotes(lot, market.first, "1000.00")
        for bank in (market.bank, market.other_bank):
            await market.quote(request, bank)
        listed = ok(await market.bank.http.get(f"/v1/quote-requests/{request}/quotes"), 200)
        assert {row["bank"]["id"] for row in listed} == {market.bank.address}

    async def test_a_supplier_does_not_quote(self, market: Market) -> None:
        lot = (await market.issue())["lot_id"]
        request = await market.request_quotes(lot, market.first, "1000.00")
        async with nothing_changes(market.system):
            answer = await market.second.http.post(f"/v1/quote-requests/{request}/quotes", {"rate_ppm": 1})
            refusal(answer, 403, "PartiesRoleMissing")

    async def test_fees_go_to_one_receiver(self, market: Market) -> None:
        lot = (await market.issue())["lot_id"]
        request = await market.request_quotes(lot, market.first, "1000.00")
        fees = [
            {"label": "Fee", "label_zh": "费用", "receiver": member.address, "amount": money("1.00")}
            for member in (market.bank, market.second)
        ]
        body = {"rate_ppm": 1, "fees": fees}
        async with nothing_changes(market.system):
            answer = await market.bank.http.post(f"/v1/quote-requests/{request}/quotes", body)
            refusal(answer, 422, "fees-one-receiver")
