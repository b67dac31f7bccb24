"""Steps of the trade on a deployed ledger, signed by whom they need; each answers with what was emitted."""

from typing import TypeVar

from chain import calls
from chain.translate import Translator
from domain import events
from domain.ids import ZERO_ADDRESS, ZERO_DIGEST, Digest, Fingerprint, LotId, ReceivableId
from domain.intents import Assign, Finance, InvoiceUse, Issue, Pay
from tests.support.chain import DAY_S, Actor, DeployedLedger, random_salt, random_word

CNY = 156
DELIVERED_DAYS_AGO = 5
E = TypeVar("E")


class Trade:
    """The ledger of a test, and the block up to which its events were looked at."""

    def __init__(self, ledger: DeployedLedger) -> None:
        self._ledger = ledger
        self._translator = Translator(ledger.book)

    async def send(self, call: calls.Call) -> list[events.Event]:
        """Carry a call; the events of its block."""
        receipt = await self._ledger.send(call)
        found = await self._ledger.client.logs(receipt.block_number, receipt.block_number)
        return [event for log in found.logs if (event := self._translator.translate(log)) is not None]

    async def issue(
        self, debtor: Actor, creditor: Actor, face: int, *, days: int = 90, currency: int = CNY
    ) -> events.ReceivableIssued:
        """A receivable of one invoice, due in so many days."""
        call = await self.issue_call(debtor, creditor, face, days=days, currency=currency)
        return only(events.ReceivableIssued, await self.send(call))

    async def issue_call(  # what a receivable is made of
        self,
        debtor: Actor,
        creditor: Actor,
        face: int,
        *,
        days: int,
        currency: int = CNY,
        extension: Digest = ZERO_DIGEST,
    ) -> calls.Call:
        """The same, signed and not sent: goods delivered and invoiced five days ago."""
        now = await self._ledger.now()
        today = now - now % DAY_S
        delivered_at = today - DELIVERED_DAYS_AGO * DAY_S
        intent = Issue(
            debtor=debtor.address,
            creditor=creditor.address,
            face=face,
            due=today + days * DAY_S,
            currency=currency,
            terms_hash=random_word(),
            delivered_at=delivered_at,
            extension=extension,
            invoices=(InvoiceUse(Fingerprint(random_word()), face, face, delivered_at),),
            deadline=now + 3600,
            salt=random_salt(),
        )
        return calls.issue(self._ledger.book, intent, debtor.sign(intent), creditor.sign(intent))

    async def assign(
        self, owner: Actor, to: Actor, lot: LotId, amount: int, *, seq: int = 0
    ) -> events.LotMoved:
        """Cut part of a lot off and pass it on."""
        deadline = await self._ledger.deadline()
        intent = Assign(owner.address, to.address, lot, seq, amount, random_word(), deadline, random_salt())
        call = calls.assign(self._ledger.book, intent, owner.sign(intent), to.sign(intent))
        return only(events.LotMoved, await self.send(call))

    async def finance(
        self, bank: Actor, seller: Actor, lot: LotId, amount: int, price: int, *, seq: int = 0
    ) -> list[events.Event]:
        """Sell part of a lot to a bank."""
        intent = Finance(
            bank=bank.address,
            seller=seller.address,
            lot=lot,
            seq=seq,
            amount=amount,
            price=price,
            fees=0,
            fees_to=ZERO_ADDRESS,
            rate_ppm=50_000,
            day_count=360,
            recourse=0,
            secured=0,
            recourse_limit=0,
            registration_ref=random_word(),
            notice_ref=random_word(),
            terms_hash=random_word(),
            deadline=await self._ledger.deadline(),
            salt=random_salt(),
        )
        return await self.send(
            calls.finance(self._ledger.book, intent, bank.sign(intent), seller.sign(intent))
        )

    async def pay(
        self, debtor: Actor, receivable: ReceivableId, amount: int, *, paid_before: int = 0
    ) -> events.PaymentReceived:
        """The debtor pays in."""
        intent = Pay(
            debtor.address, receivable, amount, paid_before, await self._ledger.deadline(), random_salt()
        )
        said = await self.send(calls.pay(self._ledger.book, intent, debtor.sign(intent)))
        return only(events.PaymentReceived, said)


def only(kind: type[E], said: list[events.Event]) -> E:
    """The one event of a kind."""
    (found,) = [event for event in said if isinstance(event, kind)]
    return found
