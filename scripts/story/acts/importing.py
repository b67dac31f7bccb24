"""Act 2: every file is brought in by its seller, and becomes a draft or is refused by rule and place."""

from scripts.story.cast import Bill
from scripts.story.client import Refused
from scripts.story.narration import money
from scripts.story.papers import Paper, term_days
from scripts.story.people import Part
from scripts.story.telling import Draft, Telling, Unexpected, is_refusal


async def import_all(telling: Telling, papers: list[Paper]) -> None:
    """Upload every file as it is; the summary tables say what became of it."""
    telling.narrator.act("2", "Invoices", "发票")
    bills = {id(bill.paper): bill for bill in telling.cast.bills}
    refusals: list[tuple[str, str, str]] = []
    for paper in papers:
        bill = bills.get(id(paper))
        # A file that names no seller we can read comes from whoever is first: it is refused for what it is.
        seller = bill.seller if bill else telling.cast.one(Part.TIER_2)
        try:
            answer = await telling.client.upload(seller.api_key, "/v1/invoices", paper.content)
        except Refused as error:
            _note_refusal(telling, paper, error, refusals)
            continue
        telling.figures.read += 1
        telling.figures.import_ms.append(answer.milliseconds)
        _note_draft(telling, answer.body, bill)
    _summarise(telling, refusals)


def _note_draft(telling: Telling, body: dict[str, object], bill: Bill | None) -> None:
    if bill is None:
        raise Unexpected(f"{body['number']} was taken although it cannot become a receivable")
    payable = body["payable"]
    wanted = {
        "amount": money(bill.document.payable_minor, bill.document.currency).split()[1].replace(",", "")
    }
    if not isinstance(payable, dict) or payable["amount"] != wanted["amount"]:
        raise Unexpected(f"{bill.paper.name}: the draft says {payable}, the file {wanted['amount']}")
    telling.drafts.append(Draft(str(body["id"]), bill))


def _note_refusal(
    telling: Telling, paper: Paper, error: Refused, refusals: list[tuple[str, str, str]]
) -> None:
    if not is_refusal(error):
        raise error
    telling.figures.refused[error.rules[0][0]] += 1
    rules = error.rules
    place = rules[0][1] or str(error.problem.get("detail", ""))
    more = f" (and {len(rules) - 1} more)" if len(rules) > 1 else ""
    refusals.append((paper.name, rules[0][0] + more, place))


def _summarise(telling: Telling, refusals: list[tuple[str, str, str]]) -> None:
    rows = [
        (
            draft.bill.paper.name,
            draft.bill.document.number,
            draft.bill.seller.name,
            draft.bill.buyer.name,
            money(draft.bill.document.payable_minor, draft.bill.document.currency),
            draft.bill.document.issued_on.isoformat(),
            _due(draft.bill),
        )
        for draft in telling.drafts
    ]
    columns = ("file", "number 号码", "seller 卖方", "buyer 买方", "payable 应付", "issued 开票", "due 到期")
    telling.narrator.table(f"{len(rows)} read 已读取", columns, rows)
    refused = f"{len(refusals)} refused 已拒绝"
    telling.narrator.table(refused, ("file", "rule 规则", "place 位置"), refusals)


def _due(bill: Bill) -> str:
    if bill.document.due_on is None:
        return "not stated 未载明"
    return f"{bill.document.due_on} ({term_days(bill.document)} d)"
