"""Act 3: the supplier submits, debtor and supplier sign the same `Issue`, and nobody can do so twice."""

from functools import partial
from typing import Any, Final

from domain.calendar import due_instant
from domain.commitments import commitment
from domain.ids import ZERO_DIGEST
from domain.money import currency_of
from domain.parties import Power
from scripts.story.acts.lives import life_of
from scripts.story.books import Account
from scripts.story.cast import MAIN_RULE
from scripts.story.client import Refused
from scripts.story.narration import money
from scripts.story.papers import due_day, submission_day, term_days
from scripts.story.telling import Draft, Telling, Unexpected, is_refusal, receivable_ids
from scripts.story.timeline import instant
from scripts.story.variants import respelled, respelled_number

SUBMISSION_HOUR = 9

_STATUTORY_TERM: Final = "issue.statutory-term"
_AGREEMENT: Final = "We agree to be paid on {due}. 我方同意于 {due} 收款。"


def plan_issues(telling: Telling) -> None:
    """Every draft is submitted on the first day on which it is no prepayment."""
    telling.narrator.act("3-6", "Confirmed, passed on, financed, paid: day by day", "确权、转让、融资、兑付")
    telling.narrator.note(f"followed closely: {MAIN_RULE}")
    for bill in telling.cast.main:
        document = bill.document
        amount = money(document.payable_minor, document.currency)
        told = f"{document.number}, {amount}, {term_days(document)} days"
        telling.narrator.note(f"  {bill.seller} → {bill.buyer}: {told}")
    for draft in telling.drafts:
        day = submission_day(draft.bill.document)
        telling.timeline.at(instant(day, SUBMISSION_HOUR), partial(_issue_and_go_on, telling, draft))


async def _issue_and_go_on(telling: Telling, draft: Draft) -> None:
    try:
        account = await issue(telling, draft)
    except Refused as error:
        if not is_refusal(error):
            raise
        _tell_refusal(telling, draft, error)
        return
    if telling.is_main(draft.bill):
        await _try_duplicates(telling, draft)
    life_of(telling, account).plan()


async def issue(telling: Telling, draft: Draft) -> Account:
    """Make a draft a receivable, with everybody's signatures. Raises Refused where a rule forbids it."""
    bill = draft.bill
    took = await _submit(telling, draft)
    intent = await _confirm(telling, draft)
    receivable, lot = receivable_ids(await _sign(telling, draft, intent))
    account = telling.books.issue(receivable, lot, bill, due_instant(due_day(bill.document)))
    draft.account = account
    amount = money(bill.document.payable_minor, bill.document.currency)
    what = f"receivable {receivable}: {bill.buyer} owes {bill.seller} {amount} on {due_day(bill.document)}"
    telling.narrator.step("issue", "确权", what, took)
    return account


async def _submit(telling: Telling, draft: Draft) -> float:
    bill = draft.bill
    body: dict[str, Any] = {}
    if bill.paper.due_is_stated:
        due = due_day(bill.document).isoformat()
        body["due_on"] = due
        terms = bill.document.terms_text or "nothing"
        telling.narrator.note(
            f"{bill.document.number} names no due date ({terms!r}); {bill.seller} states {due}"
        )
    try:
        return await _hand_in(telling, draft, body)
    except Refused as error:
        if [rule for rule, _ in error.rules] != [_STATUTORY_TERM]:
            raise
        if telling.is_main(bill):
            _tell_extension(telling, draft, error)
    due = due_day(bill.document).isoformat()
    agreed_on = submission_day(bill.document).isoformat()
    telling.figures.extensions += 1
    extension = {"agreed_on": agreed_on, "text": _AGREEMENT.format(due=due)}
    return await _hand_in(telling, draft, {**body, "extension": extension})


async def _hand_in(telling: Telling, draft: Draft, body: dict[str, Any]) -> float:
    path = f"/v1/invoices/{draft.invoice_id}/submission"
    key = draft.bill.seller.one_with(Power.ACCEPT).api_key
    answer = await telling.client.post(key, path, body)
    draft.extension = answer.body["extension"]
    return answer.milliseconds


def _tell_extension(telling: Telling, draft: Draft, error: Refused) -> None:
    rule, place = error.rules[0]
    number, seller = draft.bill.document.number, draft.bill.seller
    telling.narrator.refused(f"{number} of {seller}", rule, place, str(error.problem.get("detail", "")))
    telling.narrator.note(f"{seller} agrees in writing to be paid on {due_day(draft.bill.document)}")


async def _confirm(telling: Telling, draft: Draft) -> Any:
    maker = draft.bill.buyer.one_with(Power.CONFIRM)
    path = f"/v1/invoices/{draft.invoice_id}/confirmation"
    return (await telling.client.post(maker.api_key, path)).body


async def _sign(telling: Telling, draft: Draft, intent: Any) -> Any:
    """Maker, checker and creditor, each over the same digest; all check what it says first."""
    bill, told = draft.bill, telling.is_main(draft.bill)
    agreed = {
        "debtor": bill.buyer.address,
        "creditor": bill.seller.address,
        "face": bill.document.payable_minor,
        "due": due_instant(due_day(bill.document)),
        "currency": currency_of(bill.document.currency).numeric,
        # whoever signs an extension has its words and checks that they are what the digest stands for
        "extension": commitment(draft.extension) if draft.extension else ZERO_DIGEST,
    }
    for person in bill.buyer.with_power(Power.CONFIRM)[: 2 if bill.buyer.checks_confirming else 1]:
        await telling.sign(bill.buyer, person, intent, agreed, told=told)
    return await telling.sign(bill.seller, bill.seller.one_with(Power.ACCEPT), intent, agreed, told=told)


async def _try_duplicates(telling: Telling, draft: Draft) -> None:
    """The same file again, and the same invoice in another spelling: both must be refused."""
    document, paper = draft.bill.document, draft.bill.paper
    await _must_be_duplicate(telling, draft, paper.content, document.number)
    other = respelled(paper.content, document.number)
    if other is not None:
        await _must_be_duplicate(telling, draft, other, respelled_number(document.number))


async def _must_be_duplicate(telling: Telling, draft: Draft, content: bytes, number: str) -> None:
    key = draft.bill.seller.one_with(Power.ACCEPT).api_key
    try:
        await telling.client.upload(key, "/v1/invoices", content)
    except Refused as error:
        if error.code != "invoice-duplicate":
            raise
        telling.figures.duplicates_refused += 1
        telling.narrator.refused(
            f"invoice {number!r} again", error.code, reason=str(error.problem.get("detail", ""))
        )
        return
    raise Unexpected(f"invoice {number!r} was taken a second time")


def _tell_refusal(telling: Telling, draft: Draft, error: Refused) -> None:
    rule, place = error.rules[0]
    telling.figures.not_issued[rule] += 1
    reason = str(error.problem.get("detail", ""))
    telling.narrator.refused(f"{draft.bill.document.number} of {draft.bill.seller}", rule, place, reason)
