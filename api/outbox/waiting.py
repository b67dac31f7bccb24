"""Who waits for what: clients for operations, lanes for work."""

import asyncio
from typing import Final

from api.db import Databases
from api.http.problems import NOT_FOUND
from api.outbox.models import FINAL_STATES, Operation

POLL_APART_S: Final = 0.05
"""How often a client's operation is looked at where the sender is another process."""

POLL_TOGETHER_S: Final = 1.0
"""The same where the sender is this process, which announces what it has finished."""


class Outbox:
    """The in-process side of the outbox table: commands wake the lanes, finished operations wake their
    clients.
    """

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._sleepers: list[asyncio.Event] = []
        self._waiting: dict[str, list[asyncio.Event]] = {}

    def sleeper(self) -> asyncio.Event:
        """An event that is set whenever there may be something to send."""
        event = asyncio.Event()
        self._sleepers.append(event)
        return event

    def wake(self) -> None:
        """Tell the lanes, after a commit, that they have work."""
        for event in self._sleepers:
            event.set()

    def announce(self, operation_id: str) -> None:
        """Tell whoever waits for an operation, after the commit, that it has come to its end."""
        for event in self._waiting.get(operation_id, ()):
            event.set()

    async def finished(self, operation_id: str, timeout_s: float) -> Operation:
        """The operation as soon as it is done or failed, or as it is when the time is up."""
        event = asyncio.Event()
        waiting = self._waiting.setdefault(operation_id, [])
        waiting.append(event)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        try:
            while True:
                operation = await self._read(operation_id)
                left = deadline - loop.time()
                if operation.state in FINAL_STATES or left <= 0:
                    return operation
                await _set_or_timeout(event, min(left, self._poll_s))
        finally:
            waiting.remove(event)
            if not waiting:
                self._waiting.pop(operation_id, None)

    @property
    def _poll_s(self) -> float:
        return POLL_TOGETHER_S if self._sleepers else POLL_APART_S

    async def _read(self, operation_id: str) -> Operation:
        async with self._databases.reading() as session:
            operation = await session.get(Operation, operation_id)
        if operation is None:
            raise NOT_FOUND("no such operation")
        return operation


async def _set_or_timeout(event: asyncio.Event, timeout_s: float) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            await event.wait()
    except TimeoutError:
        return
