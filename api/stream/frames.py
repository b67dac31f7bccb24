"""What one client is sent: the events it may see, in order, and a heartbeat while there are none."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from typing import Final

from api.auth.caller import Caller, Scope
from api.events.reading import REORGANISED, LedgerEvent
from api.stream.hub import Batch, Hub
from api.stream.response import OPENING, frame, heartbeat
from indexer.branches import Mark, UnknownMark

HEARTBEAT_S: Final = 15.0
"""Proxies close what is silent for longer, and a key that was revoked meanwhile ends the stream."""


async def frames(
    hub: Hub,
    caller: Caller,
    mark: Mark,
    types: frozenset[str] | None,
    still_live: Callable[[], Awaitable[bool]],
) -> AsyncIterator[bytes]:
    """From `mark` until the service ends, the key does, or the position belongs to no mirror of ours."""
    yield OPENING + heartbeat(mark)
    sent = asked = time.monotonic()
    while True:
        try:
            batch = await hub.after(mark, HEARTBEAT_S, types)
        except UnknownMark:
            return
        if hub.closed.is_set():
            return
        now = time.monotonic()
        if now - asked >= HEARTBEAT_S:
            asked = now
            if not await still_live():
                return
        shown = b""
        if batch is not None:
            mark = batch.through
            shown = _frames_of(batch, caller, types)
        if not shown and now - sent >= HEARTBEAT_S:
            shown = heartbeat(mark)
        if shown:
            sent = now
            yield shown


def _frames_of(batch: Batch, caller: Caller, types: frozenset[str] | None) -> bytes:
    """Made once for all who see the same: an auditor sees what every auditor does."""
    viewer = (None if caller.has(Scope.AUDIT) else caller.party, types)
    if viewer not in batch.made:
        batch.made[viewer] = b"".join(_frames(batch.events, caller, types))
    return batch.made[viewer]


def _frames(
    events: Collection[LedgerEvent], caller: Caller, types: Collection[str] | None
) -> Iterator[bytes]:
    for event in events:
        if types is not None and event.type not in types and event.type != REORGANISED:
            continue
        encoded = event.encoded_for(caller)
        if encoded is not None:
            yield frame(event, encoded)
