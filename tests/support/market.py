"""A market on a real ledger: its players, and the commands of an ordinary trade by name."""

from dataclasses import dataclass, field

from chain import calls
from chain.calls import AssignItem
from domain.ids import ZERO_ADDRESS, ZERO_DIGEST, Digest, LotId, ReceivableId, lot_id
from domain.intents import (
    Assign,
    Finance,
    InvoiceUse,
    Issue,
    Pay,
    Recourse,
    Redeem,
    Revoke,
    SetSigner,
    SetThreshold,
)
from domain.parties import PartyStatus, Power, Role
from tests.support.chain import DAY_S, FAR_FUTURE, Actor, DeployedLedger, random_salt, random_word

CNY = 156
FACE = 1_000_00


@dataclass
class Held:
    """A lot as the players know it; `chargee` is who else has a right to it."""

    id: LotId
    owner: Actor
    amount: int
    seq: int = 0
    chargee: Actor | None = None


@dataclass
class Deal:
    """A receivable as the players know it."""

    id: ReceivableId
    debtor: Actor
    face: int
    due: int
    invoice: InvoiceUse
    lots: list[Held]
    paid: int = 0


@dataclass
class Trade:
    """Players of one ledger: a debtor whose maker and checker both sign, suppliers, a bank."""

    ledger: DeployedLedger
    debtor: Actor
    suppliers: list[Actor]
    bank: Actor
    deals: list[Deal] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)

    @classmethod
    async def open(cls, ledger: DeployedLedger, cash: int = 10 * FACE) -> "Trade":
        """Admit the players and give debtor and bank cash."""
        debtor = await ledger.admit("core", Role.DEBTOR, signers=2, threshold=2)
        suppliers = [await ledger.admit(name, Role.SUPPLIER) for name in ("first", "second", "third")]
        bank = await ledger.admit("bank", Role.BANK)
        for player in (debtor, bank):
            await ledger.mint(player, CNY, cash)
        return cls(ledger, debtor, suppliers, bank)

    async def issue(self, creditor: Actor, face: int = FACE, days: int = 90) -> Deal:
        """A receivable backed by one invoice of just its face."""
        now = await self.ledger.now()
        today = now - now % DAY_S
        invoice = InvoiceUse(random_word(), total=face, amount=face, issued_at=today - 5 * DAY_S)
        intent = Issue(
            debtor=self.debtor.address,
            creditor=creditor.address,
            face=face,
            due=today + days * DAY_S,
            currency=CNY,
            terms_hash=random_word(),
            delivered_at=today - 5 * DAY_S,
            extension=ZERO_DIGEST,
            invoices=(invoice,),
            deadline=now + 3600,
            salt=random_salt(),
        )
        signed = (self.debtor.sign(intent), creditor.sign(intent))
        await self.ledger.send(calls.issue(self.ledger.book, intent, *signed))
        number = ReceivableId(len(self.deals) + 1)
        lots = [Held(lot_id(number, 1), creditor, face)]
        deal = Deal(number, self.debtor, face, intent.due, invoice, lots)
        self.deals.append(deal)
        return deal

    async def assign(self, deal: Deal, held: Held, to: Actor, amount: int) -> Held:
        """Pass part of a lot on."""
        intent = await self._assignment(held, to, amount)
        call = calls.assign(self.ledger.book, intent, held.owner.sign(intent), to.sign(intent))
        await self.ledger.send(call)
        return self._cut(deal, held, to, amount)

    async def assign_twice(self, deal: Deal, held: Held, to: Actor, amount: int) -> None:
        """One batch with the same assignment twice: the second is stale and fails alone."""
        intent = await self._assignment(held, to, amount)
        item = AssignItem(intent, held.owner.sign(intent), to.sign(intent))
        receipt = await self.ledger.send(calls.assign_many(self.ledger.book, [item, item]))
        # A batch does not revert for its items, so whether the first took effect is read from the ledger.
        found = await self.ledger.client.logs(receipt.block_number, receipt.block_number)
        if any(len(log.topics) == 4 and int(log.topics[2], 16) == held.id for log in found.logs):
            self._cut(deal, held, to, amount)

    async def finance(
        self, deal: Deal, held: Held, amount: int, price: int, fees: int = 0, secured: int = 0, limit: int = 0
    ) -> Held:
        """Sell part of a lot to the bank, with recourse where something is `secured`."""
        intent = await self._purchase(held, amount, price, fees, secured, limit)
        call = calls.finance(self.ledger.book, intent, self.bank.sign(intent), held.owner.sign(intent))
        await self.ledger.send(call)
        return self._bought(deal, held, amount, secured)

    async def pay(self, deal: Deal, amount: int) -> None:
        """The debtor pays part or all."""
        deadline = await self.ledger.deadline()
        intent = Pay(deal.debtor.address, deal.id, amount, deal.paid, deadline, random_salt())
        await self.ledger.send(calls.pay(self.ledger.book, intent, deal.debtor.sign(intent)))
        deal.paid += amount

    async def claim(self, deal: Deal) -> None:
        """Anyone has every lot paid out; empty ones fail alone."""
        await self.ledger.send(calls.claim(self.ledger.book, [held.id for held in deal.lots]))

    async def redeem(self, holder: Actor, amount: int) -> None:
        """Cash back to the bank account."""
        intent = Redeem(
            holder.address, CNY, amount, random_word(), await self.ledger.deadline(), random_salt()
        )
        await self.ledger.send(calls.redeem(self.ledger.book, intent, holder.sign(intent)))

    async def flag_overdue(self, deal: Deal) -> None:
        """Anyone flags a receivable that is late."""
        await self.ledger.send(calls.flag_overdue(self.ledger.book, deal.id))

    async def pass_days(self, days: int) -> None:
        """Let time pass."""
        await self.ledger.node.set_time(await self.ledger.now() + days * DAY_S)

    async def set_signer(self, party: Actor, signer: str, powers: int) -> None:
        """The party gives a key powers, or takes them away."""
        version = self.versions.get(party.address, 1)
        intent = SetSigner(
            party.address,
            signer,
            powers,
            FAR_FUTURE,
            version,
            await self.ledger.deadline(),
            random_salt(),
        )
        await self.ledger.send(calls.set_signer(self.ledger.book, intent, party.sign(intent)))
        self.versions[party.address] = version + 1

    async def set_threshold(self, party: Actor, power: Power, threshold: int) -> None:
        """The party asks for another number of signatures."""
        version = self.versions.get(party.address, 1)
        deadline = await self.ledger.deadline()
        intent = SetThreshold(party.address, power, threshold, version, deadline, random_salt())
        await self.ledger.send(calls.set_threshold(self.ledger.book, intent, party.sign(intent)))
        self.versions[party.address] = version + 1

    async def revoke(self, party: Actor, digest: Digest) -> None:
        """The party withdraws a signature it never used."""
        intent = Revoke(party.address, digest, await self.ledger.deadline(), random_salt())
        await self.ledger.send(calls.revoke(self.ledger.book, intent, party.sign(intent, party.signers[:1])))

    async def set_status(self, party: Actor, status: PartyStatus) -> None:
        """The registrar suspends or reinstates."""
        call = calls.update_party(
            self.ledger.book, party.address, status, Role.SUPPLIER, FAR_FUTURE, random_word()
        )
        await self.ledger.send(call, self.ledger.governance["registrar"])

    async def story(self) -> Deal:
        """Issue, pass on twice, finance, pay in two parts and claim after each: the trade in short."""
        first, second, third = self.suppliers
        deal = await self.issue(first)
        held = await self.assign(deal, deal.lots[0], second, 600_00)
        held = await self.assign(deal, held, third, 250_00)
        await self.finance(deal, held, 200_00, 195_00, fees=1_00)
        await self.pay(deal, 333_33)
        await self.claim(deal)
        await self.pay(deal, FACE - 333_33)
        await self.claim(deal)
        return deal

    async def _assignment(self, held: Held, to: Actor, amount: int) -> Assign:
        return Assign(
            owner=held.owner.address,
            to=to.address,
            lot=held.id,
            seq=held.seq,
            amount=amount,
            evidence=random_word(),
            deadline=await self.ledger.deadline(),
            salt=random_salt(),
        )

    async def _purchase(
        self, held: Held, amount: int, price: int, fees: int, secured: int, limit: int
    ) -> Finance:
        return Finance(
            bank=self.bank.address,
            seller=held.owner.address,
            lot=held.id,
            seq=held.seq,
            amount=amount,
            price=price,
            fees=fees,
            fees_to=self.suppliers[0].address if fees else ZERO_ADDRESS,
            rate_ppm=50_000,
            day_count=360,
            recourse=_recourse(secured, limit),
            secured=secured,
            recourse_limit=limit,
            registration_ref=random_word(),
            notice_ref=random_word(),
            terms_hash=random_word(),
            deadline=await self.ledger.deadline(),
            salt=random_salt(),
        )

    def _bought(self, deal: Deal, held: Held, amount: int, secured: int) -> Held:
        child = self._cut(deal, held, self.bank, amount)
        if secured:
            child.chargee, child.seq = held.owner, 1
        return child

    def _cut(self, deal: Deal, held: Held, to: Actor, amount: int) -> Held:
        """A charge goes with the lot unless title comes to whoever it was for."""
        held.amount -= amount
        held.seq += 1
        chargee, held.chargee = held.chargee, None
        child = Held(lot_id(deal.id, len(deal.lots) + 1), to, amount)
        child.chargee = None if chargee is to else chargee
        deal.lots.append(child)
        return child


def _recourse(secured: int, limit: int) -> Recourse:
    if not secured:
        return Recourse.WITHOUT
    return Recourse.LIMITED if limit else Recourse.WITH
