"""A bank's offer: its cost sheet, and the `Finance` intent that commits to it."""

from collections.abc import Callable, Sequence
from typing import Final

from api.financing import repository
from api.financing.models import Quote, QuoteRequest, QuoteState, RequestState
from api.financing.problems import FEES_ONE_RECEIVER, REQUEST_CLOSED
from api.financing.requests import receivable_of_request
from api.financing.schemas import FeeBody, QuoteBody
from api.http.translation import contract_refusal
from api.ids import new_id, now_ms
from api.intents import service as intents
from api.intents.models import IntentRecord, IntentState
from api.intents.schemas import SummaryLine
from api.parties.refs import names_of
from api.receivables.money import in_words, minor_in
from api.receivables.title import (
    Cut,
    lot_and_receivable,
    require_active,
    require_movable,
    require_not_self,
)
from api.rules import refuse_breaches
from api.salt import new_salt
from api.work import UnitOfWork
from domain.calendar import date_of
from domain.commitments import commitment
from domain.gates import FinancingFacts, financing_breaches
from domain.ids import ZERO_ADDRESS, ZERO_DIGEST, Digest, LotId, PartyAddress
from domain.intents import Finance, Recourse
from domain.lots import LotFlag
from domain.money import currency_by_numeric
from domain.parties import Power, Role
from domain.pricing import CostSheet, DayCount, Fee, OfferTerms, cost_sheet
from indexer.models import Receivable

_RECOURSE_WORDS: Final = {
    Recourse.WITHOUT: "without recourse 无追索权",
    Recourse.WITH: "full recourse to the seller 对卖方有全额追索权",
    Recourse.LIMITED: "limited recourse to the seller 对卖方有有限追索权",
}


async def offer(work: UnitOfWork, request_id: str, body: QuoteBody) -> Quote:
    """The bank's quote, to be signed by it (FINANCE) and, if accepted, by the seller (ASSIGN).

    A new quote takes the place of the bank's earlier ones. Raises `quote-request-closed`,
    `fees-one-receiver`, `rules-breached`, errors of pricing, and the standing of the bank and of who receives
    the fees.
    """
    request = await repository.request_for_update(work.session, request_id)
    if request.state != RequestState.OPEN:
        raise REQUEST_CLOSED(f"the request is {request.state}", state=request.state)
    await require_active(work, work.caller.party, Role.BANK)
    receivable = await receivable_of_request(work, request)
    _check_rules(work, request, receivable, body)
    fees_to = await _fees_to(work, body.fees)
    sheet = _sheet(work, request, receivable, body)
    record = await _prepare(work, request, receivable, await _finance(work, request, body, sheet, fees_to))
    for earlier in await repository.quotes(work.session, request.id, bank=work.caller.party):
        await lapse(work, earlier)
    return await _keep(work, request, body, sheet, record)


async def lapse(work: UnitOfWork, quote: Quote) -> None:
    """An offer that has not been taken ends, and its intent takes no more signatures."""
    if quote.state != QuoteState.OFFERED:
        return
    quote.state = QuoteState.LAPSED
    digest = Digest(quote.digest)
    record = await intents.get(work.session, digest)
    if intents.state_of(record, work.now_s) in (IntentState.PREPARED, IntentState.COLLECTING):
        await intents.withdraw(work, digest)


def reference(kind: str, text: str | None) -> Digest:
    """The word that stands for a reference on the ledger; zero where there is none."""
    if text is None:
        return ZERO_DIGEST
    return commitment({"kind": f"tallystick.{kind}.v1", "reference": text})


def _check_rules(work: UnitOfWork, request: QuoteRequest, receivable: Receivable, body: QuoteBody) -> None:
    facts = FinancingFacts(
        issue_date=date_of(receivable.issued_s),
        due_date=date_of(receivable.due_s),
        face_minor=request.amount_minor,
        registration_ref=reference("registration", body.registration_ref),
        notice_ref=reference("notice", body.notice_ref),
        reason_code=request.reason_code,
    )
    refuse_breaches(financing_breaches(work.policy.rules, facts, date_of(work.now_s)))


async def _fees_to(work: UnitOfWork, fees: Sequence[FeeBody]) -> PartyAddress:
    """The one receiver of all fees; the zero address where there are none."""
    receivers = sorted({PartyAddress(fee.receiver) for fee in fees})
    if len(receivers) > 1:
        raise FEES_ONE_RECEIVER("the ledger pays all fees to one party", place="fees", receivers=receivers)
    for receiver in receivers:
        await require_active(work, receiver)
    return receivers[0] if receivers else ZERO_ADDRESS


