"""An answer that goes on for hours: server-sent events, and the ends that it may come to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Final

from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send
from typing_extensions import override

from api.events.reading import LedgerEvent
from indexer.branches import Mark

MEDIA_TYPE: Final = "text/event-stream"
SEND_S: Final = 30.0
"""A client that takes nothing for so long is let go; it comes back with its last position."""

_GRACE_S: Final = 0.5
_HEADERS: Final = {
    "Cache-Control": "no-store",
    # nginx would keep back what is to arrive at once
    "X-Accel-Buffering": "no",
}
OPENING: Final = b"retry: 1000\n: open\n\n"


class EventStream(StreamingResponse):
    """Ends with its frames, when the client is gone or takes nothing, or soon after `closed` is set.

    Whatever the end, `held` is closed then.
    """

    def __init__(self, frames: AsyncIterator[bytes], closed: asyncio.Event, held: ExitStack) -> None:
        super().__init__(frames, media_type=MEDIA_TYPE, headers=_HEADERS)
        self._closed = closed
        self._held = held

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(SEND_S):
                await send(message)

        streaming = asyncio.ensure_future(super().__call__(scope, receive, send_in_time))
        closing = asyncio.ensure_future(self._closed.wait())
        try:
            await asyncio.wait({streaming, closing}, return_when=asyncio.FIRST_COMPLETED)
            # The frames end by themselves then, but for a client that does not take the last one.
            await asyncio.wait({streaming}, timeout=_GRACE_S)
        finally:
            self._held.close()
            for task in (streaming, closing):
                task.cancel()
            await asyncio.wait({streaming, closing})
        if not streaming.cancelled() and not isinstance(streaming.exception(), OSError | ClientDisconnect):
            streaming.result()


def frame(event: LedgerEvent, encoded: bytes) -> bytes:
    """An event with its position, so that a client that lost the connection comes back with it."""
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (str(event.mark).encode(), event.type.encode(), encoded)


def heartbeat(mark: Mark) -> bytes:
    """Nothing new for this client through `mark`; without data it only moves the client's position."""
    return b": heartbeat\nid: %b\n\n" % str(mark).encode()
