"""Invariant I13: the reference model and the contracts, given the same commands, have the same books.

The sequences are the same in every run. `LEDGER_MODEL_SEQUENCES=5000` asks for a longer search, among other
sequences each time.
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from typing import get_args

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from chain.bindings.errors import ERRORS
from domain.ledger import commands as c
from tests.support.reference.comparison import Beside, Comparison, beside
from tests.support.reference.play import Tally, sequences, without_needless_steps

SEQUENCES_SEARCHED = int(os.environ.get("LEDGER_MODEL_SEQUENCES", "0"))
SEQUENCES = SEQUENCES_SEARCHED or 120
STEPS = 30
SETTINGS = settings(
    max_examples=SEQUENCES,
    derandomize=not SEQUENCES_SEARCHED,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

COMMANDS = {kind.__name__ for kind in (*get_args(c.Command), *get_args(c.CarriedIntent))} - {"Carry"}
CONTRACTS = (
    "Cash",
    "Enforcement",
    "Exports",
    "Financing",
    "Intent",
    "Invoices",
    "Issuance",
    "Ledger",
    "Mandate",
    "Parties",
    "Pledges",
    "Rights",
    "Settlement",
    "Transfers",
)
"""How the errors of the contracts that the model is of begin: not the Rulebook, not the Lens."""
NEVER_REFUSED = {"ReleaseExposure"}  # lots it knows nothing of are passed over
NOT_REACHED = {
    "CashOnlyModules": "functions of ERC-20 that always revert: no command",
    "CashWrongCurrency": "a command goes to the cash contract of the currency it names",
    "FinancingOnlySelf": "an item called from outside of its batch: no command",
    "TransfersOnlySelf": "an item called from outside of its batch: no command",
    "IntentGasTooLow": "gas is no part of the model",
    "InvoicesNone": "Issuance sees first that the face is not what no invoices add up to",
    "LedgerBadMandateFlag": "no module asks for it",
    "LedgerOnlyInFull": "65,534 payments come before it: the unit tests of the model, AttacksDebtorTest",
    "LedgerCurrencyAlreadySet": "governance adds currencies, no command",
    "PartiesAlreadyAdmitted": "admission is no part of the model",
    "PartiesNoSigners": "admission is no part of the model",
    "PartiesBadGrant": "changes of signers are no part of the model",
    "PartiesStaleVersion": "changes of signers are no part of the model",
    "PartiesBadSignature": "a command says who signed, never wrongly: SignaturesTest",
    "RightsRetired": "a ledger with a successor is no part of the model",
    "RightsMissing": "modules have the rights they need: RightsTest",
    "RightsTooManyModules": "governance grants rights, no command",
}
"""Errors that no sequence can meet, each with the reason."""
RECOVERY = "PartiesRecovery"
"""Errors of the recovery of a party's keys, which is no part of the model, begin so."""


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def deployment(runner: asyncio.Runner) -> Iterator[Beside]:
    context = beside()
    yield runner.run(context.__aenter__())
    runner.run(context.__aexit__(None, None, None))


def test_the_model_and_the_contracts_agree(
    deployment: Beside, runner: asyncio.Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = Tally()
    failing: list[bytes] = []

    @SETTINGS
    @given(sequences(STEPS))
    def agree(seeds: bytes) -> None:
        try:
            Comparison(deployment, runner, tally).run(seeds)
        except AssertionError:
            failing.append(seeds)
            raise

    started = time.perf_counter()
    try:
        agree()
    except AssertionError:
        explain(failing[0], lambda: Comparison(deployment, runner, Tally()))
        raise
    with capsys.disabled():
        print(report(tally, time.perf_counter() - started))  # noqa: T201
    assert set(tally.accepted) == COMMANDS
    assert set(tally.refused) == COMMANDS - NEVER_REFUSED
    declared = {error.name for error in ERRORS.values() if error.name.startswith(CONTRACTS)}
    not_reached = declared - set(tally.errors)
    assert {name for name in not_reached if not name.startswith(RECOVERY)} == set(NOT_REACHED)


def explain(seeds: bytes, anew: Callable[[], Comparison]) -> None:
    """Fail again, with only the steps that matter, and with the commands in the message."""

    def fails(shorter: bytes) -> bool:
        try:
            anew().run(shorter)
        except AssertionError:
            return True
        return False

    again = anew()
    try:
        again.run(without_needless_steps(seeds, fails))
    except AssertionError as error:
        error.add_note("\n".join(["The commands that lead there:", *again.history]))
        raise


def report(tally: Tally, seconds: float) -> str:
    """How often each command was accepted and refused, and each error met."""
    lines = [
        "",
        f"{tally.sequences} sequences, {tally.commands} commands, {seconds:.1f} s",
        f"{'command':<22}{'accepted':>9}{'refused':>9}",
        *(f"{name:<22}{tally.accepted[name]:>9}{tally.refused[name]:>9}" for name in sorted(COMMANDS)),
        f"{'error':<31}{'met':>9}",
        *(f"{name:<31}{count:>9}" for name, count in sorted(tally.errors.items())),
    ]
    return "\n".join(lines)
