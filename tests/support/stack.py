"""A market on the whole system: a core enterprise, three suppliers, two banks, and each step of a trade by
name.

The session fixture `market` of tests/integration/api/trade shares one between tests: each test brings its
own invoices, so that none depends on another's.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx

from api.auth.caller import Scope
from chain import calls, typed_data
from chain.roles import ROLE_TERMS
from chain.signers import encode_signatures
from domain.calendar import date_of, due_instant
from domain.ids import ZERO_DIGEST, Fingerprint
from domain.intents import Intent, InvoiceUse, Issue
from domain.money import parse_amount
from tests.support.api import Http, Member, System
from tests.support.chain import DAY_S, random_salt, random_word
from tests.support.invoices import PartyText, ubl_invoice

CORE, FIRST, SECOND, THIRD = "910000001", "910000002", "910000003", "910000004"
EUR_CASH = "5000000.00"
XML = {"Content-Type": "application/xml"}

_numbers = itertools.count(1)


def money(amount: str, currency: str = "EUR") -> dict[str, str]:
    """Money as the API takes it."""
    return {"amount": amount, "currency": currency}


def cents(amount: dict[str, str]) -> int:
    """Minor units of money as the API shows it."""
    return parse_amount(amount["amount"], amount["currency"])


def ok(answer: httpx.Response, status: int = 201) -> Any:
    """The body of an answer that must have this status."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
    return answer.json()


