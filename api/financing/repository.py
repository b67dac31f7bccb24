"""Reading requests and quotes."""

from collections.abc import Sequence

from sqlmodel import col, or_, select

from api.auth.caller import Caller, Scope
from api.db import ReadSession, WriteSession
from api.financing.models import Quote, QuoteRequest, RequestState
from api.http.problems import NOT_FOUND
from domain.ids import PartyAddress


async def request(session: ReadSession, request_id: str) -> QuoteRequest:
    """The request of an id. Raises `not-found`."""
    found = await session.get(QuoteRequest, request_id)
    if found is None:
        raise NOT_FOUND("no such quote request")
    return found


async def request_for_update(session: WriteSession, request_id: str) -> QuoteRequest:
    """The same, held against other commands until the transaction ends."""
    statement = select(QuoteRequest).where(QuoteRequest.id == request_id).with_for_update()
    found = (await session.scalars(statement)).one_or_none()
    if found is None:
        raise NOT_FOUND("no such quote request")
    return found


async def requests(
    session: ReadSession,
    caller: Caller,
    *,
    as_bank: bool,
    state: RequestState | None,
    after: str | None,
    limit: int,
) -> Sequence[QuoteRequest]:
    """Requests by age: the caller's own, and for a bank the open ones and those it has quoted."""
    statement = select(QuoteRequest)
    if not caller.has(Scope.AUDIT):
        mine = [col(QuoteRequest.seller) == caller.party]
        if as_bank:
            quoted = select(Quote.request_id).where(Quote.bank == caller.party)
            mine += [col(QuoteRequest.state) == RequestState.OPEN.value, col(QuoteRequest.id).in_(quoted)]
        statement = statement.where(or_(*mine))
    if state is not None:
        statement = statement.where(QuoteRequest.state == state)
    if after is not None:
        statement = statement.where(QuoteRequest.id > after)
    return (await session.scalars(statement.order_by(col(QuoteRequest.id)).limit(limit))).all()


async def quote(session: ReadSession, quote_id: str) -> Quote:
    """The quote of an id. Raises `not-found`."""
    found = await session.get(Quote, quote_id)
    if found is None:
        raise NOT_FOUND("no such quote")
    return found


async def quotes(
    session: ReadSession, request_id: str, *, bank: PartyAddress | None = None
) -> Sequence[Quote]:
    """The quotes of a request, of one bank where given, oldest first."""
    statement = select(Quote).where(Quote.request_id == request_id)
    if bank is not None:
        statement = statement.where(Quote.bank == bank)
    return (await session.scalars(statement.order_by(col(Quote.id)))).all()


async def quote_by_digest(session: ReadSession, digest: str) -> Quote | None:
    """The quote that a `Finance` intent was made from."""
    return (await session.scalars(select(Quote).where(Quote.digest == digest))).one_or_none()
