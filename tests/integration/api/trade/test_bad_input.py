"""Bad input over HTTP on the real stack: the right status, a named problem, and nothing changed."""

from datetime import timedelta
from typing import Any

import pytest

from chain.signers import LocalSigner
from domain.ids import Digest
from tests.support.invoices import PartyText, ubl_credit_note
from tests.support.stack import XML, Market, money, ok, refusal
from tests.support.unchanged import nothing_changes

pytestmark = pytest.mark.asyncio(loop_scope="session")

BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><Invoice>&c;</Invoice>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&secret;</Invoice>"""


class TestFiles:
    """What is uploaded."""

    @pytest.mark.parametrize(
        ("content", "rule"),
        [
            (b"<Invoice><unclosed></Invoice>", "malformed-xml"),
            (BOMB, "dtd-forbidden"),
            (EXTERNAL, "dtd-forbidden"),
            (b"", "empty"),
            (b'{"invoice": 1}', "json-not-xml"),
            (b"\x00\x01\x02", "not-xml"),
            (b"<Order/>", "unknown-root"),
            (ubl_credit_note(), "credit-note"),
        ],
        ids=["malformed", "bomb", "external", "empty", "json", "binary", "other", "credit-note"],
    )
    async def test_a_file_that_is_no_invoice_is_refused_by_rule(
        self, market: Market, content: bytes, rule: str
    ) -> None:
        async with nothing_changes(market.system):
            problem = refusal(await market.upload(content), 422, "invoice-refused")
        assert rule in [found["rule"] for found in problem["refusals"]]
        assert "root:" not in str(problem)

    async def test_fifty_megabytes_are_refused_before_they_are_read(self, market: Market) -> None:
        async with nothing_changes(market.system):
            refusal(await market.upload(b"<" + b"x" * 50_000_000), 413, "body-too-large")

    async def test_fifty_megabytes_without_a_length_are_cut_off(self, market: Market) -> None:
        async def chunks() -> Any:
            for _ in range(50):
                yield b"x" * 1_000_000

        async with nothing_changes(market.system):
            answer = await market.first.http.post("/v1/invoices", content=chunks(), headers=XML)
            refusal(answer, 413, "body-too-large")

    @pytest.mark.parametrize("media_type", ["application/json", "application/pdf", "text/plain", ""])
    async def test_another_content_type_is_refused(self, market: Market, media_type: str) -> None:
        content = await market.invoice()
        headers = {"Content-Type": media_type}
        async with nothing_changes(market.system):
            answer = await market.first.http.post("/v1/invoices", content=content, headers=headers)
            refusal(answer, 415, "unsupported-media-type")

    async def test_somebody_elses_invoice_is_refused(self, market: Market) -> None:
        content = await market.invoice()
        async with nothing_changes(market.system):
            refusal(await market.upload(content, market.second), 403, "not-your-invoice")

    async def test_an_invoice_in_an_unknown_currency_is_refused(self, market: Market) -> None:
        content = await market.invoice(currency="XTS")
        async with nothing_changes(market.system):
            refusal(await market.upload(content), 422, "invoice-refused")


class TestDuplicates:
    """One invoice, one financing."""

    @pytest.mark.parametrize(
        "spelling",
        ["abc-{n}", "ABC-{n}", " abc {n} ", "ａｂｃ－{n}", "a\u200bbc-{n}", "abc{n}"],
        ids=["same", "case", "spaces", "full-width", "zero-width", "no-separator"],
    )
    async def test_the_same_invoice_in_another_spelling_is_refused(
        self, market: Market, spelling: str, request: pytest.FixtureRequest
    ) -> None:
        number = f"{abs(hash(request.node.name)) % 10**9}"
        ok(await market.upload(await market.invoice(number=f"abc-{number}")))
        again = await market.invoice(number=spelling.format(n=number), payable="9999.00")
        async with nothing_changes(market.system):
            problem = refusal(await market.upload(again), 409, "invoice-duplicate")
        assert problem["state"] == "draft"

    async def test_an_issued_invoice_is_refused(self, market: Market) -> None:
        issued = await market.issue(number="ONCE-1")
        async with nothing_changes(market.system):
            again = await market.upload(await market.invoice(number="once 1"))
            assert refusal(again, 409, "invoice-duplicate")["state"] == "issued"
        assert issued["invoice_id"]

    async def test_a_rejected_invoice_may_come_again(self, market: Market) -> None:
        content = await market.invoice(number="AGAIN-1")
        draft = ok(await market.upload(content))
        ok(await market.first.http.post(f"/v1/invoices/{draft['id']}/submission", {}), 200)
        body = {"reason_code": "wrong-amount", "text": "the freight was agreed to be ours"}
        rejected = await market.core.http.post(f"/v1/invoices/{draft['id']}/rejection", body)
        assert ok(rejected, 200)["state"] == "rejected"
        assert ok(await market.upload(content))["state"] == "draft"
        again = await market.first.http.post(f"/v1/invoices/{draft['id']}/submission", {})
        refusal(again, 409, "invoice-duplicate")


class TestSubmission:
    """What the rules and the register of parties refuse."""

    async def _refused(self, market: Market, content: bytes, status: int, code: str) -> dict[str, Any]:
        draft = ok(await market.upload(content))
        async with nothing_changes(market.system):
            answer = await market.first.http.post(f"/v1/invoices/{draft['id']}/submission", {})
            return refusal(answer, status, code)

    async def test_a_buyer_that_is_not_admitted_is_named(self, market: Market) -> None:
        stranger = PartyText(name="Stranger", registration=("", "999999999"))
        problem = await self._refused(market, await market.invoice(buyer=stranger), 409, "buyer-not-admitted")
        assert problem["identifiers"] == ["NATIONAL:CN:999999999"]
        await market.system.admit("Stranger", roles=["debtor"], identifier="999999999")
        drafts = ok(await market.first.http.get("/v1/invoices?state=draft&limit=200"), 200)["items"]
        (draft,) = [row["id"] for row in drafts if row["buyer_name"] == "Stranger"]
        submitted = ok(await market.first.http.post(f"/v1/invoices/{draft}/submission", {}), 200)
        assert submitted["buyer"]["name"] == "Stranger"

    @pytest.mark.parametrize(("days", "rule"), [(-1, "issue.due-in-past"), (5000, "issue.term-days")])
    async def test_a_due_date_past_or_too_far_is_refused(self, market: Market, days: int, rule: str) -> None:
        problem = await self._refused(market, await market.invoice(days=days), 422, "rules-breached")
        assert [breach["rule"] for breach in problem["breaches"]] == [rule]

    async def test_an_invoice_dated_after_today_is_a_prepayment(self, market: Market) -> None:
        tomorrow = (await market.today() + timedelta(days=1)).isoformat()
        content = await market.invoice(issued_on=tomorrow, delivered_on="")
        problem = await self._refused(market, content, 422, "rules-breached")
        assert problem["breaches"][0]["rule"] == "issue.prepayment"

    async def test_a_missing_due_date_has_to_be_stated_and_a_given_one_stays(self, market: Market) -> None:
        draft = ok(await market.upload(await market.invoice(due_on="")))
        path = f"/v1/invoices/{draft['id']}/submission"
        async with nothing_changes(market.system):
            refusal(await market.first.http.post(path, {}), 422, "due-on-missing")
        stated = (await market.today() + timedelta(days=30)).isoformat()
        assert ok(await market.first.http.post(path, {"due_on": stated}), 200)["due_on"] == stated
        other = ok(await market.upload(await market.invoice()))
        async with nothing_changes(market.system):
            answer = await market.first.http.post(
                f"/v1/invoices/{other['id']}/submission", {"due_on": stated}
            )
            refusal(answer, 422, "due-on-differs")

    async def test_an_invoice_used_up_elsewhere_is_refused(self, market: Market) -> None:
        """The same invoice was issued through another relayer, past this service."""
        content = await market.invoice(number="ELSEWHERE-1")
        draft = ok(await market.upload(content))
        await market.issue_past_the_service(draft)
        async with nothing_changes(market.system):
            answer = await market.first.http.post(f"/v1/invoices/{draft['id']}/submission", {})
            problem = refusal(answer, 409, "InvoicesOverused")
        assert problem["values"]["used"] == draft_minor(draft)


def draft_minor(draft: dict[str, Any]) -> int:
    """The payable of a draft in cents."""
    return int(draft["payable"]["amount"].replace(".", ""))


class TestSignatures:
    """Who signs what, how often, until when."""

    async def _confirmation(self, market: Market) -> str:
        invoice = await market.submitted()
        path = f"/v1/invoices/{invoice['id']}/confirmation"
        return str(ok(await market.core.http.post(path, {}))["digest"])

    async def test_a_missing_signature_is_refused(self, market: Market) -> None:
        digest = await self._confirmation(market)
        async with nothing_changes(market.system):
            for body in ({}, {"signature": ""}, {"signature": "0x12"}):
                answer = await market.core.http.post(f"/v1/intents/{digest}/signatures", body)
                refusal(answer, 422, "validation-failed")

    async def test_a_strangers_signature_is_refused(self, market: Market) -> None:
        digest = await self._confirmation(market)
        forged = "0x" + LocalSigner.generate().sign_digest(Digest(digest)).hex()
        async with nothing_changes(market.system):
            answer = await market.core.http.post(f"/v1/intents/{digest}/signatures", {"signature": forged})
            refusal(answer, 422, "PartiesSignerUnknown")

    async def test_a_signature_over_something_else_is_refused(self, market: Market) -> None:
        digest, other = await self._confirmation(market), await self._confirmation(market)
        body = {"signature": market.core.signature(other)}
        async with nothing_changes(market.system):
            answer = await market.core.http.post(f"/v1/intents/{digest}/signatures", body)
            refusal(answer, 422, "PartiesSignerUnknown")

    async def test_one_maker_does_not_sign_twice(self, market: Market) -> None:
        digest = await self._confirmation(market)
        ok(await market.core.sign(digest, 0), 200)
        async with nothing_changes(market.system):
            refusal(await market.core.sign(digest, 0), 409, "PartiesSignersNotAscending")

    async def test_a_party_that_is_not_named_does_not_sign(self, market: Market) -> None:
        digest = await self._confirmation(market)
        async with nothing_changes(market.system):
            refusal(await market.third.sign(digest), 403, "intent-not-yours")

    async def test_a_complete_intent_is_not_signed_again(self, market: Market) -> None:
        issued = await market.issue()
        invoice = ok(await market.first.http.get(f"/v1/invoices/{issued['invoice_id']}"), 200)
        async with nothing_changes(market.system):
            refusal(await market.first.sign(invoice["intent_digest"]), 409, "intent-not-open")

    async def test_an_expired_intent_is_refused(self, market: Market) -> None:
        issued = await market.issue()
        request = await market.request_quotes(issued["lot_id"], market.first, "1000.00")
        quote = await market.quote(request, market.bank, valid_for_seconds=60)
        await market.pass_seconds(120)
        async with nothing_changes(market.system):
            refusal(await market.accept(quote, market.first), 409, "IntentExpired")
        listed = ok(await market.first.http.get(f"/v1/quote-requests/{request}/quotes"), 200)
        assert [(row["acceptable"], row["reason"]) for row in listed] == [(False, "the offer has expired")]


class TestUnknownFields:
    """A field that nobody knows is refused, never ignored."""

    @pytest.mark.parametrize(
        "path",
        ["/v1/assignments", "/v1/financings", "/v1/payments", "/v1/claims", "/v1/redemptions"],
    )
    async def test_commands_refuse_unknown_fields(self, market: Market, path: str) -> None:
        async with nothing_changes(market.system):
            problem = refusal(await market.first.http.post(path, {"surprise": 1}), 422, "validation-failed")
        faults = {(fault["place"], fault["code"]) for fault in problem["errors"]}
        assert ("/surprise", "unknown-field") in faults

    @pytest.mark.parametrize("control", ["\x00", "\x1b[31m", "\u202e", "\u2067", "\x9b"])
    async def test_text_with_a_control_character_is_refused(self, market: Market, control: str) -> None:
        body = {"amount": money("1.00"), "account_ref": f"DE02{control}"}
        async with nothing_changes(market.system):
            problem = refusal(await market.bank.http.post("/v1/redemptions", body), 422, "validation-failed")
        assert problem["errors"][0]["place"] == "/account_ref"

    async def test_a_submission_refuses_unknown_fields(self, market: Market) -> None:
        draft = ok(await market.upload(await market.invoice()))
        async with nothing_changes(market.system):
            for step in ("submission", "confirmation", "rejection"):
                member = market.first if step == "submission" else market.core
                path = f"/v1/invoices/{draft['id']}/{step}"
                answer = await member.http.post(path, {"payable": "1.00"})
                refusal(answer, 422, "validation-failed")
