"""Lists: a page by key, and a link to the next one. Never an offset, never a silent end."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query, Request

from api.http.schemas import View
from indexer.queries import PAGE_MAX

PAGE_DEFAULT = 50

Item = TypeVar("Item")
Row = TypeVar("Row")

CursorQuery = Annotated[
    str | None,
    Query(max_length=160, description="Opaque: `next` of the page before has it; absent on the first page."),
]
LimitQuery = Annotated[int, Query(ge=1, le=PAGE_MAX, description="At most so many items.")]


class PageView(View, Generic[Item]):
    """One page; `next` is the target of the following page, null on the last."""

    items: list[Item]
    next: str | None


def page_view(request: Request, items: Sequence[Item], next_cursor: str | None) -> PageView[Item]:
    """The page with its link, which repeats the request's own filters."""
    if next_cursor is None:
        return PageView(items=list(items), next=None)
    target = request.url.include_query_params(cursor=next_cursor)
    return PageView(items=list(items), next=f"{target.path}?{target.query}")


def cut(rows: Sequence[Row], limit: int, key: Callable[[Row], str]) -> tuple[Sequence[Row], str | None]:
    """Of `limit + 1` rows asked for, the page and the cursor of the next one, None when this is the last."""
    page = rows[:limit]
    return page, key(page[-1]) if len(rows) > limit else None
