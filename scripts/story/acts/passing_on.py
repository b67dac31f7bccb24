"""Act 4: a supplier pays its own supplier with part of what it holds, against a trade of their own."""

from domain.ids import LotId
from domain.money import format_amount
from domain.parties import Power
from scripts.story.books import Account, Holding
from scripts.story.narration import money
from scripts.story.people import Member
from scripts.story.telling import Telling, result_of


async def pass_on(
    telling: Telling, account: Account, holding: Holding, to: Member, amount_minor: int
) -> Holding:
    """Cut part of a lot off and pass it on; owner and receiver sign. The new lot."""
    owner = holding.owner
    reference = f"PC-{account.receivable}-{len(account.holdings):03d}"
    body = {
        "lot_id": str(holding.lot),
        "to": to.address,
        "amount": {"amount": format_amount(amount_minor, account.currency), "currency": account.currency},
        "evidence": {"kind": "purchase-contract", "reference": reference, "text": f"{owner} buys from {to}"},
    }
    amount = money(amount_minor, account.currency)
    prepared = await telling.client.post(owner.one_with(Power.ASSIGN).api_key, "/v1/assignments", body)
    what = f"{owner} passes {amount} of receivable {account.receivable} on to {to}, evidence {reference}"
    telling.narrator.step("assign", "转让", what, prepared.milliseconds)
    agreed = {"owner": owner.address, "to": to.address, "lot": holding.lot, "amount": amount_minor}
    await telling.sign(owner, owner.one_with(Power.ASSIGN), prepared.body, agreed)
    intent = await telling.sign(to, to.one_with(Power.ACCEPT), prepared.body, agreed)
    child = LotId(int(result_of(intent)["lot_id"]))
    return telling.books.move(account, holding.lot, child, to, amount_minor)
