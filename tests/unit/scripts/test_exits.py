"""Errors of every room end with the exit code that is documented."""

import asyncio
import os
import signal

import pytest

from chain.errors import (
    AddressBookError,
    CompileError,
    DevNodeError,
    NodeUnavailable,
    SignerError,
    WrongChain,
)
from indexer.errors import MirrorLocked, Reorganised
from scripts.exits import ExitCode, Failure, failure_of, run


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NodeUnavailable("gone"), ExitCode.UNAVAILABLE),
        (DevNodeError("no anvil"), ExitCode.MISSING),
        (CompileError("no solc"), ExitCode.MISSING),
        (AddressBookError("no file"), ExitCode.MISSING),
        (SignerError("wrong password"), ExitCode.MISSING),
        (WrongChain("another"), ExitCode.DIFFERS),
        (MirrorLocked("held"), ExitCode.BAD_USE),
        (Reorganised("another block"), ExitCode.DIFFERS),
    ],
)
def test_an_error_of_another_room_has_a_code_and_a_reason(error: Exception, code: ExitCode) -> None:
    failure = failure_of(error)
    assert failure is not None
    assert (failure.code, str(error) in failure.text() or failure.rule != "") == (code, True)


def test_a_fault_of_ours_is_no_failure() -> None:
    assert failure_of(KeyError("oops")) is None


def test_a_failure_says_rule_place_and_reason() -> None:
    assert Failure(ExitCode.BAD_USE, "no such folder", rule="invoices", place="x").text() == (
        "invoices (x): no such folder"
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_lets_the_work_clean_up_and_interrupts_the_command(number: signal.Signals) -> None:
    cleaned: list[str] = []

    async def work() -> None:
        try:
            os.kill(os.getpid(), number)
            await asyncio.sleep(10)
        finally:
            cleaned.append("yes")

    with pytest.raises(KeyboardInterrupt):
        run(work())
    assert cleaned == ["yes"]
