"""Act 6: the debtor pays once, whoever holds the lots by then; each holder draws its share, to the cent."""

from typing import Final

from domain.calendar import date_of
from domain.money import format_amount, parse_amount
from domain.parties import Power
from domain.settlement import PaidThrough, accrue, claimable
from scripts.story.acts.credits import credit
from scripts.story.books import Account, Holding
from scripts.story.narration import money
from scripts.story.people import Member, Part
from scripts.story.telling import Telling, Unexpected, result_of

_NOTHING: Final = PaidThrough()


async def pay(telling: Telling, account: Account, part: int, parts: int) -> None:
    """The debtor pays `part / parts` of what it owes today, interest first."""
    debtor, currency, now_s = account.bill.buyer, account.currency, telling.timeline.now_s
    owed = accrue(account.debt, now_s)
    total = owed.principal_owed + owed.interest_owed
    await _check_payoff(telling, account, total)
    amount = total * part // parts
    await credit(telling, debtor, currency, amount)
    treasurer = debtor.one_with(Power.PAY)
    body = {
        "receivable_id": str(account.receivable),
        "amount": {"amount": format_amount(amount, currency), "currency": currency},
    }
    prepared = await telling.client.post(treasurer.api_key, "/v1/payments", body)
    agreed = {"debtor": debtor.address, "receivable": account.receivable, "amount": amount}
    told = telling.is_main(account.bill)
    result_of(await telling.sign(debtor, treasurer, prepared.body, agreed, told=told))
    split = telling.books.pay(account, amount, now_s)
    interest = f", {money(split.interest, currency)} of it interest" if split.interest else ""
    what = f"{debtor} pays {money(amount, currency)} on receivable {account.receivable}{interest}"
    telling.narrator.step("pay", "付款", what, prepared.milliseconds)


async def claim_all(telling: Telling, account: Account) -> None:
    """Every holder draws its share of what was paid in."""
    for owner, holdings in _by_owner(account).items():
        member = holdings[0].owner
        key = _claimant(member)
        body = {"lot_ids": [str(holding.lot) for holding in holdings]}
        answer = await telling.client.post(key, "/v1/claims", body)
        amount = sum(telling.books.claim(account, holding) for holding in holdings)
        if telling.is_main(account.bill):
            what = f"{member} receives {money(amount, account.currency)} for {_lots(holdings)}"
            telling.narrator.step("claim", "领取", what, answer.milliseconds)
        del owner


async def flag_overdue(telling: Telling, account: Account) -> None:
    """Anybody may say what everybody can see: due and not paid. The debtor cannot issue until it pays."""
    creditor = account.bill.seller
    path = f"/v1/receivables/{account.receivable}/overdue-flag"
    answer = await telling.client.post(creditor.one_with(Power.ACCEPT).api_key, path)
    what = f"receivable {account.receivable} is overdue; {account.bill.buyer} cannot issue until it has paid"
    telling.narrator.step("flag", "逾期标记", what, answer.milliseconds)


async def _check_payoff(telling: Telling, account: Account, total: int) -> None:
    """What the service says is owed must be what the books say."""
    key = account.bill.buyer.one_with(Power.PAY).api_key
    day = date_of(telling.timeline.now_s).isoformat()
    answer = await telling.client.get(key, f"/v1/receivables/{account.receivable}/payoff", on=day)
    stated = parse_amount(answer.body["total"]["amount"], account.currency)
    if stated != total:
        raise Unexpected(
            f"receivable {account.receivable}: {stated} owed by the service, {total} by the books"
        )


def _by_owner(account: Account) -> dict[int, list[Holding]]:
    """Lots with something to draw, by owner."""
    found: dict[int, list[Holding]] = {}
    for holding in account.live():
        share = claimable(holding.serials, account.debt.face, account.paid, holding.claimed)
        if share != _NOTHING:
            found.setdefault(id(holding.owner), []).append(holding)
    return found


def _claimant(member: Member) -> str:
    power = Power.FINANCE if Part.BANK in member.parts else Power.ACCEPT
    return member.one_with(power).api_key


def _lots(holdings: list[Holding]) -> str:
    serials = [f"[{holding.serials.first}, {holding.serials.end})" for holding in holdings]
    return f"serials {', '.join(serials)}"