def _sheet(work: UnitOfWork, request: QuoteRequest, receivable: Receivable, body: QuoteBody) -> CostSheet:
    fees = tuple(
        Fee(fee.label, fee.label_zh, fee.receiver, minor_in(fee.amount, request.currency))
        for fee in body.fees
    )
    terms = OfferTerms(
        face_minor=request.amount_minor,
        currency=currency_by_numeric(request.currency).code,
        rate_ppm=body.rate_ppm,
        day_count=DayCount(body.day_count),
        value_date=date_of(work.now_s),
        due_date=date_of(receivable.due_s),
        bank=work.caller.party,
        fees=fees,
        calendar=work.policy.rules.calendar.code,
    )
    return cost_sheet(terms)


async def _finance(
    work: UnitOfWork, request: QuoteRequest, body: QuoteBody, sheet: CostSheet, fees_to: PartyAddress
) -> Finance:
    lot, receivable = await lot_and_receivable(work, LotId(request.lot_id))
    require_movable(Cut(lot, receivable, request.amount_minor), work.now_s)
    require_not_self(lot, work.caller.party)
    if request.recourse and lot.flags & LotFlag.RECOURSE and lot.chargee != work.caller.party:
        # the recourse of the sale before goes with the lot, and a lot has one charge at a time
        raise contract_refusal("LedgerLotCharged", lot=lot.id, flags=lot.flags)
    return Finance(
        bank=work.caller.party,
        seller=PartyAddress(request.seller),
        lot=LotId(lot.id),
        seq=lot.seq,
        amount=request.amount_minor,
        price=sheet.price_minor,
        fees=sheet.fees_minor,
        fees_to=fees_to,
        rate_ppm=body.rate_ppm,
        day_count=body.day_count,
        recourse=request.recourse,
        secured=request.secured_minor,
        recourse_limit=request.recourse_limit_minor,
        registration_ref=reference("registration", body.registration_ref),
        notice_ref=reference("notice", body.notice_ref),
        terms_hash=sheet.commitment(),
        deadline=work.now_s + body.valid_for_seconds,
        salt=new_salt(),
    )


async def _prepare(
    work: UnitOfWork, request: QuoteRequest, receivable: Receivable, intent: Finance
) -> IntentRecord:
    names = await names_of(work.session, intent.bank, intent.seller, receivable.debtor)

    def words(amount_minor: int) -> str:
        return in_words(amount_minor, request.currency)

    summary = [
        SummaryLine(label="Bank", label_zh="银行", value=names[intent.bank]),
        SummaryLine(label="Seller", label_zh="卖方", value=names[intent.seller]),
        SummaryLine(label="Debtor", label_zh="债务人", value=names[receivable.debtor]),
        SummaryLine(label="Face sold", label_zh="转让面额", value=words(intent.amount)),
        SummaryLine(label="Price", label_zh="成交价", value=words(intent.price)),
        SummaryLine(label="Fees", label_zh="费用", value=words(intent.fees)),
        SummaryLine(label="Cash to seller", label_zh="卖方实收", value=words(intent.price - intent.fees)),
        SummaryLine(label="Due date", label_zh="到期日", value=date_of(receivable.due_s).isoformat()),
        *_recourse_lines(intent, words),
    ]
    return await intents.prepare(
        work,
        intent=intent,
        required=[(intent.bank, Power.FINANCE), (intent.seller, Power.ASSIGN)],
        subject_ref=f"quote-request:{request.id}",
        summary=summary,
    )


def _recourse_lines(intent: Finance, words: Callable[[int], str]) -> list[SummaryLine]:
    """What the seller has to answer for if the debtor does not pay."""
    recourse = Recourse(intent.recourse)
    lines = [SummaryLine(label="Recourse", label_zh="追索权", value=_RECOURSE_WORDS[recourse])]
    if recourse is not Recourse.WITHOUT:
        secured = words(intent.secured)
        lines.append(SummaryLine(label="Paid to the bank first", label_zh="银行优先受偿额", value=secured))
    if recourse is Recourse.LIMITED:
        limit = words(intent.recourse_limit)
        lines.append(SummaryLine(label="Buy-back at most", label_zh="回购上限（追索限额）", value=limit))
    return lines


async def _keep(
    work: UnitOfWork, request: QuoteRequest, body: QuoteBody, sheet: CostSheet, record: IntentRecord
) -> Quote:
    row = Quote(
        id=new_id("qt"),
        request_id=request.id,
        bank=work.caller.party,
        digest=record.digest,
        cost_sheet=sheet.as_dict(),
        cash_minor=sheet.cash_minor,
        cost_minor=sheet.cost_minor,
        registration_ref=body.registration_ref,
        notice_ref=body.notice_ref,
        expires_s=record.expires_s,
        created_ms=now_ms(),
    )
    work.session.add(row)
    await work.session.flush()
    return row
