"""The contracts on a real node beside the model: the same commands, and then every book compared."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from typing_extensions import override

from chain import calls
from chain.bindings import access_manager
from chain.bindings.codes import AdminRoles
from chain.calls import Call, SignerGrant, ThresholdGrant
from chain.devnode import DevNodeSettings
from chain.text import address_bytes, party_address
from domain.calendar import DAY_SECONDS
from domain.ids import PartyAddress
from domain.ledger import Refusal, apply
from domain.ledger import commands as c
from domain.ledger.journal import LedgerEvent
from domain.ledger.rights import Office
from domain.ledger.state import LedgerState
from domain.money import currency_by_numeric
from domain.parties import Power
from tests.support.chain import DeployedLedger, fresh_ledger
from tests.support.reference.cast import (
    CURRENCIES,
    FAR_FUTURE_S,
    MINT_LIMIT_MINOR,
    ROLES,
    RULES,
    STARTS_S,
    STRANGER,
    Cast,
    grants,
    key_of,
    opening_commands,
    opening_state,
    player,
    word,
)
from tests.support.reference.desk import Desk, Dice, Hashes
from tests.support.reference.encoding import Encoder, invoice_set
from tests.support.reference.node import From, Node
from tests.support.reference.play import Play, Tally
from tests.support.reference.views import all_views

T = TypeVar("T")
_ADMIN_DELAY_S = 3 * DAY_SECONDS
_WITHOUT_DELAY = {Office.COURT: AdminRoles.COURT, Office.UNPAUSER: AdminRoles.UNPAUSER}
"""Offices whose delay the model leaves to the AccessManager: here they have accounts that need not wait."""


@dataclass(frozen=True)
class Beside:
    """A deployment that can be put back to its opening books, and the model's books then."""

    deployed: DeployedLedger
    node: Node
    encoder: Encoder
    cast: Cast
    opening: LedgerState
    opening_s: int

    def desk(self) -> Desk:
        """Where a sequence is drafted."""
        hashes = Hashes(self.encoder.digest, invoice_set)
        return Desk(self.cast, hashes, Dice(), self.opening, self.opening_s)

    def sent(self, command: c.Command) -> From:
        """The call of a command, from its sender."""
        return From(command.sender, self.encoder.call(command))

    async def carry(self, command: c.Command, now_s: int) -> tuple[LedgerEvent, ...]:
        """A command that must have an effect; what was emitted."""
        sent = self.sent(command)
        succeeded, logs = await self.node.send(sent, now_s)
        if not succeeded:
            (refusal,) = await self.node.refusals([sent], now_s + 1)
            raise AssertionError(f"{command}\nmodel accepts\nledger {refusal}")
        return self.encoder.emitted(logs)

    async def check(self, state: LedgerState, now_s: int) -> None:
        """Fails where a view shows another book than the model's."""
        views = list(all_views(state, now_s, self.deployed.book, self.cast))
        answers = await self.node.views([view.call for view in views])
        for view, answer in zip(views, answers, strict=True):
            view.check(answer)


class Comparison(Play):
    """One sequence, on the model and on the node."""

    def __init__(self, beside: Beside, runner: asyncio.Runner, tally: Tally) -> None:
        super().__init__(beside.desk(), tally)
        self._beside = beside
        self._runner = runner

    @override
    def run(self, seeds: bytes) -> None:
        self._await(self._beside.node.back())
        super().run(seeds)
        self._await(self._beside.check(self.desk.state, self.desk.now_s))

    @override
    def on_tried(self, commands: Sequence[c.Command], refusals: Sequence[Refusal | None]) -> None:
        sent = [self._beside.sent(command) for command in commands]
        found = self._await(self._beside.node.refusals(sent, self.desk.now_s))
        for command, ours, theirs in zip(commands, refusals, found, strict=True):
            assert theirs == ours, f"{command}\nmodel  {ours}\nledger {theirs}"

    @override
    def on_accepted(self, command: c.Command, said: Sequence[LedgerEvent]) -> None:
        found = self._await(self._beside.carry(command, self.desk.now_s))
        assert found == said, f"{command}\nmodel  {said}\nledger {found}"

    def _await(self, asked: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(asked)


@asynccontextmanager
async def beside() -> AsyncIterator[Beside]:
    """A node with the contracts, the cast admitted and with cash, and the model's books of the same."""
    settings = DevNodeSettings(timestamp=STARTS_S - 2 * _ADMIN_DELAY_S)
    terms = {
        "currencies": tuple(currency_by_numeric(number) for number in CURRENCIES),
        "mint_limit_per_day_minor": MINT_LIMIT_MINOR,
    }
    async with fresh_ledger(settings, RULES, **terms) as deployed, Node(deployed.node.url) as node:
        cast = _cast(deployed)
        await _grant_offices(deployed, cast)
        await _admit(deployed, cast)
        state, now_s = opening_state(cast), STARTS_S
        encoder = Encoder(deployed.book, cast.keys())
        for command in opening_commands(cast):
            state, _ = apply(state, command, now_s)
            await node.send(From(command.sender, encoder.call(command)), now_s)
            now_s += 1
        await node.mark()
        yield Beside(deployed, node, encoder, cast, state, now_s)


def _cast(deployed: DeployedLedger) -> Cast:
    book = deployed.book
    officers = {office: deployed.governance[office.value].address for office in Office}
    officers |= {office: key_of(office.value).address for office in _WITHOUT_DELAY}
    names = (*ROLES, STRANGER)
    players = {
        name: player(name, party_address(book.chain_id, book.address("Parties"), word(name)))
        for name in names
    }
    return Cast(
        players={name: players[name] for name in ROLES},
        stranger=players[STRANGER],
        officers=officers,
        settlement=PartyAddress(book.address("Settlement")),
        relayer=deployed.relayer.address,
    )


async def _grant_offices(deployed: DeployedLedger, cast: Cast) -> None:
    admin = deployed.governance["admin"]
    manager = deployed.book.address("AccessManager")
    later = []
    for office, role in _WITHOUT_DELAY.items():
        data = access_manager.encode_grant_role(role, address_bytes(cast.officers[office]), 0)
        announce, carry_out = calls.delayed(deployed.book, Call(manager, data))
        await deployed.send(announce, admin)
        later.append(carry_out)
    await deployed.node.set_time(await deployed.now() + _ADMIN_DELAY_S)
    for carry_out in later:
        await deployed.send(carry_out, admin)


async def _admit(deployed: DeployedLedger, cast: Cast) -> None:
    for name, admitted in cast.players.items():
        call = calls.admit(
            deployed.book,
            word(name),
            admitted.roles,
            FAR_FUTURE_S,
            [SignerGrant(key, grant.powers, grant.expires_s) for key, grant in grants(admitted).items()],
            [ThresholdGrant(power, admitted.threshold) for power in Power],
        )
        await deployed.send(call, deployed.governance["registrar"])
