"""The seller takes a quote: its signature completes the `Finance` intent, and title and cash move."""

from dataclasses import replace
from typing import Final

from api.auth.caller import SYSTEM
from api.financing import repository
from api.financing.models import Quote, QuoteRequest, QuoteState, RequestState
from api.financing.problems import QUOTE_NOT_OPEN, QUOTE_NOT_SIGNED
from api.financing.quotes import lapse
from api.financing.schemas import AcceptanceBody
from api.http.problems import NOT_FOUND
from api.http.translation import contract_refusal
from api.intents import service as intents
from api.intents.models import IntentRecord
from api.outbox.models import Operation, OperationKind, OperationState
from api.outbox.service import Followup
from api.work import UnitOfWork
from domain.ids import Digest, LotId, PartyAddress, receivable_of
from indexer import queries


async def accept(work: UnitOfWork, body: AcceptanceBody) -> tuple[Quote, IntentRecord]:
    """Add the seller's signature; with the last one it needs, the intent is on its way.

    Raises `quote-not-open`, `quote-not-signed`, `LedgerStaleLot`, and what signatures are refused for.
    """
    quote = await repository.quote(work.session, body.quote_id)
    request = await repository.request_for_update(work.session, quote.request_id)
    if request.seller != work.caller.party:
        raise NOT_FOUND("no such quote")
    if request.state != RequestState.OPEN or quote.state != QuoteState.OFFERED:
        raise QUOTE_NOT_OPEN(f"the quote is {quote.state}", state=quote.state, request_state=request.state)
    digest = Digest(quote.digest)
    if not await intents.is_satisfied(work, digest, PartyAddress(quote.bank)):
        raise QUOTE_NOT_SIGNED("the bank's signatures are missing", digest=digest)
    await _require_fresh(work, request, await intents.get(work.session, digest))
    record = await intents.add_signature(work, digest, body.signature)
    if record.operation_id is not None:
        quote.state, request.state = QuoteState.ACCEPTED, RequestState.ACCEPTED
        await work.session.flush()
    return quote, record


async def _require_fresh(work: UnitOfWork, request: QuoteRequest, record: IntentRecord) -> None:
    """A lot that was cut since the quote would only fail on the ledger."""
    lot = await queries.lot(work.mirror, LotId(request.lot_id))
    given = record.fields["seq"]
    if lot is not None and lot.seq != given:
        raise contract_refusal("LedgerStaleLot", lot=lot.id, given=given, current=lot.seq)


async def _financed(work: UnitOfWork, operation: Operation) -> None:
    quote = await repository.quote_by_digest(work.session, operation.digest or "")
    if quote is None:
        return
    request = await repository.request_for_update(work.session, quote.request_id)
    if operation.state != OperationState.DONE:
        # Nothing has moved: the other quotes, as long as they are good, can still be taken.
        quote.state, request.state = QuoteState.FAILED, RequestState.OPEN
        return
    use = await queries.intent_use(work.mirror, Digest(quote.digest))
    if use is None:
        raise LookupError(f"operation {operation.id} is done and the mirror has no use of its intent")
    quote.state, request.state = QuoteState.FINANCED, RequestState.FINANCED
    quote.child_lot_id = use.subject
    # The sale ends the request in the name of the seller, who is a party of every other quote too.
    as_seller = replace(work, caller=replace(SYSTEM, party=PartyAddress(request.seller)))
    for other in await repository.quotes(work.session, request.id):
        await lapse(as_seller, other)
    lot_id = LotId(use.subject)
    operation.result = {
        "financing_id": str(lot_id),
        "lot_id": str(lot_id),
        "receivable_id": str(receivable_of(lot_id)),
        "quote_id": quote.id,
    }


FOLLOWUPS: Final[dict[OperationKind, Followup]] = {OperationKind.FINANCE: _financed}
