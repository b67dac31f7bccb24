"""A large buyer pays a small supplier within the statutory term, unless the supplier signs an extension."""

import hashlib
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from domain.calendar import due_instant
from domain.commitments import commitment
from tests.support.api import running_system, settings_for
from tests.support.chain import fresh_ledger
from tests.support.invoices import PartyText
from tests.support.stack import Market, ok, refusal, result_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

LAST_DAY = 59
"""Days from today to the last day of the statutory term: the market's goods were delivered yesterday."""
AGREEMENT = "Payment on the stated due date is agreed. 同意按所列到期日收款。"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def classed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Market]:
    """A market under the rules of China whose core is a large buyer and whose suppliers are small."""
    folder = tmp_path_factory.mktemp("classed")
    async with fresh_ledger() as ledger:
        settings = settings_for(folder, ledger).model_copy(update={"rule_set": "cn"})
        async with running_system(folder, ledger, settings=settings) as system:
            yield await Market.open(system, buyer_class=["large_buyer"], supplier_class=["small_supplier"])


async def draft_of(market: Market, days: int, **changes: Any) -> str:
    return str(ok(await market.upload(await market.invoice(days=days, **changes)))["id"])


async def submit(market: Market, invoice_id: str, extension: dict[str, str] | None = None) -> httpx.Response:
    body = {"extension": extension} if extension else {}
    return await market.first.http.post(f"/v1/invoices/{invoice_id}/submission", body)


async def agreement(market: Market, **changes: str) -> dict[str, str]:
    return {"agreed_on": (await market.today()).isoformat(), "text": AGREEMENT} | changes


async def confirmation(market: Market, invoice_id: str) -> dict[str, Any]:
    intent: dict[str, Any] = ok(await market.core.http.post(f"/v1/invoices/{invoice_id}/confirmation", {}))
    return intent


async def sign_all(market: Market, digest: str) -> dict[str, Any]:
    for signer in (0, 1):
        ok(await market.core.sign(digest, signer), 200)
    return result_of(ok(await market.first.sign(digest), 200))


def words_of(intent: dict[str, Any]) -> dict[str, str]:
    return {line["label_zh"]: line["value"] for line in intent["summary"]}


async def delivered_on(market: Market) -> date:
    return await market.today() - timedelta(days=1)


async def test_a_due_date_beyond_the_term_is_refused_by_its_rule_before_anybody_signs(
    classed: Market,
) -> None:
    invoice_id = await draft_of(classed, LAST_DAY + 1)
    document = refusal(await submit(classed, invoice_id), 422, "rules-breached")
    (breach,) = document["breaches"]
    assert (breach["rule"], breach["place"]) == ("issue.statutory-term", "due_date")
    assert "802" in breach["source"]
    assert ok(await classed.first.http.get(f"/v1/invoices/{invoice_id}"), 200)["state"] == "draft"


async def test_the_last_day_of_the_term_needs_no_extension(classed: Market) -> None:
    invoice_id = await draft_of(classed, LAST_DAY)
    assert ok(await submit(classed, invoice_id), 200)["extension"] is None
    intent = await confirmation(classed, invoice_id)
    assert int(intent["typed_data"]["message"]["extension"], 16) == 0
    assert "延期同意内容" not in words_of(intent)
    await sign_all(classed, intent["digest"])


