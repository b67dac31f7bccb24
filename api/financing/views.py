"""Quotes and financings as one caller may see them."""

from api.auth.caller import Scope
from api.auth.visibility import require_visible
from api.financing import repository
from api.financing.models import Quote, QuoteRequest, QuoteState, RequestState
from api.financing.schemas import AcceptanceView, FinancingView, QuoteView
from api.http.problems import NOT_FOUND
from api.intents import service as intents
from api.intents.models import IntentRecord
from api.outbox import service as outbox
from api.outbox.models import Operation, OperationState
from api.outbox.schemas import OperationView
from api.parties.refs import Names, names_of
from api.receivables.money import in_words
from api.work import Reading
from domain.ids import Digest, LotId, PartyAddress, ReceivableId
from indexer import queries
from indexer.models import Financing
from indexer.queries import Page


async def quote_views(reading: Reading, request: QuoteRequest) -> list[QuoteView]:
    """The quotes of a request, cheapest acceptable one first: all for its owner and auditors, a bank's own
    for it.
    """
    caller = reading.caller
    sees_all = caller.party == request.seller or caller.has(Scope.AUDIT)
    rows = await repository.quotes(reading.session, request.id, bank=None if sees_all else caller.party)
    names = await names_of(reading.session, *(row.bank for row in rows))
    acceptable = {row.id: await _is_acceptable(reading, request, row) for row in rows}
    ordered = sorted(rows, key=lambda row: (not acceptable[row.id], row.cost_minor, row.created_ms))
    best = ordered[0].cost_minor if ordered and acceptable[ordered[0].id] else None
    views = []
    for position, row in enumerate(ordered):
        rank = position + 1 if acceptable[row.id] else None
        views.append(await _quote_view(reading, request, row, rank, best, names))
    return views


async def quote_view(reading: Reading, request: QuoteRequest, quote: Quote) -> QuoteView:
    """One quote by itself, as its bank sees it when it has made it."""
    names = await names_of(reading.session, quote.bank)
    return await _quote_view(reading, request, quote, None, None, names)


async def financing_view(reading: Reading, row: Financing) -> FinancingView:
    """A financing with its cost sheet, where it was quoted here, and who got what."""
    quote = await repository.quote_by_digest(reading.session, row.digest)
    fees_to = row.fees_to if row.fees_minor else None
    names = await names_of(reading.session, row.bank, row.seller, fees_to)
    receivable = await queries.receivable(reading.mirror, ReceivableId(row.receivable))
    if receivable is None:
        raise LookupError(f"the mirror has lost receivable {row.receivable}")
    return FinancingView.of(row, receivable.currency, names, quote)


async def visible_financing(reading: Reading, child: LotId) -> Financing:
    """The financing that made a lot, for its bank, its seller and auditors. Raises `not-found`."""
    row = await queries.financing_by_child(reading.mirror, child)
    if row is None:
        raise NOT_FOUND("no such financing")
    require_visible(reading.caller, [PartyAddress(row.bank), PartyAddress(row.seller)], "financing")
    return row


async def financings(reading: Reading, cursor: str | None, limit: int) -> Page[Financing]:
    """The financings of the caller as bank or seller; all of them for an auditor."""
    party = None if reading.caller.has(Scope.AUDIT) else reading.caller.party
    return await queries.financings(reading.mirror, party=party, cursor=cursor, limit=limit)


async def render_acceptance(reading: Reading, operation: Operation) -> AcceptanceView:
    """The answer to an acceptance from the present state of its operation."""
    quote = await repository.quote_by_digest(reading.session, operation.digest or "")
    if quote is None:
        raise LookupError(f"operation {operation.id} carries no quote")
    financing = None
    if operation.state == OperationState.DONE and quote.child_lot_id is not None:
        row = await queries.financing_by_child(reading.mirror, LotId(quote.child_lot_id))
        financing = await financing_view(reading, row) if row is not None else None
    return AcceptanceView(quote_id=quote.id, operation=OperationView.of(operation), financing=financing)


async def acceptance_view(reading: Reading, quote: Quote, record: IntentRecord) -> AcceptanceView:
    """The answer before the ledger has anything of it."""
    operation = await outbox.find(reading.session, record.operation_id) if record.operation_id else None
    shown = OperationView.of(operation) if operation is not None else None
    return AcceptanceView(quote_id=quote.id, operation=shown, financing=None)


async def _is_acceptable(reading: Reading, request: QuoteRequest, quote: Quote) -> bool:
    if request.state != RequestState.OPEN or quote.state != QuoteState.OFFERED:
        return False
    if quote.expires_s < reading.now_s:
        return False
    return await intents.is_satisfied(reading, Digest(quote.digest), PartyAddress(quote.bank))


async def _quote_view(
    reading: Reading, request: QuoteRequest, quote: Quote, rank: int | None, best: int | None, names: Names
) -> QuoteView:
    record = await intents.get(reading.session, Digest(quote.digest))
    reason, reason_zh = _reason(reading, request, quote, rank, best)
    return QuoteView.of(
        quote,
        request.currency,
        names,
        rank=rank,
        reasons=(reason, reason_zh),
        intent=await intents.view(reading, record),
    )


def _reason(
    reading: Reading, request: QuoteRequest, quote: Quote, rank: int | None, best: int | None
) -> tuple[str, str]:
    """Why an offer stands where it stands."""
    cost = in_words(quote.cost_minor, request.currency)
    rate = quote.cost_sheet["apr365_percent"]
    if quote.state != QuoteState.OFFERED:
        return f"the offer is {quote.state}", f"报价状态：{quote.state}"
    if quote.expires_s < reading.now_s:
        return "the offer has expired", "报价已过期"
    if rank is None or best is None:
        return "the bank has not signed it yet", "银行尚未签署"
    if quote.cost_minor == best:
        return f"lowest all-in cost: {cost}, {rate} % a year", f"综合成本最低：{cost}，年化 {rate}%"
    more = in_words(quote.cost_minor - best, request.currency)
    return f"{more} dearer than the best, {rate} % a year", f"比最优报价多 {more}，年化 {rate}%"
