"""Quote requests, quotes and financings."""

from typing import Final

from fastapi import Request, Response

from api.auth.caller import Scope
from api.deps import Read, Work, needs
from api.financing import acceptance, quotes, repository, requests, views
from api.financing.models import RequestState
from api.financing.schemas import (
    AcceptanceBody,
    AcceptanceView,
    FinancingView,
    QuoteBody,
    QuoteRequestBody,
    QuoteRequestView,
    QuoteView,
)
from api.http.pagination import PAGE_DEFAULT, CursorQuery, LimitQuery, PageView, cut, page_view
from api.http.routing import router
from api.receivables.ids import to_lot_id

LOTS: Final = router("/lots", "financing")
REQUESTS: Final = router("/quote-requests", "financing")
ROUTER: Final = router("/financings", "financing")

_READERS: Final = needs(Scope.READ, Scope.SUBMIT, Scope.QUOTE, Scope.FINANCE, Scope.AUDIT)


@LOTS.post("/{lot_id}/quote-requests", status_code=201, dependencies=[needs(Scope.SUBMIT)])
async def request_quotes(lot_id: str, body: QuoteRequestBody, work: Work) -> QuoteRequestView:
    """Ask all banks what they would pay for part of a lot."""
    row = await requests.ask(work, lot_id, body)
    return (await requests.views(work, [row]))[0]


@REQUESTS.get("", dependencies=[_READERS])
async def list_quote_requests(
    read: Read,
    request: Request,
    state: RequestState | None = None,
    cursor: CursorQuery = None,
    limit: LimitQuery = PAGE_DEFAULT,
) -> PageView[QuoteRequestView]:
    """The requests of the caller's party; for a bank the open ones of everybody, and those that it has
    quoted.
    """
    found = await requests.page(read, state=state, after=cursor, limit=limit + 1)
    page, next_cursor = cut(found, limit, lambda row: row.id)
    return page_view(request, await requests.views(read, page), next_cursor)


@REQUESTS.get("/{request_id}", dependencies=[_READERS])
async def get_quote_request(request_id: str, read: Read) -> QuoteRequestView:
    """A request, for its owner and for banks."""
    row = await requests.visible_request(read, request_id)
    return (await requests.views(read, [row]))[0]


@REQUESTS.post("/{request_id}/quotes", status_code=201, dependencies=[needs(Scope.QUOTE)])
async def make_quote(request_id: str, body: QuoteBody, work: Work) -> QuoteView:
    """A bank's offer with its whole cost; it can be accepted once the bank has signed the intent in it."""
    quote = await quotes.offer(work, request_id, body)
    request = await repository.request(work.session, request_id)
    return await views.quote_view(work, request, quote)


@REQUESTS.get("/{request_id}/quotes", dependencies=[_READERS])
async def list_quotes(request_id: str, read: Read) -> list[QuoteView]:
    """The offers, cheapest acceptable one first with the reason; a bank sees its own only."""
    return await views.quote_views(read, await requests.visible_request(read, request_id))


@ROUTER.post("", status_code=201, dependencies=[needs(Scope.SUBMIT)])
async def accept_quote(body: AcceptanceBody, work: Work, response: Response) -> AcceptanceView:
    """Take a quote. With `Prefer: wait=10` the answer is 201 once title and cash have moved, else 202."""
    quote, record = await acceptance.accept(work, body)
    if record.operation_id is None:
        response.status_code = 202
    return await views.acceptance_view(work, quote, record)


@ROUTER.get("", dependencies=[_READERS])
async def list_financings(
    read: Read, request: Request, cursor: CursorQuery = None, limit: LimitQuery = PAGE_DEFAULT
) -> PageView[FinancingView]:
    """The financings of the caller's party as bank or seller."""
    page = await views.financings(read, cursor, limit)
    items = [await views.financing_view(read, row) for row in page.items]
    return page_view(request, items, page.next_cursor)


@ROUTER.get("/{financing_id}", dependencies=[_READERS])
async def get_financing(financing_id: str, read: Read) -> FinancingView:
    """A financing, by the lot that the bank bought: cash received, who got what, the transaction."""
    return await views.financing_view(read, await views.visible_financing(read, to_lot_id(financing_id)))
