"""A real chain with the real contracts for tests: start, deploy, admit parties, sign, send.

`fresh_ledger()` works in any event loop and gives a chain of one's own in a third of a second. The fixtures
`dev_node` and `deployed` share one chain for a whole test session; tests that use them say `pytestmark =
pytest.mark.asyncio(loop_scope="session")`, since connections belong to an event loop.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from typing import Any

import pytest_asyncio

from chain import calls, typed_data
from chain.address_book import AddressBook
from chain.calls import Call, SignerGrant, ThresholdGrant
from chain.client import LedgerClient
from chain.deploy import DeploymentTerms, deploy
from chain.devnode import DevNode, DevNodeSettings
from chain.errors import ContractReverted
from chain.fees import ZERO_FEES
from chain.roles import GovernanceAccounts
from chain.signers import LocalSigner, encode_signatures
from chain.text import party_address
from chain.tx import Receipt, Transaction, gas_limit
from domain.ids import Digest, PartyAddress
from domain.intents import Intent
from domain.parties import Power, Role
from domain.rules import CN, RuleSet

DAY_S = 86_400
ALL_POWERS = (1 << len(Power)) - 1
FAR_FUTURE = (1 << 40) - 1
MINED_WITHIN_S = 10


def random_word() -> Digest:
    """32 random bytes as text: a hash of something, or a reference."""
    return Digest("0x" + secrets.token_hex(32))


def random_salt() -> int:
    """A salt for an intent."""
    return secrets.randbits(64)


@dataclass(frozen=True)
class Actor:
    """A party and the keys that sign for it; as many sign as `threshold` of them."""

    name: str
    address: PartyAddress
    signers: tuple[LocalSigner, ...]
    threshold: int
    book: AddressBook = field(repr=False)

    def sign(self, intent: Intent, signers: Sequence[LocalSigner] | None = None) -> bytes:
        """The party's signatures over an intent, packed for the contract."""
        digest = typed_data.digest(intent, self.book)
        chosen = self.signers[: self.threshold] if signers is None else signers
        return encode_signatures([(signer.address, signer.sign_digest(digest)) for signer in chosen])


@dataclass(frozen=True)
class DeployedLedger:
    """A chain with contracts, a client, and the keys that govern it (by field of `GovernanceAccounts`)."""

    node: DevNode
    book: AddressBook
    client: LedgerClient
    governance: dict[str, LocalSigner]
    relayer: LocalSigner = field(default_factory=LocalSigner.generate)

    async def now(self) -> int:
        """Timestamp of the head: the business clock."""
        return (await self.client.head()).timestamp

    async def deadline(self) -> int:
        """A deadline for an intent, an hour from now."""
        return await self.now() + 3600

    async def send(self, call: Call, signer: LocalSigner | None = None) -> Receipt:
        """Simulate, sign, send and wait; anyone may carry an intent, so the relayer does by default."""
        sender = signer or self.relayer
        estimate = await self.client.estimate_gas(call, sender.address)
        signed = await sender.sign_transaction(
            Transaction(
                chain_id=self.book.chain_id,
                nonce=await self.client.nonce(sender.address, "pending"),
                to=call.to,
                data=call.data,
                gas=gas_limit(estimate),
                fees=ZERO_FEES,
            )
        )
        await self.client.send_raw_transaction(signed.raw)
        receipt = await self._mined(signed.hash)
        if not receipt.succeeded:
            await self.client.simulate(call, sender.address, receipt.block_number)
            raise AssertionError("the transaction failed, its simulation did not")
        return receipt

    async def refusal(self, call: Call, sender: LocalSigner | None = None) -> ContractReverted:
        """The error a call reverts with; fails where it does not."""
        try:
            await self.client.simulate(call, (sender or self.relayer).address)
        except ContractReverted as error:
            return error
        raise AssertionError("the contract accepted what it should refuse")

    async def admit(
        self, name: str, roles: Role, *, signers: int = 1, threshold: int = 1, powers: int = ALL_POWERS
    ) -> Actor:
        """Admit a party whose `signers` keys have all the same powers and thresholds."""
        legal_id_hash = random_word()
        keys = tuple(LocalSigner.generate() for _ in range(signers))
        call = calls.admit(
            self.book,
            legal_id_hash,
            roles,
            FAR_FUTURE,
            [SignerGrant(key.address, powers, FAR_FUTURE) for key in keys],
            [ThresholdGrant(power, threshold) for power in Power] if threshold > 1 else [],
        )
        await self.send(call, self.governance["registrar"])
        address = party_address(self.book.chain_id, self.book.address("Parties"), legal_id_hash)
        return Actor(name, address, keys, threshold, self.book)

    async def mint(self, to: Actor, currency: int, amount: int) -> None:
        """Cash from the settlement bank."""
        call = calls.mint(self.book, currency, to.address, amount, random_word())
        await self.send(call, self.governance["settlement_bank"])

    async def _mined(self, transaction_hash: str) -> Receipt:
        async with asyncio.timeout(MINED_WITHIN_S):
            while (receipt := await self.client.receipt(transaction_hash)) is None:  # noqa: ASYNC110
                await asyncio.sleep(0.002)
        return receipt


async def deploy_on(
    node: DevNode, rules: RuleSet = CN, **terms: Any
) -> tuple[AddressBook, dict[str, LocalSigner]]:
    """The contracts on a running node, under `DeploymentTerms` if given; every role has a key of its own."""
    keys = {role.name: LocalSigner.generate() for role in fields(GovernanceAccounts)}
    accounts = GovernanceAccounts(**{role: key.address for role, key in keys.items()})
    wanted = DeploymentTerms(governance=accounts, rules=rules, **terms)
    deployment = await deploy(node.url, LocalSigner.generate(), wanted, reach_time=node.set_time)
    return deployment.book, keys


@asynccontextmanager
async def fresh_ledger(
    settings: DevNodeSettings | None = None, rules: RuleSet = CN, **terms: Any
) -> AsyncIterator[DeployedLedger]:
    """A chain of one's own with the contracts on it, under `DeploymentTerms` if given."""
    async with DevNode(settings) as node:
        book, keys = await deploy_on(node, rules, **terms)
        async with await LedgerClient.connect(node.url, book) as client:
            yield DeployedLedger(node, book, client, keys)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def dev_node() -> AsyncIterator[DevNode]:
    """One node for the session."""
    async with DevNode() as node:
        yield node


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def deployed(dev_node: DevNode) -> AsyncIterator[DeployedLedger]:
    """The contracts on the session's node, with a client and the governing keys."""
    book, keys = await deploy_on(dev_node)
    async with await LedgerClient.connect(dev_node.url, book) as client:
        yield DeployedLedger(dev_node, book, client, keys)
