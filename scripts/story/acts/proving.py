"""Act 7: the auditor traces a serial; mirror, chain and the story's own books are compared."""

from dataclasses import dataclass, field
from typing import Any

from domain.money import parse_amount
from domain.parties import Power
from scripts.story.books import Account
from scripts.story.narration import money
from scripts.story.people import Part
from scripts.story.telling import Telling
from scripts.tracing import show_trace

_SHOWN_MAX = 20


@dataclass(slots=True)
class Proof:
    """What was proven; `differences` say what was not, one line each."""

    mirror_equals_chain: bool = False
    cash_supply_equals_balances: bool = False
    paid_equals_claimed: bool = False
    trace: dict[str, Any] | None = None
    differences: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing differs."""
        equal = (self.mirror_equals_chain, self.cash_supply_equals_balances, self.paid_equals_claimed)
        return all(equal) and not self.differences


async def prove(telling: Telling) -> Proof:
    """Everything that can be compared is compared."""
    telling.narrator.act("7", "Proof", "审计与核对")
    proof = Proof()
    await _trace(telling, proof)
    await _compare_with_chain(telling, proof)
    await _compare_balances(telling, proof)
    await _compare_receivables(telling, proof)
    _check_identity(telling, proof)
    for difference in proof.differences[:_SHOWN_MAX]:
        telling.narrator.difference(difference)
    return proof


async def _trace(telling: Telling, proof: Proof) -> None:
    """From the invoice to the final payee of one serial: of a lot that a bank bought, if there is one."""
    settled = telling.main_accounts() or list(telling.books.accounts.values())
    if not settled:
        return
    account = settled[0]
    serial = _financed_serial(account)
    key = telling.cast.one(Part.AUDITOR).api_key
    path = f"/v1/receivables/{account.receivable}/trace"
    tree = (await telling.client.get(key, path)).body
    answer = await telling.client.get(key, path, serial=serial)
    proof.trace = answer.body
    show_trace(telling.narrator.console, tree)
    show_trace(telling.narrator.console, answer.body)
    owner = next(one.owner for one in account.live() if one.serials.first <= serial < one.serials.end)
    payee = answer.body["payee"]
    if payee is None or payee["id"] != owner.address:
        proof.differences.append(f"serial {serial} was paid to {payee}, by the books it is {owner}")
    what = f"serial {serial} of receivable {account.receivable} ends at {owner}"
    telling.narrator.step("trace", "追溯", what, answer.milliseconds)


def _financed_serial(account: Account) -> int:
    banks = [held for held in account.live() if Part.BANK in held.owner.parts]
    held = (banks or account.live())[0]
    return held.serials.first + held.serials.amount // 2


async def _compare_with_chain(telling: Telling, proof: Proof) -> None:
    checked = await telling.stage.check()
    proof.mirror_equals_chain = not checked.differences
    for one in checked.differences:
        proof.differences.append(f"{one.table} {one.key} {one.field}: mirror {one.mirror}, chain {one.chain}")
    text = f"the mirror equals the chain at block {checked.block}, {checked.fields} fields compared"
    telling.narrator.proof(text, "镜像与链上一致", holds=proof.mirror_equals_chain)
    proof.cash_supply_equals_balances = checked.cash_holds
    supplies = {one.currency: one.chain_minor for one in checked.cash}
    for currency, totals in telling.books.totals.items():
        if supplies.get(currency, 0) != totals.cash_credited:
            proof.cash_supply_equals_balances = False
            stated = f"supply {supplies.get(currency, 0)}, credited {totals.cash_credited}"
            proof.differences.append(f"cash in {currency}: {stated}")
    text = f"cash supply equals all balances and all credit notices in {len(supplies)} currencies"
    telling.narrator.proof(text, "现金总量与余额一致", holds=proof.cash_supply_equals_balances)


async def _compare_balances(telling: Telling, proof: Proof) -> None:
    """What each party sees as its cash against the books, to the cent."""
    before = len(proof.differences)
    seen: dict[str, dict[str, int]] = {}
    for member, currency, amount in telling.books.balances():
        if member.address not in seen:
            body = (await telling.client.get(member.api_key, "/v1/balances")).body
            seen[member.address] = {
                one["currency"]: parse_amount(one["amount"], one["currency"]) for one in body
            }
        stated = seen[member.address].get(currency, 0)
        if stated != amount:
            wanted = money(amount, currency)
            proof.differences.append(f"{member} has {money(stated, currency)}, by the books {wanted}")
    holds = len(proof.differences) == before
    text = f"every holder has what the books say, to the cent: {len(telling.books.cash)} balances"
    telling.narrator.proof(text, "逐分核对余额", holds=holds)


async def _compare_receivables(telling: Telling, proof: Proof) -> None:
    """Every receivable as its debtor sees it against the books."""
    before = len(proof.differences)
    for account in telling.books.accounts.values():
        key = account.bill.buyer.one_with(Power.PAY).api_key
        body = (await telling.client.get(key, f"/v1/receivables/{account.receivable}")).body
        wanted = {
            "face": account.debt.face,
            "paid": account.debt.paid,
            "interest_paid": account.debt.interest_paid,
            "claimed": account.debt.paid + account.debt.interest_paid,
        }
        for name, amount in wanted.items():
            stated = parse_amount(body[name]["amount"], account.currency)
            if stated != amount:
                what = f"receivable {account.receivable} {name}: {stated}, by the books {amount}"
                proof.differences.append(what)
        if body["state"] != "settled":
            proof.differences.append(f"receivable {account.receivable} is {body['state']}, not settled")
    holds = len(proof.differences) == before
    text = f"every receivable is settled as the books say: {len(telling.books.accounts)} of them"
    telling.narrator.proof(text, "逐笔核对凭证", holds=holds)


def _check_identity(telling: Telling, proof: Proof) -> None:
    """Face and interest, what was paid, and what was drawn are the same amount in every currency."""
    proof.paid_equals_claimed = True
    for currency, totals in telling.books.totals.items():
        owed = totals.face + totals.interest
        paid = totals.principal + totals.interest
        holds = owed == paid == totals.claimed
        proof.paid_equals_claimed &= holds
        text = (
            f"{currency}: face {money(totals.face, currency)} + interest {money(totals.interest, currency)}"
            f" = paid {money(paid, currency)} = claimed {money(totals.claimed, currency)}"
        )
        telling.narrator.proof(text, "面额 + 利息 = 付款 = 领取", holds=holds)
