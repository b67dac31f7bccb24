"""Receivables and lots, read from the mirror."""

from datetime import date
from typing import Annotated, Final, Literal

from fastapi import Query, Request

from api.auth.caller import Scope
from api.deps import Read, needs
from api.http.pagination import PAGE_DEFAULT, CursorQuery, LimitQuery, PageView, page_view
from api.http.routing import router
from api.receivables import access, views
from api.receivables.debt import payoff_on
from api.receivables.ids import to_lot_id, to_receivable_id
from api.receivables.schemas import LotView, PayoffView, ReceivableDetail, ReceivableView
from domain.calendar import date_of
from indexer import queries

ROUTER: Final = router("/receivables", "receivables")
LOTS: Final = router("/lots", "lots")

_READERS: Final = needs(
    Scope.READ, Scope.SUBMIT, Scope.CONFIRM, Scope.QUOTE, Scope.FINANCE, Scope.PAY, Scope.AUDIT
)
RoleQuery = Annotated[
    Literal["debtor", "creditor", "holder"] | None, Query(description="As what; any of them if left out.")
]


@ROUTER.get("", dependencies=[_READERS])
async def list_receivables(
    read: Read,
    request: Request,
    role: RoleQuery = None,
    cursor: CursorQuery = None,
    limit: LimitQuery = PAGE_DEFAULT,
) -> PageView[ReceivableView]:
    """The receivables that the caller's party owes, was first creditor of, or holds or held a lot of."""
    page = await access.list_receivables(read, role, cursor, limit)
    return page_view(request, await views.receivable_views(read, page.items), page.next_cursor)


@ROUTER.get("/{receivable_id}", dependencies=[_READERS])
async def get_receivable(receivable_id: str, read: Read) -> ReceivableDetail:
    """A receivable that the caller's party has to do with."""
    row = await access.visible_receivable(read, to_receivable_id(receivable_id))
    return await views.receivable_detail(read, row)


@ROUTER.get("/{receivable_id}/lots", dependencies=[_READERS])
async def list_lots_of_receivable(
    receivable_id: str,
    read: Read,
    request: Request,
    cursor: CursorQuery = None,
    limit: LimitQuery = PAGE_DEFAULT,
) -> PageView[LotView]:
    """Its lots: all of them for the debtor and auditors, their own for holders."""
    row = await access.visible_receivable(read, to_receivable_id(receivable_id))
    page = await access.visible_lots(read, row, cursor, limit)
    return page_view(request, await views.lot_views(read, page.items), page.next_cursor)


@ROUTER.get("/{receivable_id}/payoff", dependencies=[_READERS])
async def get_payoff(
    receivable_id: str,
    read: Read,
    on: Annotated[date | None, Query(description="Day of payment; today if left out.")] = None,
) -> PayoffView:
    """What would free the debtor on a day, late interest included."""
    row = await access.visible_receivable(read, to_receivable_id(receivable_id))
    day = on or date_of(read.now_s)
    return PayoffView.of(row, day, payoff_on(row, day))


@LOTS.get("", dependencies=[_READERS])
async def list_lots(
    read: Read,
    request: Request,
    _holder: Annotated[Literal["me"], Query(alias="holder", description="Only one's own are listed.")] = "me",
    cursor: CursorQuery = None,
    limit: LimitQuery = PAGE_DEFAULT,
) -> PageView[LotView]:
    """The lots that the caller's party holds now, emptied ones left out."""
    page = await queries.lots_held_by(read.mirror, read.caller.party, cursor=cursor, limit=limit)
    return page_view(request, await views.lot_views(read, page.items), page.next_cursor)


@LOTS.get("/{lot_id}", dependencies=[_READERS])
async def get_lot(lot_id: str, read: Read) -> LotView:
    """A lot, for its holder, who has a charge on it, its debtor and auditors."""
    row = await access.visible_lot(read, to_lot_id(lot_id))
    return (await views.lot_views(read, [row]))[0]