async def test_a_signed_extension_carries_the_due_date_over_the_term_to_the_ledger(classed: Market) -> None:
    invoice_id = await draft_of(classed, LAST_DAY + 30)
    submitted = ok(await submit(classed, invoice_id, await agreement(classed)), 200)
    kept = submitted["extension"]
    assert (kept["debtor"], kept["creditor"]) == (classed.core.address, classed.first.address)
    assert kept["due_on"] == submitted["due_on"]

    intent = await confirmation(classed, invoice_id)
    message, words = intent["typed_data"]["message"], words_of(intent)
    assert message["extension"] == commitment(kept)
    assert message["deliveredAt"] == due_instant(await delivered_on(classed))
    assert words["交付日"] == (await delivered_on(classed)).isoformat()
    assert words["供应商同意超过法定付款期限收款，自交付起天数"] == "90"
    assert (words["延期同意日期"], words["延期同意内容"]) == (kept["agreed_on"], AGREEMENT)

    issued = await sign_all(classed, intent["digest"])
    receivable = ok(await classed.core.http.get(f"/v1/receivables/{issued['receivable_id']}"), 200)
    assert (receivable["state"], receivable["due_on"]) == ("active", submitted["due_on"])


async def test_an_agreement_kept_elsewhere_is_named_by_its_digest(classed: Market) -> None:
    digest = hashlib.sha256(AGREEMENT.encode()).hexdigest()
    today = (await classed.today()).isoformat()
    invoice_id = await draft_of(classed, LAST_DAY + 1)
    body = {"agreed_on": today, "text_sha256": digest}
    kept = ok(await submit(classed, invoice_id, body), 200)["extension"]
    assert (kept["text"], kept["text_sha256"]) == (None, digest)
    assert words_of(await confirmation(classed, invoice_id))["延期同意内容"] == f"SHA-256 {digest}"


async def test_a_text_is_kept_with_its_digest(classed: Market) -> None:
    invoice_id = await draft_of(classed, LAST_DAY + 1)
    kept = ok(await submit(classed, invoice_id, await agreement(classed)), 200)["extension"]
    assert kept["text_sha256"] == hashlib.sha256(AGREEMENT.encode()).hexdigest()


@pytest.mark.parametrize(
    "changes", [{"text_sha256": "ab" * 32}, {"text": ""}, {"agreed_on": "soon"}], ids=["both", "empty", "day"]
)
async def test_an_extension_that_says_nothing_definite_is_refused(
    classed: Market, changes: dict[str, str]
) -> None:
    invoice_id = await draft_of(classed, LAST_DAY + 1)
    answer = await submit(classed, invoice_id, await agreement(classed, **changes))
    refusal(answer, 422, "validation-failed")


async def test_an_extension_cannot_be_agreed_on_tomorrow(classed: Market) -> None:
    tomorrow = (await classed.today() + timedelta(days=1)).isoformat()
    invoice_id = await draft_of(classed, LAST_DAY + 1)
    answer = await submit(classed, invoice_id, await agreement(classed, agreed_on=tomorrow))
    refusal(answer, 422, "extension-in-future")


async def test_an_extension_ends_with_the_submission_that_it_was_for(classed: Market) -> None:
    invoice_id = await draft_of(classed, LAST_DAY + 1)
    ok(await submit(classed, invoice_id, await agreement(classed)), 200)
    path = f"/v1/invoices/{invoice_id}/rejection"
    ok(await classed.core.http.post(path, {"reason_code": "wrong-terms"}), 200)
    refusal(await submit(classed, invoice_id), 422, "rules-breached")


async def test_a_buyer_that_is_not_large_may_agree_on_any_term_of_the_rule_set(classed: Market) -> None:
    await classed.system.admit("Ordinary", roles=["debtor"], identifier="910000009")
    buyer = PartyText(name="Ordinary", registration=("", "910000009"))
    invoice_id = await draft_of(classed, LAST_DAY + 30, buyer=buyer)
    assert ok(await submit(classed, invoice_id), 200)["state"] == "checked"


async def test_classes_are_shown_with_the_roles_of_a_party(classed: Market) -> None:
    shown = ok(await classed.first.http.get(f"/v1/parties/{classed.core.address}"), 200)
    assert shown["roles"] == ["debtor", "large_buyer"]
    registry = await classed.system.admit("Other Register", roles=["registry"])
    assert ok(await registry.http.get(f"/v1/parties/{registry.address}"), 200)["roles"] == ["registry"]
