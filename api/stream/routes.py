"""The stream of events: `GET /v1/events/stream`, server-sent events that go on where the client was."""

from contextlib import ExitStack
from functools import partial
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request
from fastapi.responses import StreamingResponse

from api.auth.service import is_live
from api.deps import Caller, application_of
from api.events.routes import EVENT_READERS, UNKNOWN_POSITION, AfterQuery, TypesQuery, mark_of, types_of
from api.http.routing import router
from api.stream.frames import frames
from api.stream.response import MEDIA_TYPE, EventStream
from indexer.branches import UnknownMark

ROUTER: Final = router("/events", "events")

_EXAMPLE: Final = (
    "id: 0:118:4\\nevent: LotMoved\\n"
    'data: {"id":"0:118:4","type":"LotMoved","timestamp":"2026-03-02T08:00:00Z","block_number":118,'
    '"log_index":4,"tx_hash":"0x…","receivable_id":"7","data":{"child":"117440514","amount":'
    '{"amount":"400.00","currency":"CNY"}}}\\n\\n'
)
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Events as they happen, each with its position as `id`; comments keep it open.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}, "example": _EXAMPLE}},
    }
}


async def _require_room(request: Request) -> None:
    """Before anything is looked up for the caller: a crowd must cost nothing."""
    application_of(request).seats.require_room()


@ROUTER.get(
    "/stream",
    dependencies=[Depends(_require_room), EVENT_READERS],
    response_class=StreamingResponse,
    responses=_RESPONSES,
)
async def stream_events(
    request: Request,
    caller: Caller,
    after: AfterQuery = None,
    types: TypesQuery = None,
    last_event_id: Annotated[
        str | None, Header(max_length=60, description="Wins over `after`: where the client was.")
    ] = None,
) -> EventStream:
    """The events that the caller may see, as they happen; after a position, those since then first.

    Where the chain took another way, `Reorganised` says how much of what was told did not happen.
    """
    application = application_of(request)
    hub, databases = application.hub, application.resources.databases
    text = last_event_id or after
    with ExitStack() as held:
        held.enter_context(application.seats.taken_by(caller))
        mark = mark_of(text) if text else await hub.now()
        try:
            await hub.check(mark)
        except UnknownMark as error:
            raise UNKNOWN_POSITION(str(error)) from error
        held.enter_context(hub.following())
        sent = frames(hub, caller, mark, types_of(types), partial(is_live, databases, caller.key_id))
        return EventStream(sent, hub.closed, held.pop_all())
