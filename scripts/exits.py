"""How `tally` ends: one exit code a kind of outcome, and errors of every room in words.

0    all is well
1    the result differs from what it must be, or the service refused what must work
2    bad use: an argument, a file or a folder that is not what the command takes
3    something that has to be installed or set is missing
4    the node, the database or the service does not answer
130  interrupted (Ctrl-C, SIGTERM)
"""

import asyncio
import signal
from collections.abc import Coroutine
from enum import IntEnum
from typing import TypeVar

Result = TypeVar("Result")


class ExitCode(IntEnum):
    """See the module."""

    OK = 0
    DIFFERS = 1
    BAD_USE = 2
    MISSING = 3
    UNAVAILABLE = 4
    INTERRUPTED = 130


class Failure(Exception):
    """A command cannot go on. `place` is the file, setting or field it is about."""

    def __init__(self, code: ExitCode, message: str, *, rule: str = "", place: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.rule = rule
        self.place = place

    def text(self) -> str:
        """Rule, place and reason on one line."""
        named = " ".join(part for part in (self.rule, f"({self.place})" if self.place else "") if part)
        return f"{named}: {self}" if named else str(self)


def run(work: Coroutine[object, object, Result]) -> Result:
    """Run a command to its end. Ctrl-C and SIGTERM cancel it, so everything that it started is stopped first.

    Raises Failure for every error that has an exit code, KeyboardInterrupt when it was interrupted.
    """
    try:
        return asyncio.run(_interruptible(work))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    except Exception as error:
        failure = failure_of(error)
        if failure is None:
            raise
        raise failure from error


def failure_of(error: Exception) -> Failure | None:
    """An error of another room as a failure; None if it means that we have a fault."""
    if isinstance(error, Failure):
        return error
    for kinds, code, rule in _table():
        if isinstance(error, kinds):
            reason = getattr(error, "orig", None) or getattr(error, "message", None) or error
            named = rule or getattr(error, "code", "")
            return Failure(code, str(reason) or type(error).__name__, rule=named)
    return None


def _table() -> tuple[tuple[tuple[type[Exception], ...], ExitCode, str], ...]:
    """(errors, exit code, rule): the first row that fits counts; no rule means the error's own code."""
    # Imported here: nobody who asks for help should wait for a database driver.
    from httpx import TransportError
    from sqlalchemy.exc import InterfaceError, OperationalError

    from api.settings import InsecureSettings
    from chain import errors as chain
    from indexer.errors import MirrorLocked, MirrorStopped

    missing = (chain.DevNodeError, chain.CompileError, chain.AddressBookError, chain.SignerError)
    return (
        ((chain.NodeUnavailable,), ExitCode.UNAVAILABLE, ""),
        (missing, ExitCode.MISSING, ""),
        ((chain.ChainError,), ExitCode.DIFFERS, ""),
        ((MirrorLocked,), ExitCode.BAD_USE, ""),
        ((MirrorStopped,), ExitCode.DIFFERS, ""),
        ((InsecureSettings,), ExitCode.BAD_USE, "settings"),
        ((OperationalError, InterfaceError), ExitCode.UNAVAILABLE, "database.unavailable"),
        ((TransportError,), ExitCode.UNAVAILABLE, "http"),
    )


async def _interruptible(work: Coroutine[object, object, Result]) -> Result:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    return await task
