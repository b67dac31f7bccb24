"""Act 5: both banks quote with the whole cost shown, the best is taken, title and cash move together."""

import time
from typing import Any, Final

from domain.ids import LotId
from domain.money import format_amount, parse_amount
from domain.parties import Power
from domain.pricing import verify_cost_sheet
from scripts.story.acts.credits import credit
from scripts.story.books import Account, Holding
from scripts.story.client import sign_intent
from scripts.story.narration import money
from scripts.story.people import Member, Part
from scripts.story.telling import CashTiming, Telling, Unexpected

_OFFERS: Final[tuple[dict[str, Any], ...]] = (
    {"rate_ppm": 31_500, "day_count": 360, "fee_minor": 0},
    {"rate_ppm": 30_000, "day_count": 365, "fee_minor": 2_000},
)
"""What each bank asks: a higher rate without a fee, and a lower one with a transfer fee of 20.00."""


async def finance(telling: Telling, account: Account, holding: Holding, amount_minor: int) -> None:
    """Ask for quotes, take the best, and measure from handing in the signature to cash that can be read."""
    seller = holding.owner
    person = seller.one_with(Power.ASSIGN)
    face = _amount(amount_minor, account.currency)
    path = f"/v1/lots/{holding.lot}/quote-requests"
    asked = await telling.client.post(person.api_key, path, {"amount": face, "recourse": "without"})
    asks = f"{seller} asks what banks pay for {money(amount_minor, account.currency)}"
    what = f"{asks} of receivable {account.receivable}"
    telling.narrator.step("ask for quotes", "询价", what, asked.milliseconds)
    banks = telling.cast.all(Part.BANK)
    for bank, terms in zip(banks, _OFFERS, strict=True):
        await credit(telling, bank, account.currency, amount_minor)
        await _quote(telling, bank, asked.body["id"], terms, account.currency)
    offers = await telling.client.get(person.api_key, f"/v1/quote-requests/{asked.body['id']}/quotes")
    quotes = offers.body
    _show(telling, quotes, {bank.address: bank.name for bank in banks})
    best = quotes[0]
    if any(_cost(quote, account.currency) < _cost(best, account.currency) for quote in quotes):
        raise Unexpected("the quotes are not sorted by their whole cost")
    await _accept(telling, account, holding, best)


async def _quote(
    telling: Telling, bank: Member, request_id: str, terms: dict[str, Any], currency: str
) -> None:
    """A bank's offer, signed by its credit officer: from then on it is bound by it."""
    officer = bank.one_with(Power.FINANCE)
    fee_to = telling.cast.one(Part.SETTLEMENT_BANK)
    fee = {"label": "transfer fee", "label_zh": "汇划费", "receiver": fee_to.address}
    body = {
        "rate_ppm": terms["rate_ppm"],
        "day_count": terms["day_count"],
        "fees": [{**fee, "amount": _amount(terms["fee_minor"], currency)}] if terms["fee_minor"] else [],
        "registration_ref": f"ZDW-{request_id[-8:]}-{bank.address[2:8]}",
        "notice_ref": f"NOTICE-{request_id[-8:]}-{bank.address[2:8]}",
        "valid_for_seconds": 3600,
    }
    answer = await telling.client.post(officer.api_key, f"/v1/quote-requests/{request_id}/quotes", body)
    agreed = {"bank": bank.address, "ratePpm": terms["rate_ppm"], "dayCount": terms["day_count"]}
    await telling.sign(bank, officer, answer.body["intent"], agreed)


async def _accept(telling: Telling, account: Account, holding: Holding, quote: dict[str, Any]) -> None:
    """The seller checks the terms against the cost sheet, signs, and has cash when this returns."""
    seller, currency = holding.owner, account.currency
    person, sheet = seller.one_with(Power.ASSIGN), quote["cost_sheet"]
    amount, price, fees = (parse_amount(sheet[name], currency) for name in ("face", "price", "fees"))
    # Recomputed from its inputs: what is signed is exactly what was shown.
    terms_hash = verify_cost_sheet(sheet).commitment()
    agreed = {
        "seller": seller.address,
        "lot": holding.lot,
        "amount": amount,
        "price": price,
        "fees": fees,
        "termsHash": terms_hash,
    }
    signature = sign_intent(person.signer, quote["intent"], agreed)
    body = {"quote_id": quote["quote_id"], "signature": signature}
    before = telling.books.cash[id(seller), currency]
    posted = time.perf_counter()
    answer = await telling.client.post(person.api_key, "/v1/financings", body)
    answered = time.perf_counter()
    balance = await _balance(telling, person.api_key, currency)
    timing = CashTiming(posted, answered, time.perf_counter())
    telling.figures.cash.append(timing)
    if balance != before + price - fees:
        raise Unexpected(f"{seller} has {balance}, not {before} + {price - fees}")
    financing = answer.body["financing"]
    bank = next(one for one in telling.cast.all(Part.BANK) if one.address == financing["bank"]["id"])
    child = LotId(int(financing["lot_id"]))
    sold = telling.books.move(account, holding.lot, child, bank, amount)
    fee_to = telling.cast.one(Part.SETTLEMENT_BANK)
    telling.books.finance(currency, seller, bank, price, fees, fee_to)
    what = (
        f"{bank} holds {money(sold.serials.amount, currency)} of receivable {account.receivable}, "
        f"{seller} has {money(price - fees, currency)} in cash"
    )
    telling.narrator.step("finance", "融资放款", what, timing.milliseconds)


async def _balance(telling: Telling, key: str, currency: str) -> int:
    balances = (await telling.client.get(key, "/v1/balances")).body
    found = [parse_amount(one["amount"], currency) for one in balances if one["currency"] == currency]
    return found[0] if found else 0


def _cost(quote: dict[str, Any], currency: str) -> int:
    return parse_amount(quote["cost_sheet"]["total_cost"], currency)


def _amount(amount_minor: int, currency: str) -> dict[str, str]:
    return {"amount": format_amount(amount_minor, currency), "currency": currency}


def _show(telling: Telling, quotes: list[dict[str, Any]], names: dict[str, str]) -> None:
    rows = []
    for quote in quotes:
        sheet = quote["cost_sheet"]
        lines = "; ".join(f"{line['label']} {line['label_zh']} {line['amount']}" for line in sheet["lines"])
        rate = f"{sheet['rate_ppm'] / 10_000:.2f} % act/{sheet['day_count']}"
        name = names[quote["bank"]["id"]]
        effective = sheet["effective_annual_percent"]
        cash, cost = sheet["cash_received"], sheet["total_cost"]
        rows.append((name, rate, sheet["days"], cash, cost, sheet["apr365_percent"], effective, lines))
    columns = (
        "bank 银行",
        "rate 利率",
        "days 天数",
        "cash 到手",
        "cost 综合成本",
        "APR365 %",
        "effective %",
        "who gets what",
    )
    telling.narrator.table("Cost sheets 成本明细", columns, rows)
