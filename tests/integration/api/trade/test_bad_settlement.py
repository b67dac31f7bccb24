"""Bad payments, claims and credits over HTTP on the real stack: named, with the right status, and without
effect.
"""

import pytest

from tests.support.stack import Market, money, ok, refusal
from tests.support.unchanged import nothing_changes

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOBODY = "0x00000000000000000000000000000000000000AA"


class TestSettlement:
    """Payments, claims and cash."""

    async def test_nobody_pays_more_than_is_owed(self, market: Market) -> None:
        receivable = (await market.issue())["receivable_id"]
        async with nothing_changes(market.system):
            problem = refusal(await market.payment(receivable, "10000.01"), 409, "LedgerOverpaid")
        assert problem["values"]["owed"] == 1_000_000

    @pytest.mark.parametrize("amount", ["0.00", "-5.00"])
    async def test_a_payment_is_positive(self, market: Market, amount: str) -> None:
        receivable = (await market.issue())["receivable_id"]
        async with nothing_changes(market.system):
            refusal(await market.payment(receivable, amount), 422, "money.amount_out_of_range")

    async def test_only_the_debtor_pays(self, market: Market) -> None:
        receivable = (await market.issue())["receivable_id"]
        async with nothing_changes(market.system):
            refusal(await market.payment(receivable, "10.00", market.first), 403, "LedgerNotDebtor")
            refusal(await market.payment(receivable, "10.00", market.third), 404, "not-found")

    async def test_a_payment_signed_before_another_is_stale(self, market: Market) -> None:
        receivable = (await market.issue())["receivable_id"]
        late = ok(await market.payment(receivable, "100.00"))
        await market.pay(receivable, "200.00")
        refusal(await market.core.sign(late["digest"]), 409, "LedgerStalePayment")
        shown = ok(await market.core.http.get(f"/v1/receivables/{receivable}"), 200)
        assert shown["paid"] == money("200.00")

    async def test_nobody_claims_somebody_elses_lot(self, market: Market) -> None:
        issued = await market.issue()
        await market.pay(issued["receivable_id"], "10000.00")
        async with nothing_changes(market.system):
            answer = await market.second.http.post("/v1/claims", {"lot_ids": [issued["lot_id"]]})
            refusal(answer, 403, "not-your-lot")

    async def test_a_claim_lists_a_lot_once_and_needs_something_to_claim(self, market: Market) -> None:
        lot = (await market.issue())["lot_id"]
        async with nothing_changes(market.system):
            twice = await market.first.http.post("/v1/claims", {"lot_ids": [lot, lot]})
            refusal(twice, 422, "settlement.duplicate_claim")
            early = await market.first.http.post("/v1/claims", {"lot_ids": [lot]})
            refusal(early, 409, "LedgerNothingToClaim")
            none = await market.first.http.post("/v1/claims", {"lot_ids": []})
            refusal(none, 422, "validation-failed")
            many = await market.first.http.post("/v1/claims", {"lot_ids": [lot] * 101})
            refusal(many, 422, "validation-failed")

    async def test_a_receivable_that_is_not_late_is_not_flagged(self, market: Market) -> None:
        receivable = (await market.issue())["receivable_id"]
        async with nothing_changes(market.system):
            answer = await market.first.http.post(f"/v1/receivables/{receivable}/overdue-flag", {})
            refusal(answer, 409, "LedgerNotOverdue")

    async def test_a_credit_notice_counts_once(self, market: Market) -> None:
        body = {"party": market.bank.address, "amount": money("1.00"), "credit_ref": "CR-ONCE"}
        ok(await market.system.settlement_bank.post("/v1/cash-credits", body))
        async with nothing_changes(market.system):
            again = await market.system.settlement_bank.post("/v1/cash-credits", body)
            refusal(again, 409, "CashCreditRefUsed")

    async def test_cash_is_credited_to_known_parties_by_the_settlement_bank_only(
        self, market: Market
    ) -> None:
        body = {"party": NOBODY, "amount": money("1.00"), "credit_ref": "CR-NOBODY"}
        async with nothing_changes(market.system):
            answer = await market.system.settlement_bank.post("/v1/cash-credits", body)
            refusal(answer, 404, "PartiesUnknown")
            refusal(await market.bank.http.post("/v1/cash-credits", body), 403, "scope-missing")

    async def test_nobody_redeems_more_than_it_has(self, market: Market) -> None:
        body = {"amount": money("99999999.00"), "account_ref": "DE02120300000000202051"}
        async with nothing_changes(market.system):
            refusal(await market.bank.http.post("/v1/redemptions", body), 409, "CashInsufficient")
