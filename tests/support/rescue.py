"""Recovery of a party that lost its keys: proposed, seconded, stopped by whoever may, carried out."""

from dataclasses import dataclass

from chain import calls
from chain.bindings import parties
from chain.calls import Call, SignerGrant, ThresholdGrant
from chain.signers import LocalSigner
from chain.text import address_bytes, word_bytes
from domain.ids import Digest
from domain.intents import VetoRecovery
from domain.parties import Power
from tests.support.chain import ALL_POWERS, DAY_S, FAR_FUTURE, Actor, DeployedLedger, random_salt, random_word


@dataclass
class Rescue:
    """New keys for a party; the registrar proposes, the seconder agrees."""

    ledger: DeployedLedger
    party: Actor
    key: LocalSigner
    reason: Digest

    @classmethod
    def of(cls, ledger: DeployedLedger, party: Actor) -> "Rescue":
        """One new key with all powers, and one signature for a payment."""
        return cls(ledger, party, LocalSigner.generate(), random_word())

    async def propose(self) -> None:
        """The registrar proposes it."""
        call = calls.propose_recovery(self.ledger.book, self.party.address, *self._keys(), self.reason)
        await self._send(call, "registrar")

    async def second(self) -> None:
        """Another account agrees."""
        book = self.ledger.book
        await self._send(calls.second_recovery(book, self.party.address, await self._id()), "seconder")

    async def cancel(self) -> None:
        """The guardian stops it."""
        data = parties.encode_cancel_recovery(address_bytes(self.party.address), word_bytes(await self._id()))
        await self._send(Call(self.ledger.book.address("Parties"), data), "guardian")

    async def veto(self) -> None:
        """A key of the party that was not lost stops it."""
        intent = VetoRecovery(
            self.party.address, await self._id(), await self.ledger.deadline(), random_salt()
        )
        signature = self.party.sign(intent, self.party.signers[:1])
        await self.ledger.send(calls.veto_recovery(self.ledger.book, intent, signature))

    async def execute(self) -> None:
        """Anyone carries it out a day later."""
        await self.ledger.node.set_time(await self.ledger.now() + DAY_S + 1)
        book = self.ledger.book
        await self.ledger.send(calls.execute_recovery(book, self.party.address, *self._keys(), self.reason))

    def _keys(self) -> tuple[list[SignerGrant], list[ThresholdGrant]]:
        return [SignerGrant(self.key.address, ALL_POWERS, FAR_FUTURE)], [ThresholdGrant(Power.PAY, 1)]

    async def _id(self) -> Digest:
        call = Call(
            self.ledger.book.address("Parties"),
            parties.encode_recovery_of(address_bytes(self.party.address)),
        )
        pending, *_ = parties.decode_recovery_of(
            await self.ledger.client.call(call, await self.ledger.client.block_number())
        )
        return Digest("0x" + pending.hex())

    async def _send(self, call: Call, role: str) -> None:
        await self.ledger.send(call, self.ledger.governance[role])
