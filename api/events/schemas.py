"""Events as clients see them, the same on pages, in the stream and in webhooks."""

from typing import Annotated, Any

from pydantic import Field

from api.http.schemas import View


class EventView(View):
    """Something that happened on the ledger; `data` has the fields of the event of that name.

    Fields that are not for the caller are left out of `data`. `Reorganised` is an event of its own: what was
    told of blocks after its `block_number` did not happen, and what happened instead comes next.
    """

    id: Annotated[
        str,
        Field(
            description="Names this event for good; the same however often it comes.", examples=["0:118:4"]
        ),
    ]
    type: Annotated[str, Field(examples=["LotMoved"])]
    timestamp: Annotated[str, Field(description="The block's.", examples=["2026-03-02T08:00:00Z"])]
    block_number: int
    log_index: int | None
    tx_hash: str | None
    receivable_id: str | None
    data: dict[str, Any]


class EventsView(View):
    """What comes after a position. `position` is how far this page reaches, whether or not it has items.

    `next` is the target of what follows, null when the mirror has no more yet.
    """

    items: list[EventView]
    position: Annotated[str, Field(description="To be given as `after` to go on.", examples=["0:118:4"])]
    next: str | None
