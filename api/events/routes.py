"""Pages of events: `GET /v1/events`, for whoever does not want to keep a stream open."""

from typing import Annotated, Final

from fastapi import Query, Request

from api.auth.caller import Scope
from api.deps import Caller, application_of, needs
from api.events.reading import TYPES, LedgerEvent
from api.events.schemas import EventsView, EventView
from api.http.pagination import PAGE_DEFAULT, LimitQuery
from api.http.problems import define
from api.http.routing import router
from indexer.branches import Mark, UnknownMark

UNKNOWN_POSITION: Final = define(
    "unknown-position", 400, "The position is not one of this ledger's events", "事件位置无效"
)
UNKNOWN_EVENT_TYPE: Final = define("unknown-event-type", 422, "No such type of event", "事件类型不存在")

ROUTER: Final = router("/events", "events")
EVENT_READERS: Final = needs(
    Scope.READ, Scope.SUBMIT, Scope.CONFIRM, Scope.QUOTE, Scope.FINANCE, Scope.PAY, Scope.AUDIT
)
SCAN_EVENTS: Final = 1_000
"""How many events of the ledger one page looks through for those that the caller may see."""

AfterQuery = Annotated[
    str | None,
    Query(
        max_length=60,
        description="Position after which to begin; `0:0` is the beginning.",
        examples=["0:118:4"],
    ),
]
TypesQuery = Annotated[
    str | None,
    Query(
        max_length=2_000, description="Only these, with commas between them.", examples=["LotMoved,Financed"]
    ),
]


@ROUTER.get("", dependencies=[EVENT_READERS])
async def list_events(
    request: Request,
    caller: Caller,
    after: AfterQuery = None,
    types: TypesQuery = None,
    limit: LimitQuery = PAGE_DEFAULT,
) -> EventsView:
    """The events after a position that the caller may see, oldest first; from the beginning if none is given.

    A page may be empty and yet have a `next`: then none of the events it looked through was for the caller.
    """
    application = application_of(request)
    mark, wanted = mark_of(after or "0:0"), types_of(types)
    async with application.resources.databases.mirror() as mirror:
        try:
            page = await application.events.after(mirror, mark, SCAN_EVENTS, wanted)
        except UnknownMark as error:
            raise UNKNOWN_POSITION(str(error)) from error
    shown = [event for event in page.events if event.audience.reached(caller)]
    cut = shown[:limit]
    through = cut[-1].mark if len(shown) > limit else page.through
    more = page.more or len(shown) > limit
    target = request.url.include_query_params(after=str(through))
    return EventsView(
        items=[_view(event, caller) for event in cut],
        position=str(through),
        next=f"{target.path}?{target.query}" if more else None,
    )


def mark_of(text: str) -> Mark:
    """Raises `unknown-position`."""
    try:
        return Mark.parse(text)
    except UnknownMark as error:
        raise UNKNOWN_POSITION(str(error), given=text[:60]) from error


def types_of(text: str | None) -> frozenset[str] | None:
    """Raises `unknown-event-type`."""
    return None if text is None else known_types(text.split(","))


def known_types(names: list[str]) -> frozenset[str]:
    """The same for a list. Raises `unknown-event-type`."""
    unknown = sorted(set(names) - TYPES)
    if unknown:
        raise UNKNOWN_EVENT_TYPE(f"there is no {unknown[0][:60]}", unknown=unknown[:10])
    return frozenset(names)


def _view(event: LedgerEvent, caller: Caller) -> EventView:
    return EventView.model_validate(event.shown_to(caller))
