"""A holder asks all banks at once what they would pay."""

from collections.abc import Sequence

from api.auth.caller import Scope
from api.auth.visibility import require_visible
from api.financing import repository
from api.financing.models import QuoteRequest, RequestState
from api.financing.schemas import QuoteRequestBody, QuoteRequestView
from api.http.schemas import MoneyBody
from api.http.translation import contract_refusal
from api.ids import new_id, now_ms
from api.parties.refs import names_of
from api.receivables.ids import to_lot_id
from api.receivables.money import minor_in
from api.receivables.title import Cut, movable, require_active
from api.work import Reading, UnitOfWork
from domain.ids import PartyAddress, ReceivableId
from domain.intents import Recourse
from domain.parties import Role
from indexer import queries
from indexer.models import Receivable


async def ask(work: UnitOfWork, lot_id: str, body: QuoteRequestBody) -> QuoteRequest:
    """A request for quotes on part of the caller's lot.

    Raises the refusals of the ledger's `move` by their names, and `FinancingBadRecourse`.
    """
    cut = await movable(work, to_lot_id(lot_id), body.amount)
    await require_active(work, work.caller.party)
    recourse, secured_minor, limit_minor = _recourse(body, cut)
    row = QuoteRequest(
        id=new_id("qr"),
        seller=work.caller.party,
        lot_id=cut.lot.id,
        receivable_id=cut.receivable.id,
        amount_minor=cut.amount_minor,
        currency=cut.receivable.currency,
        recourse=recourse,
        secured_minor=secured_minor,
        recourse_limit_minor=limit_minor,
        reason_code=body.reason_code,
        created_ms=now_ms(),
    )
    work.session.add(row)
    await work.session.flush()
    return row


async def visible_request(reading: Reading, request_id: str) -> QuoteRequest:
    """The request, for its owner and auditors, and for banks while it is open or if they have quoted.

    Raises `not-found`.
    """
    row = await repository.request(reading.session, request_id)
    if await _invites(reading, row):
        return row
    require_visible(reading.caller, [PartyAddress(row.seller)], "quote request")
    return row


async def page(
    reading: Reading, *, state: RequestState | None, after: str | None, limit: int
) -> Sequence[QuoteRequest]:
    """The requests that the caller sees, by age."""
    return await repository.requests(
        reading.session,
        reading.caller,
        as_bank=await _is_bank(reading),
        state=state,
        after=after,
        limit=limit,
    )


def _recourse(body: QuoteRequestBody, cut: Cut) -> tuple[Recourse, int, int]:
    """Kind, secured amount and limit in minor units, as `Financing` takes them."""
    recourse, amount = Recourse[body.recourse.upper()], cut.amount_minor

    def minor(money: MoneyBody | None, otherwise: int) -> int:
        return minor_in(money, cut.receivable.currency) if money else otherwise

    secured = minor(body.secured, 0 if recourse is Recourse.WITHOUT else amount)
    limit = minor(body.recourse_limit, 0)
    if recourse is Recourse.WITHOUT:
        good = secured == 0 and limit == 0
    else:
        good = secured <= amount and limit <= amount and (limit != 0) == (recourse is Recourse.LIMITED)
    if not good:
        raise contract_refusal(
            "FinancingBadRecourse", recourse=recourse.value, secured=secured, recourse_limit=limit
        )
    return recourse, secured, limit


async def _invites(reading: Reading, row: QuoteRequest) -> bool:
    """Whether the caller is a bank that may quote, or has quoted."""
    if not await _is_bank(reading):
        return False
    if row.state == RequestState.OPEN:
        return True
    return bool(await repository.quotes(reading.session, row.id, bank=reading.caller.party))


async def _is_bank(reading: Reading) -> bool:
    """A key's scope is not enough: what a party is, the ledger says."""
    if not reading.caller.has(Scope.QUOTE):
        return False
    party = await queries.party(reading.mirror, reading.caller.party)
    return party is not None and bool(party.roles & Role.BANK)


async def views(reading: Reading, rows: Sequence[QuoteRequest]) -> list[QuoteRequestView]:
    """Requests with what a bank has to know."""
    receivables = [await receivable_of_request(reading, row) for row in rows]
    debtors = (receivable.debtor for receivable in receivables)
    names = await names_of(reading.session, *(row.seller for row in rows), *debtors)
    return [
        QuoteRequestView.of(row, receivable, names) for row, receivable in zip(rows, receivables, strict=True)
    ]


async def receivable_of_request(reading: Reading, row: QuoteRequest) -> Receivable:
    """The receivable that the lot of a request is part of."""
    receivable = await queries.receivable(reading.mirror, ReceivableId(row.receivable_id))
    if receivable is None:
        raise LookupError(f"the mirror has lost receivable {row.receivable_id}")
    return receivable
