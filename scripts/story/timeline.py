"""A discrete-event timeline: what happens, in the order of the business days on which it happens."""

import heapq
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time
from typing import Final

DAY_S: Final = 86_400

Action = Callable[[], Awaitable[None]]
Clock = Callable[[int], Awaitable[None]]
"""Takes the ledger's clock to an instant (seconds since 1970 UTC), if it has not passed."""


def instant(day: date, hour: int) -> int:
    """Seconds since 1970 of a full hour of a day, UTC."""
    return int(datetime.combine(day, time(hour), UTC).timestamp())


class Timeline:
    """Actions may add further actions, but not before the instant that is being played."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._events: list[tuple[int, int, Action]] = []
        self._order = 0
        self._now = 0

    def at(self, instant_s: int, action: Action) -> None:
        """Do `action` at an instant; those of the same instant happen in the order in which they came."""
        if instant_s < self._now:
            raise ValueError(f"{instant_s} is before {self._now}, which is being played")
        heapq.heappush(self._events, (instant_s, self._order, action))
        self._order += 1

    @property
    def now_s(self) -> int:
        """The instant that is being played."""
        return self._now

    async def play(self) -> None:
        """Play all events, those included that are added on the way."""
        while self._events:
            self._now, _, action = heapq.heappop(self._events)
            await self._clock(self._now)
            await action()
