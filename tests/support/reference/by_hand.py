"""The reference model driven by hand: steps by name, with sensible values for what a test leaves open."""

from typing import Any

from domain.calendar import DAY_SECONDS
from domain.ids import ZERO_ADDRESS, ZERO_DIGEST, Fingerprint, LotId, ReceivableId, lot_id
from domain.intents import (
    Assign,
    Buyback,
    Cancel,
    Export,
    Finance,
    InvoiceUse,
    Issue,
    Mandate,
    Pay,
    Pledge,
    Realise,
    Release,
)
from domain.ledger import LedgerRefusal, Refusal, apply
from domain.ledger import commands as c
from domain.ledger.journal import LedgerEvent
from domain.ledger.rights import Office
from domain.ledger.state import Lot, Receivable
from domain.settlement import accrue
from tests.support.reference.alone import fresh_desk
from tests.support.reference.cast import Player

CNY = 156


class ByHand:
    """Owners, chargees and debtors follow from the books; players are known by their names."""

    def __init__(self) -> None:
        self.desk = fresh_desk()
        self.uses: dict[ReceivableId, tuple[InvoiceUse, ...]] = {}

    def __getitem__(self, name: str) -> Player:
        return self.desk.cast.players[name]

    @property
    def now_s(self) -> int:
        """The clock."""
        return self.desk.now_s

    def lot(self, number: LotId) -> Lot:
        """A lot as it is."""
        return self.desk.state.lots[number]

    def receivable(self, number: ReceivableId) -> Receivable:
        """A receivable as it is."""
        return self.desk.state.receivables[number]

    def cash(self, name: str) -> int:
        """Deposit of a player."""
        return self.desk.balance(CNY, self[name].address)

    def newest(self) -> LotId:
        """The lot that was opened last."""
        return max(self.desk.state.lots)

    def do(self, command: c.Command) -> tuple[LedgerEvent, ...]:
        """A command that must have its effect; what was emitted."""
        self.desk.state, said = apply(self.desk.state, command, self.desk.now_s)
        return said

    def refusal(self, command: c.Command) -> Refusal:
        """Why a command is refused; fails where it is not."""
        try:
            apply(self.desk.state, command, self.desk.now_s)
        except LedgerRefusal as error:
            return error.refusal
        raise AssertionError("the model accepted what it should refuse")

    def pass_to(self, instant_s: int) -> None:
        """Let time pass."""
        self.desk.now_s = instant_s

    # commands

    def issue(self, face: int = 1_000, *, debtor: str = "mill", creditor: str = "trader") -> ReceivableId:
        """A receivable due in twenty days; its first lot has index 1."""
        use = InvoiceUse(Fingerprint(self.desk.dice.word()), face, face, self.desk.today)
        intent = Issue(
            debtor=self[debtor].address,
            creditor=self[creditor].address,
            face=face,
            due=self.desk.today + 20 * DAY_SECONDS,
            currency=CNY,
            terms_hash=self.desk.dice.word(),
            delivered_at=self.desk.today,
            extension=ZERO_DIGEST,
            invoices=(use,),
            **self._ends(),
        )
        self.do(self.desk.carried(intent))
        number = ReceivableId(len(self.desk.state.receivables))
        self.uses[number] = intent.invoices
        return number

    def cancelling(self, number: ReceivableId) -> c.Command:
        """Debtor and creditor take it back."""
        entry, uses = self.receivable(number), self.uses[number]
        return self.desk.carried(
            Cancel(entry.debtor, entry.creditor, number, self.desk.dice.word(), uses, **self._ends())
        )

    def assigning(self, number: LotId, to: str, amount: int | None = None) -> c.Command:
        """All of it unless said otherwise."""
        lot = self.lot(number)
        intent = Assign(
            owner=lot.owner,
            to=self[to].address,
            lot=number,
            seq=lot.seq,
            amount=lot.amount if amount is None else amount,
            evidence=self.desk.dice.word(),
            **self._ends(),
        )
        return self.desk.carried(intent)

    def assign(self, number: LotId, to: str, amount: int | None = None) -> LotId:
        """The child."""
        self.do(self.assigning(number, to, amount))
        return self.newest()

    def sale(self, number: LotId, bank: str = "bank", **terms: Any) -> Finance:
        """At 990 for 1,000, without recourse unless said otherwise."""
        lot = self.lot(number)
        terms = {"amount": lot.amount, "recourse": 0, "secured": 0, "recourse_limit": 0, **terms}
        return Finance(
            bank=self[bank].address,
            seller=lot.owner,
            lot=number,
            seq=lot.seq,
            price=terms["amount"] - terms["amount"] // 100,
            fees=0,
            fees_to=ZERO_ADDRESS,
            rate_ppm=30_000,
            day_count=360,
            registration_ref=ZERO_DIGEST,
            notice_ref=ZERO_DIGEST,
            terms_hash=self.desk.dice.word(),
            **self._ends(),
            **terms,
        )

    def finance(self, number: LotId, bank: str = "bank", **terms: Any) -> LotId:
        """The bank's lot."""
        self.do(self.desk.carried(self.sale(number, bank, **terms)))
        return self.newest()

    def mandate(self, limit: int, debtor: str = "mill") -> c.Signed[Mandate]:
        """Of the bank, at any price."""
        bank = self["bank"]
        mandate = Mandate(
            bank=bank.address,
            quoter=bank.quoter.address,
            debtor=self[debtor].address,
            currency=CNY,
            limit=limit,
            min_rate_ppm=0,
            day_count=360,
            max_tenor_days=60,
            recourse=0,
            valid_from=self.now_s,
            valid_until=self.now_s + 30 * DAY_SECONDS,
            **self._ends(),
        )
        command = self.desk.carried(mandate)
        self.do(command)
        return command.item

    def buying_under(self, mandate: c.Signed[Mandate], number: LotId, amount: int) -> c.Command:
        """The bank's quoter buys a part."""
        item = self.desk.quoted(self.sale(number, amount=amount), mandate)
        return c.FinanceUnderMandate(sender=self.desk.cast.relayer, item=item)

    def buying_back(self, number: LotId, price: int) -> c.Command:
        """The seller takes it back."""
        lot = self.lot(number)
        word = self.desk.dice.word()
        return self.desk.carried(
            Buyback(lot.owner, lot.chargee, number, lot.seq, price, word, **self._ends())
        )

    def pledging(self, number: LotId, pledgee: str, secured: int, advance: int = 0) -> c.Command:
        """A loan against it."""
        lot = self.lot(number)
        intent = Pledge(
            owner=lot.owner,
            pledgee=self[pledgee].address,
            lot=number,
            seq=lot.seq,
            secured=secured,
            advance=advance,
            evidence=self.desk.dice.word(),
            **self._ends(),
        )
        return self.desk.carried(intent)

    def releasing(self, number: LotId, secured: int, repayment: int = 0) -> c.Command:
        """Its pledge lowered, or lifted."""
        lot = self.lot(number)
        word = self.desk.dice.word()
        return self.desk.carried(
            Release(lot.owner, lot.chargee, number, lot.seq, secured, repayment, word, **self._ends())
        )

    def realising(self, number: LotId, buyer: str, price: int) -> c.Command:
        """Sold free of its pledge."""
        lot = self.lot(number)
        intent = Realise(
            owner=lot.owner,
            pledgee=lot.chargee,
            buyer=self[buyer].address,
            lot=number,
            seq=lot.seq,
            price=price,
            evidence=self.desk.dice.word(),
            **self._ends(),
        )
        return self.desk.carried(intent)

    def exporting(self, number: LotId) -> c.Command:
        """To the other register."""
        lot, registry = self.lot(number), self["registry"].address
        word = self.desk.dice.word()
        return self.desk.carried(
            Export(lot.owner, registry, number, lot.seq, lot.amount, word, **self._ends())
        )

    def paying(self, number: ReceivableId, amount: int) -> c.Command:
        """By the debtor."""
        entry = self.receivable(number)
        before = entry.paid + entry.interest_paid
        return self.desk.carried(Pay(entry.debtor, number, amount, before, **self._ends()))

    def pay(self, number: ReceivableId, amount: int) -> None:
        """By the debtor, and it is done."""
        self.do(self.paying(number, amount))

    def interest_owed(self, number: ReceivableId) -> int:
        """By now."""
        return accrue(self.receivable(number).debt, self.now_s).interest_owed

    def pay_all(self, number: ReceivableId) -> None:
        """Interest too."""
        debt = accrue(self.receivable(number).debt, self.now_s)
        self.pay(number, debt.principal_owed + debt.interest_owed)

    def claim(self, *lots: LotId) -> tuple[LedgerEvent, ...]:
        """By anyone."""
        return self.do(c.Claim(sender=self.desk.cast.relayer, lots=lots))

    def default(self, number: ReceivableId) -> None:
        """Once it can be declared."""
        entry = self.receivable(number)
        self.pass_to(entry.due + (1 + entry.grace_days) * DAY_SECONDS)
        self.do(c.DeclareDefault(sender=self.desk.cast.relayer, receivable=number))

    def ordered(self, kind: type[Any], office: Office, **fields: Any) -> c.Command:
        """By whoever holds an office, under an order."""
        command: c.Command = kind(
            sender=self.desk.cast.officers[office], order=self.desk.dice.word(), **fields
        )
        return command

    def _ends(self) -> dict[str, int]:
        """What every intent ends with."""
        return {"deadline": self.desk.deadline, "salt": self.desk.dice.salt()}


def first_lot(receivable: ReceivableId) -> LotId:
    """The one it was issued with."""
    return lot_id(receivable, 1)