def refusal(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer that must be refused so."""
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body.get("code")) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return body


@dataclass(frozen=True)
class Market:
    """The players; `core` needs maker and checker to confirm, everybody else one signature for anything."""

    system: System
    core: Member
    first: Member
    second: Member
    third: Member
    bank: Member
    other_bank: Member
    auditor: Http

    @classmethod
    async def open(
        cls, system: System, *, buyer_class: Sequence[str] = (), supplier_class: Sequence[str] = ()
    ) -> "Market":
        """Admit everybody, of these classes by law, and give those who pay their cash."""
        core = await system.admit(
            "Core", roles=["debtor", *buyer_class], signers=2, thresholds={"confirm": 2}, identifier=CORE
        )
        suppliers = [
            await system.admit(f"Supplier {value[-1]}", roles=["supplier", *supplier_class], identifier=value)
            for value in (FIRST, SECOND, THIRD)
        ]
        banks = [await system.admit(name, roles=["bank"]) for name in ("North Bank", "South Bank")]
        audits = await system.mint_key(core.address, [Scope.READ, Scope.AUDIT])
        market = cls(system, core, *suppliers, *banks, auditor=system.caller(audits))
        for member in (core, *banks):
            await market.credit(member, EUR_CASH)
        return market

    async def today(self) -> date:
        """The business day."""
        return date_of(await self.system.ledger.now())

    async def pass_seconds(self, seconds: int) -> None:
        """Let the ledger's clock go on, and wait until the mirror has seen it."""
        ledger = self.system.ledger
        await ledger.node.set_time(await ledger.now() + seconds)
        head = await ledger.client.head()
        feed = self.system.application.feed
        assert feed is not None
        await feed.wait_for_block(head.number, 10)

    async def issue_past_the_service(self, draft: dict[str, Any]) -> None:
        """Put an invoice on the ledger through a relayer that asks nobody here."""
        amount = int(draft["payable"]["amount"].replace(".", ""))
        today = due_instant(await self.today())
        intent = Issue(
            debtor=self.core.address,
            creditor=self.first.address,
            face=amount,
            due=today + 30 * DAY_S,
            currency=978,
            terms_hash=random_word(),
            delivered_at=today,
            extension=ZERO_DIGEST,
            invoices=(InvoiceUse(Fingerprint(draft["fingerprint"]), amount, amount, today),),
            deadline=today + DAY_S,
            salt=random_salt(),
        )
        signatures = [self.signatures(member, intent) for member in (self.core, self.first)]
        await self.carry(calls.issue(self.system.ledger.book, intent, *signatures))

    def signatures(self, member: Member, intent: Intent) -> bytes:
        """What all keys of a member sign, for a call that does not go over HTTP."""
        digest = typed_data.digest(intent, self.system.ledger.book)
        return encode_signatures([(key.address, key.sign_digest(digest)) for key in member.signers])

    async def carry(self, call: calls.Call, office: str | None = None) -> None:
        """Send a call past the service, by the holder of an office if one is named, until it is mirrored."""
        ledger = self.system.ledger
        await ledger.send(call, ledger.governance[office] if office else None)
        await self.system.caught_up()

    async def carry_delayed(self, call: calls.Call, office: str) -> None:
        """The same for an office with a delay, which passes."""
        announced, carried_out = calls.delayed(self.system.ledger.book, call)
        await self.carry(announced, office)
        await self.pass_seconds(ROLE_TERMS[office].delay_s)
        await self.carry(carried_out, office)

    async def credit(self, member: Member, amount: str) -> Any:
        """Cash against a credit notice."""
        body = {"party": member.address, "amount": money(amount), "credit_ref": f"CR-{next(_numbers)}"}
        return ok(await self.system.settlement_bank.post("/v1/cash-credits", body))

    async def invoice(self, *, payable: str = "10000.00", days: int = 60, **changes: Any) -> bytes:
        """An invoice of the first supplier to the core enterprise, issued yesterday, due in `days`."""
        today = await self.today()
        issued_on = (today - timedelta(days=1)).isoformat()
        facts: dict[str, Any] = {
            "number": f"INV-{next(_numbers)}",
            "issued_on": issued_on,
            "delivered_on": issued_on,
            "due_on": (today + timedelta(days=days)).isoformat(),
            "currency": "EUR",
            "payable": payable,
            "seller": PartyText(name="Supplier 2", registration=("", FIRST)),
            "buyer": PartyText(name="Core", registration=("", CORE)),
        }
        return ubl_invoice(**(facts | changes))

    async def upload(self, content: bytes, member: Member | None = None) -> httpx.Response:
        """Bring a file in as the first supplier, or another member."""
        http = (member or self.first).http
        return await http.post("/v1/invoices", content=content, headers=XML)

    async def submitted(self, **changes: Any) -> dict[str, Any]:
        """An invoice in front of its buyer."""
        draft = ok(await self.upload(await self.invoice(**changes)))
        submitted: dict[str, Any] = ok(
            await self.first.http.post(f"/v1/invoices/{draft['id']}/submission", {}), 200
        )
        return submitted

    async def issue(self, **changes: Any) -> dict[str, Any]:
        """A receivable: `receivable_id`, `lot_id` and `invoice_id`."""
        invoice = await self.submitted(**changes)
        intent = ok(await self.core.http.post(f"/v1/invoices/{invoice['id']}/confirmation", {}))
        for signer in (0, 1):
            ok(await self.core.sign(intent["digest"], signer), 200)
        result: dict[str, Any] = result_of(ok(await self.first.sign(intent["digest"]), 200))
        return result

    async def assignment(self, lot_id: str, giver: Member, to: Member, amount: str) -> httpx.Response:
        """Ask for an `Assign` intent."""
        evidence = {"kind": "purchase-contract", "reference": f"PC-{next(_numbers)}"}
        body = {"lot_id": lot_id, "to": to.address, "amount": money(amount), "evidence": evidence}
        return await giver.http.post("/v1/assignments", body)

    async def assign(self, lot_id: str, giver: Member, to: Member, amount: str) -> str:
        """The lot that the receiver holds then."""
        intent = ok(await self.assignment(lot_id, giver, to, amount))
        ok(await giver.sign(intent["digest"]), 200)
        return str(result_of(ok(await to.sign(intent["digest"]), 200))["lot_id"])

    async def quote(
        self, request_id: str, bank: Member, *, sign: bool = True, **terms: Any
    ) -> dict[str, Any]:
        """A bank's offer, signed unless told otherwise."""
        body = {"rate_ppm": 36_000, "registration_ref": "ZDW-1", "notice_ref": "N-1"} | terms
        quote: dict[str, Any] = ok(await bank.http.post(f"/v1/quote-requests/{request_id}/quotes", body))
        if sign:
            ok(await bank.sign(quote["intent"]["digest"]), 200)
        return quote

    async def request_quotes(self, lot_id: str, holder: Member, amount: str) -> str:
        """The id of a request for quotes."""
        body = {"amount": money(amount), "recourse": "without"}
        return str(ok(await holder.http.post(f"/v1/lots/{lot_id}/quote-requests", body))["id"])

    async def accept(self, quote: dict[str, Any], holder: Member, **options: Any) -> httpx.Response:
        """Take a quote with the holder's signature."""
        body = {
            "quote_id": quote["quote_id"],
            "signature": holder.signature(quote["intent"]["digest"]),
        }
        return await holder.http.post("/v1/financings", body, **options)

    async def payment(self, receivable_id: str, amount: str, debtor: Member | None = None) -> httpx.Response:
        """Ask for a `Pay` intent as the debtor, or as another member."""
        body = {"receivable_id": receivable_id, "amount": money(amount)}
        return await (debtor or self.core).http.post("/v1/payments", body)

    async def pay(self, receivable_id: str, amount: str) -> dict[str, Any]:
        """What a payment came to."""
        intent = ok(await self.payment(receivable_id, amount))
        result: dict[str, Any] = result_of(ok(await self.core.sign(intent["digest"]), 200))
        return result

    async def cash_minor(self, member: Member) -> int:
        """The member's euro cents."""
        rows = ok(await member.http.get("/v1/balances"), 200)
        return sum(cents(row) for row in rows if row["currency"] == "EUR")


def result_of(intent: dict[str, Any]) -> dict[str, Any]:
    """What the operation of a complete intent came to."""
    operation = intent["operation"]
    assert operation is not None, intent["signatures"]
    assert operation["state"] == "done", operation
    result: dict[str, Any] = operation["result"]
    return result
