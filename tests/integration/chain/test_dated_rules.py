"""Rules that change on a day: the deployed ledger and the gates before it turn in the same second."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from chain.devnode import DevNodeSettings
from domain.calendar import date_of, due_instant
from domain.gates import IssueFacts, issue_breaches
from domain.ids import ZERO_DIGEST
from domain.parties import Role
from domain.rules import CN, RuleSet
from tests.support.chain import DAY_S, Actor, DeployedLedger, fresh_ledger, random_word
from tests.support.rules import CAP_SINCE, SIX_MONTHS_CAP
from tests.support.trade import DELIVERED_DAYS_AGO, Trade

pytestmark = pytest.mark.asyncio(loop_scope="session")

FACE = 1_000_00
TWELVE_MONTHS_DAYS = 365
SIX_MONTHS_DAYS = 182
"""From 1 October to 1 April."""


@dataclass(frozen=True)
class Sides:
    """Buyer and supplier, and their classes of Order 802."""

    debtor: Actor
    creditor: Actor
    classes: Role

    @classmethod
    async def admit(cls, ledger: DeployedLedger, classes: Role) -> "Sides":
        return cls(
            await ledger.admit("core", Role.DEBTOR | classes & Role.LARGE_BUYER),
            await ledger.admit("supplier", Role.SUPPLIER | classes & Role.SMALL_SUPPLIER),
            classes,
        )


async def breaches(
    ledger: DeployedLedger, rules: RuleSet, sides: Sides, days: int, *, extended: bool = False
) -> list[str]:
    """What the API would refuse now of the receivable that `Trade.issue_call` makes."""
    today = date_of(await ledger.now())
    delivered_on = today - timedelta(days=DELIVERED_DAYS_AGO)
    facts = IssueFacts(
        issue_date=today,
        due_date=today + timedelta(days=days),
        invoice_dates=(delivered_on,),
        delivered_on=delivered_on,
        debtor_is_large=Role.LARGE_BUYER in sides.classes,
        creditor_is_small=Role.SMALL_SUPPLIER in sides.classes,
        extension_signed=extended,
    )
    return [breach.rule for breach in issue_breaches(rules, facts, today)]


async def test_the_longest_term_falls_to_six_months_between_one_second_and_the_next() -> None:
    turn_s = due_instant(CAP_SINCE)
    begins = DevNodeSettings(timestamp=turn_s - 10 * DAY_S)
    async with fresh_ledger(begins, SIX_MONTHS_CAP) as ledger:
        trade, sides = Trade(ledger), await Sides.admit(ledger, Role(0))

        await ledger.node.set_time(turn_s - 60)
        assert await breaches(ledger, SIX_MONTHS_CAP, sides, TWELVE_MONTHS_DAYS) == []
        before = await trade.issue(sides.debtor, sides.creditor, FACE, days=TWELVE_MONTHS_DAYS)

        await ledger.node.set_time(turn_s - 1)
        last_second = await trade.issue_call(sides.debtor, sides.creditor, FACE, days=TWELVE_MONTHS_DAYS)
        # as of that second, however long the machine takes to ask
        await ledger.client.simulate(last_second, ledger.relayer.address, await ledger.client.block_number())

        await ledger.node.set_time(turn_s)
        assert await breaches(ledger, SIX_MONTHS_CAP, sides, TWELVE_MONTHS_DAYS) == [
            "issue.term-days",
            "issue.term-months",
        ]
        refusal = await ledger.refusal(last_second)
        assert (refusal.name, refusal.values["latest"]) == ("IssuanceTermTooLong", turn_s + 184 * DAY_S)
        assert await breaches(ledger, SIX_MONTHS_CAP, sides, SIX_MONTHS_DAYS) == []
        await trade.issue(sides.debtor, sides.creditor, FACE, days=SIX_MONTHS_DAYS)

        # what was issued under the old rule keeps its due date and goes on being passed on
        moved = await trade.assign(
            sides.creditor, await ledger.admit("next", Role.SUPPLIER), before.lot, 1_00
        )
        assert (moved.parent, moved.amount) == (before.lot, 1_00)


BOTH = Role.LARGE_BUYER | Role.SMALL_SUPPLIER


@pytest.mark.parametrize("extended", [False, True], ids=["no extension", "extension"])
@pytest.mark.parametrize("days_over", [0, 1], ids=["last day", "a day later"])
@pytest.mark.parametrize("classes", [Role(0), Role.LARGE_BUYER, Role.SMALL_SUPPLIER, BOTH], ids=repr)
async def test_the_ledger_and_the_gate_agree_on_the_statutory_term(
    deployed: DeployedLedger, classes: Role, days_over: int, extended: bool
) -> None:
    trade, sides = Trade(deployed), await Sides.admit(deployed, classes)
    days = 60 - DELIVERED_DAYS_AGO + days_over
    extension = random_word() if extended else ZERO_DIGEST
    call = await trade.issue_call(sides.debtor, sides.creditor, FACE, days=days, extension=extension)
    found = await breaches(deployed, CN, sides, days, extended=extended)
    if classes == BOTH and days_over and not extended:
        assert found == ["issue.statutory-term"]
        assert (await deployed.refusal(call)).name == "IssuanceStatutoryTerm"
    else:
        assert found == []
        await deployed.send(call)
