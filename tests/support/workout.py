"""Beyond the ordinary trade: mandates, recourse, pledges, orders, default and export."""

from dataclasses import dataclass, field

from chain import calls, typed_data
from chain.calls import Call
from chain.reader import LedgerReader
from chain.signers import LocalSigner
from domain.ids import Digest
from domain.intents import Buyback, Cancel, Export, Mandate, Pledge, Realise, Release
from domain.parties import Role
from tests.support.chain import DAY_S, FAR_FUTURE, Actor, DeployedLedger, random_salt, random_word
from tests.support.market import CNY, FACE, Deal, Held, Trade


@dataclass
class Workout(Trade):
    """A trade whose players have cash to repay with, and another register beside it."""

    registers: list[Actor] = field(default_factory=list)
    mandates: list[Mandate] = field(default_factory=list)

    @classmethod
    async def open(cls, ledger: DeployedLedger, cash: int = 10 * FACE) -> "Workout":
        """Admit a register as well, and give the suppliers cash."""
        trade = await Trade.open(ledger, cash)
        register = await ledger.admit("register", Role.REGISTRY)
        for supplier in trade.suppliers:
            await ledger.mint(supplier, CNY, FACE)
        return cls(ledger, trade.debtor, trade.suppliers, trade.bank, registers=[register])

    async def grant_mandate(self, limit: int = 5 * FACE, recourse: int = 0) -> Mandate:
        """The bank lets a key of its own buy alone, at no less than 1 % a year."""
        mandate = Mandate(
            bank=self.bank.address,
            quoter=self.bank.signers[0].address,
            debtor=self.debtor.address,
            currency=CNY,
            limit=limit,
            min_rate_ppm=10_000,
            day_count=360,
            max_tenor_days=365,
            recourse=recourse,
            valid_from=0,
            valid_until=FAR_FUTURE,
            deadline=await self.ledger.deadline(),
            salt=random_salt(),
        )
        await self._send(calls.grant_mandate(self.ledger.book, mandate, self.bank.sign(mandate)))
        self.mandates.append(mandate)
        return mandate

    def id_of(self, mandate: Mandate) -> Digest:
        """What the bank revokes to withdraw it."""
        return typed_data.digest(mandate, self.ledger.book)

    async def finance_under(self, deal: Deal, held: Held, mandate: Mandate, amount: int, price: int) -> Held:
        """The quoter buys for the bank."""
        secured = amount if mandate.recourse else 0
        intent = await self._purchase(held, amount, price, 0, secured, 0)
        signed = (self.bank.sign(intent), held.owner.sign(intent))
        await self._send(calls.finance_under_mandate(self.ledger.book, intent, mandate, *signed))
        return self._bought(deal, held, amount, secured)

    async def release_exposure(self, deal: Deal) -> None:
        """Anyone has what was paid or sold on taken off the mandates."""
        await self._send(calls.release_exposure(self.ledger.book, [held.id for held in deal.lots]))

    async def buy_back(self, deal: Deal, held: Held, price: int) -> Held:
        """The seller takes back what the debtor does not pay."""
        seller = held.chargee or self.suppliers[0]
        intent = Buyback(
            bank=held.owner.address,
            seller=seller.address,
            lot=held.id,
            seq=held.seq,
            price=price,
            evidence=random_word(),
            deadline=await self.ledger.deadline(),
            salt=random_salt(),
        )
        signed = (held.owner.sign(intent), seller.sign(intent))
        await self._send(calls.buy_back(self.ledger.book, intent, *signed))
        return self._cut(deal, held, seller, held.amount)

    async def pledge(self, held: Held, pledgee: Actor, secured: int, advance: int) -> None:
        """A loan against the lot."""
        intent = Pledge(
            owner=held.owner.address,
            pledgee=pledgee.address,
            lot=held.id,
            seq=held.seq,
            secured=secured,
            advance=advance,
            evidence=random_word(),
            deadline=await self.ledger.deadline(),
            salt=random_salt(),
        )
        signed = (held.owner.sign(intent), pledgee.sign(intent))
        await self._send(calls.pledge(self.ledger.book, intent, *signed))
        held.chargee, held.seq = pledgee, held.seq + 1

    async def release(self, held: Held, secured: int, repayment: int) -> None:
        """Less is secured, against a repayment or without; 0 lifts the pledge."""
        pledgee = held.chargee or self.bank
        intent = Release(
            owner=held.owner.address,
            pledgee=pledgee.address,
            lot=held.id,
            seq=held.seq,
            secured=secured,
            repayment=repayment,
            evidence=random_word(),
            deadline=await self.ledger.deadline(),
            salt=random_salt(),
        )
        signed = (held.owner.sign(intent), pledgee.sign(intent))
        await self._send(calls.release(self.ledger.book, intent, *signed))
        held.seq += 1
        held.chargee = held.chargee if secured else None

    async def realise(self, deal: Deal, held: Held, buyer: Actor, price: int) -> Held:
        """The lot is sold free of its pledge, first of all for the pledgee."""
        pledgee = held.chargee or self.bank
        intent = Realise(
            owner=held.owner.address,
            pledgee=pledgee.address,
            buyer=buyer.address,
            lot=held.id,
            seq=held.seq,
            price=price,
            evidence=random_word(),
            deadline=await self.ledger.deadline(),
            salt=random_salt(),
        )
        signed = (held.owner.sign(intent), pledgee.sign(intent), buyer.sign(intent))
        await self._send(calls.realise(self.ledger.book, intent, *signed))
        held.chargee = None
        return self._cut(deal, held, buyer, held.amount)

    async def freeze(self, *lots: Held, order: Digest | None = None) -> None:
        """An authority stops lots."""
        call = calls.freeze(self.ledger.book, [held.id for held in lots], order or random_word())
        await self._send(call, "freezer")
        for held in lots:
            held.seq += 1

    async def unfreeze(self, *lots: Held, order: Digest | None = None) -> None:
        """It lets them go again."""
        call = calls.unfreeze(self.ledger.book, [held.id for held in lots], order or random_word())
        await self._send(call, "freezer")
        for held in lots:
            held.seq += 1

    async def suspend(self, deal: Deal, order: Digest | None = None) -> None:
        """An authority stops a whole receivable."""
        await self._send(calls.suspend(self.ledger.book, deal.id, order or random_word()), "freezer")

    async def resume(self, deal: Deal, order: Digest | None = None) -> None:
        """It lets it go on."""
        await self._send(calls.resume(self.ledger.book, deal.id, order or random_word()), "freezer")

    async def force_move(
        self, deal: Deal, held: Held, to: Actor, amount: int, order: Digest | None = None
    ) -> Held:
        """A court moves a lot, a day after it was announced."""
        order = order or random_word()
        await self._court(calls.force_move(self.ledger.book, held.id, to.address, amount, order))
        return self._cut(deal, held, to, amount)

    async def declare_default(self, deal: Deal) -> None:
        """Anyone says what follows from time."""
        await self._send(calls.declare_default(self.ledger.book, deal.id))

    async def write_off(self, deal: Deal, order: Digest | None = None) -> None:
        """A court gives a receivable up, a day after it was announced."""
        await self._court(calls.write_off(self.ledger.book, deal.id, order or random_word()))

    async def cancel(self, deal: Deal) -> None:
        """Debtor and creditor agree that nothing happened."""
        creditor = deal.lots[0].owner
        intent = Cancel(
            debtor=deal.debtor.address,
            creditor=creditor.address,
            receivable=deal.id,
            evidence=random_word(),
            invoices=(deal.invoice,),
            deadline=await self.ledger.deadline(),
            salt=random_salt(),
        )
        signed = (deal.debtor.sign(intent), creditor.sign(intent))
        await self._send(calls.cancel(self.ledger.book, intent, *signed))

    async def export(self, deal: Deal, held: Held, amount: int) -> Held:
        """The lot goes on living in the other register."""
        (register,) = self.registers
        intent = Export(
            owner=held.owner.address,
            registry=register.address,
            lot=held.id,
            seq=held.seq,
            amount=amount,
            registry_ref=random_word(),
            deadline=await self.ledger.deadline(),
            salt=random_salt(),
        )
        signed = (held.owner.sign(intent), register.sign(intent))
        await self._send(calls.export(self.ledger.book, intent, *signed))
        return self._cut(deal, held, register, amount)

    async def pause(self, rights: int) -> None:
        """The guardian stops some of what the ledger does."""
        await self._send(calls.pause(self.ledger.book.address("Ledger"), rights), "guardian")

    async def claim(self, deal: Deal) -> None:
        """What a charged lot is paid out makes stale what was signed for it."""
        await super().claim(deal)
        reader = LedgerReader(self.ledger.client, await self.ledger.client.block_number())
        for held in deal.lots:
            if held.chargee:
                held.seq = (await reader.chain_of_title(held.id))[0].seq

    async def pay_all(self, deal: Deal) -> None:
        """The debtor pays principal and interest to the last cent."""
        reader = LedgerReader(self.ledger.client, await self.ledger.client.block_number())
        await self.pay(deal, sum(await reader.owed(deal.id, await self.ledger.now())))

    async def _send(self, call: Call, role: str | None = None) -> None:
        await self.ledger.send(call, self._key(role) if role else None)

    async def _court(self, call: Call) -> None:
        announce, carry_out = calls.delayed(self.ledger.book, call)
        await self._send(announce, "court")
        await self.ledger.node.set_time(await self.ledger.now() + DAY_S + 1)
        await self._send(carry_out, "court")

    def _key(self, role: str) -> LocalSigner:
        return self.ledger.governance[role]
