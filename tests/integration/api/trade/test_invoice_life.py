"""The life of an invoice between supplier and buyer, before it is on the ledger."""

import pytest

from api.invoices.reading import read_invoice
from api.invoices.samples import INVOICE_XML
from tests.support.chain import DAY_S
from tests.support.stack import Market, ok, refusal

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def state_of(market: Market, invoice_id: str) -> str:
    return str(ok(await market.first.http.get(f"/v1/invoices/{invoice_id}"), 200)["state"])


async def test_signatures_confirm_and_accept(market: Market) -> None:
    invoice = await market.submitted()
    path = f"/v1/invoices/{invoice['id']}/confirmation"
    intent = ok(await market.core.http.post(path, {}))
    assert ok(await market.core.http.post(path, {}))["digest"] == intent["digest"]
    ok(await market.core.sign(intent["digest"], 0), 200)
    assert await state_of(market, invoice["id"]) == "checked"
    ok(await market.core.sign(intent["digest"], 1), 200)
    assert await state_of(market, invoice["id"]) == "confirmed"
    reject = {"reason_code": "other"}
    answer = await market.core.http.post(f"/v1/invoices/{invoice['id']}/rejection", reject)
    refusal(answer, 409, "invoice-state")
    listed = ok(await market.core.http.get("/v1/invoices?state=confirmed&role=buyer&limit=200"), 200)
    assert invoice["id"] in [row["id"] for row in listed["items"]]
    ok(await market.first.sign(intent["digest"]), 200)
    assert await state_of(market, invoice["id"]) == "issued"


async def test_the_creditor_may_decline_what_is_confirmed(market: Market) -> None:
    content = await market.invoice()
    draft = ok(await market.upload(content))
    ok(await market.first.http.post(f"/v1/invoices/{draft['id']}/submission", {}), 200)
    intent = ok(await market.core.http.post(f"/v1/invoices/{draft['id']}/confirmation", {}))
    for signer in (0, 1):
        ok(await market.core.sign(intent["digest"], signer), 200)
    ok(await market.first.http.post(f"/v1/intents/{intent['digest']}/withdrawal", {}), 200)
    assert await state_of(market, draft["id"]) == "declined"
    assert ok(await market.upload(content))["state"] == "draft"


async def test_a_confirmation_that_ran_out_frees_the_invoice(market: Market) -> None:
    invoice = await market.submitted()
    path = f"/v1/invoices/{invoice['id']}/confirmation"
    first = ok(await market.core.http.post(path, {}))
    await market.pass_seconds(2 * DAY_S)
    assert await state_of(market, invoice["id"]) == "checked"
    second = ok(await market.core.http.post(path, {}))
    assert second["digest"] != first["digest"]
    for signer in (0, 1):
        ok(await market.core.sign(second["digest"], signer), 200)
    await market.pass_seconds(2 * DAY_S)
    assert await state_of(market, invoice["id"]) == "expired"
    again = await market.first.http.post(f"/v1/invoices/{invoice['id']}/submission", {})
    assert ok(again, 200)["state"] == "checked"


async def test_a_rejection_voids_what_was_signed(market: Market) -> None:
    invoice = await market.submitted()
    intent = ok(await market.core.http.post(f"/v1/invoices/{invoice['id']}/confirmation", {}))
    ok(await market.core.sign(intent["digest"], 0), 200)
    body = {"reason_code": "wrong-amount", "text": "freight"}
    rejected = ok(await market.core.http.post(f"/v1/invoices/{invoice['id']}/rejection", body), 200)
    assert (rejected["state"], rejected["reason_code"]) == ("rejected", "wrong-amount")
    refusal(await market.core.sign(intent["digest"], 1), 409, "intent-not-open")


async def test_the_sample_of_the_description_is_an_invoice() -> None:
    document = read_invoice(INVOICE_XML.encode())
    assert document.payable_minor > 0
