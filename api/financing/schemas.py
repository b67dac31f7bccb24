"""Quote requests, quotes and financings as clients send and see them."""

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from api.financing.models import Quote, QuoteRequest, QuoteState, RequestState
from api.http.samples import sampled
from api.http.schemas import Body, MoneyBody, MoneyView, PartyId, View, instant, instant_ms
from api.intents.schemas import IntentView
from api.outbox.schemas import OperationView
from api.parties.refs import Names, PartyRef
from domain.calendar import date_of
from domain.intents import Recourse
from domain.pricing import RATE_MAX_PPM
from indexer.models import Financing, Receivable

FEES_MAX = 10
VALID_MAX_SECONDS = 86_400

RecourseName = Literal["without", "with", "limited"]
_RECOURSE_NAMES: Final[dict[Recourse, RecourseName]] = {
    Recourse.WITHOUT: "without",
    Recourse.WITH: "with",
    Recourse.LIMITED: "limited",
}
Label = Annotated[str, Field(min_length=1, max_length=80)]
Reference = Annotated[str, Field(min_length=1, max_length=140)]


class QuoteRequestBody(Body):
    """What all banks are asked to buy: `amount` off a lot. `reason_code` explains an unusually long term.

    With recourse `secured` is what of the amount the bank gets before the seller gets the rest, all of it if
    left out. `limited` names in `recourse_limit` the most that the seller has to buy back for.
    """

    model_config = sampled(
        amount={"amount": "12345.67", "currency": "EUR"},
        recourse="limited",
        secured={"amount": "12345.67", "currency": "EUR"},
        recourse_limit={"amount": "2500.00", "currency": "EUR"},
    )

    amount: MoneyBody
    recourse: RecourseName = "without"
    secured: MoneyBody | None = None
    recourse_limit: MoneyBody | None = None
    reason_code: Annotated[str, Field(max_length=40, examples=["seasonal-stock"])] = ""


class FeeBody(Body):
    """A fee withheld from the price: what for, in both languages, and who receives it."""

    label: Annotated[Label, Field(examples=["Arrangement fee"])]
    label_zh: Annotated[Label, Field(examples=["安排费"])]
    receiver: PartyId
    amount: MoneyBody


class QuoteBody(Body):
    """A bank's terms. The references are hashed into the signed intent."""

    model_config = sampled(
        rate_ppm=36000,
        day_count=360,
        fees=[
            {
                "label": "Arrangement fee",
                "label_zh": "安排费",
                "receiver": "0x52908400098527886E0F7030069857D2E4169EE7",
                "amount": {"amount": "20.00", "currency": "EUR"},
            }
        ],
        registration_ref="ZDW-2026-00041877",
        notice_ref="NOTICE-2026-0311",
        valid_for_seconds=3600,
    )

    rate_ppm: Annotated[
        int,
        Field(strict=True, ge=0, le=RATE_MAX_PPM, description="Parts per million a year.", examples=[36000]),
    ]
    day_count: Literal[360, 365] = 360
    fees: Annotated[tuple[FeeBody, ...], Field(max_length=FEES_MAX)] = ()
    registration_ref: Annotated[Reference | None, Field(examples=["ZDW-2026-00041877"])] = None
    notice_ref: Annotated[Reference | None, Field(examples=["NOTICE-2026-0311"])] = None
    valid_for_seconds: Annotated[int, Field(strict=True, ge=1, le=VALID_MAX_SECONDS)] = 3600


class AcceptanceBody(Body):
    """The seller's signature over the quote's intent, 65 bytes (r, s, v) as hexadecimal."""

    model_config = sampled(quote_id="qt_01k5zq3v8e2m4n6p8r0s2t4v6w", signature="0x" + "5c" * 64 + "1b")

    quote_id: Annotated[str, Field(max_length=40, examples=["qt_01k5zq3v8e2m4n6p8r0s2t4v6w"])]
    signature: Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{130}$", examples=["0x" + "5c" * 64 + "1b"])]


class QuoteRequestView(View):
    """A request with what a bank has to know: who owes, how much, until when."""

    id: Annotated[str, Field(examples=["qr_01k5zq3v8e2m4n6p8r0s2t4v6w"])]
    state: RequestState
    seller: PartyRef
    debtor: PartyRef
    lot_id: str
    receivable_id: str
    amount: MoneyView
    due_on: date
    recourse: RecourseName
    secured: MoneyView | None
    recourse_limit: MoneyView | None
    reason_code: str
    created_at: str

    @classmethod
    def of(cls, request: QuoteRequest, receivable: Receivable, names: Names) -> "QuoteRequestView":
        return cls(
            id=request.id,
            state=RequestState(request.state),
            seller=PartyRef.of(request.seller, names),
            debtor=PartyRef.of(receivable.debtor, names),
            lot_id=str(request.lot_id),
            receivable_id=str(request.receivable_id),
            amount=MoneyView.of(request.amount_minor, request.currency),
            due_on=date_of(receivable.due_s),
            recourse=recourse_name(request.recourse),
            secured=_money_if_any(request.secured_minor, request.currency),
            recourse_limit=_money_if_any(request.recourse_limit_minor, request.currency),
            reason_code=request.reason_code,
            created_at=instant_ms(request.created_ms),
        )


class QuoteView(View):
    """A bank's offer with its whole cost.

    `acceptable` says that the bank has signed and the time is not over.

    `rank` counts from 1, the cheapest acceptable offer; `reason` says why it stands where it stands.
    """

    quote_id: Annotated[str, Field(examples=["qt_01k5zq3v8e2m4n6p8r0s2t4v6w"])]
    request_id: str
    bank: PartyRef
    state: QuoteState
    acceptable: bool
    rank: int | None
    reason: str
    reason_zh: str
    cash_received: MoneyView
    total_cost: MoneyView
    apr365_percent: str
    effective_annual_percent: str
    cost_sheet: dict[str, Any]
    registration_ref: str | None
    notice_ref: str | None
    expires_at: str
    intent: IntentView

    @classmethod
    def of(
        cls,
        quote: Quote,
        currency: int,
        names: Names,
        *,
        rank: int | None,
        reasons: tuple[str, str],
        intent: IntentView,
    ) -> "QuoteView":
        return cls(
            quote_id=quote.id,
            request_id=quote.request_id,
            bank=PartyRef.of(quote.bank, names),
            state=QuoteState(quote.state),
            acceptable=rank is not None,
            rank=rank,
            reason=reasons[0],
            reason_zh=reasons[1],
            cash_received=MoneyView.of(quote.cash_minor, currency),
            total_cost=MoneyView.of(quote.cost_minor, currency),
            apr365_percent=quote.cost_sheet["apr365_percent"],
            effective_annual_percent=quote.cost_sheet["effective_annual_percent"],
            cost_sheet=quote.cost_sheet,
            registration_ref=quote.registration_ref,
            notice_ref=quote.notice_ref,
            expires_at=instant(quote.expires_s),
            intent=intent,
        )


class PayoutView(View):
    """Who received what when title moved."""

    receiver: PartyRef
    label: str
    label_zh: str
    amount: MoneyView


class FinancingView(View):
    """A lot sold for cash: title and money moved in the one transaction that is named."""

    id: Annotated[str, Field(description="The lot that the bank bought.", examples=["201326594"])]
    lot_id: str
    receivable_id: str
    bank: PartyRef
    seller: PartyRef
    amount: MoneyView
    price: MoneyView
    fees: MoneyView
    cash_received: MoneyView
    payouts: list[PayoutView]
    rate_ppm: int
    day_count: int
    recourse: RecourseName
    registration_ref: str
    notice_ref: str
    terms_hash: str
    digest: str
    quote_id: str | None
    cost_sheet: dict[str, Any] | None
    tx_hash: str
    block_number: int
    financed_at: str

    @classmethod
    def of(cls, row: Financing, currency: int, names: Names, quote: Quote | None) -> "FinancingView":
        cash_minor = row.price_minor - row.fees_minor
        return cls(
            id=str(row.child),
            lot_id=str(row.child),
            receivable_id=str(row.receivable),
            bank=PartyRef.of(row.bank, names),
            seller=PartyRef.of(row.seller, names),
            amount=MoneyView.of(row.amount_minor, currency),
            price=MoneyView.of(row.price_minor, currency),
            fees=MoneyView.of(row.fees_minor, currency),
            cash_received=MoneyView.of(cash_minor, currency),
            payouts=_payouts(row, currency, names),
            rate_ppm=row.rate_ppm,
            day_count=row.day_count,
            recourse=recourse_name(row.recourse),
            registration_ref=row.registration_ref,
            notice_ref=row.notice_ref,
            terms_hash=row.terms_hash,
            digest=row.digest,
            quote_id=quote.id if quote else None,
            cost_sheet=quote.cost_sheet if quote else None,
            tx_hash=row.tx_hash,
            block_number=row.block_number,
            financed_at=instant(row.financed_s),
        )


class AcceptanceView(View):
    """An accepted quote: `financing` is there as soon as the mirror has it.

    `operation` is null while the seller's own threshold asks for more signatures; the last of them sends the
    intent.
    """

    quote_id: str
    operation: OperationView | None
    financing: FinancingView | None


def recourse_name(recourse: int) -> RecourseName:
    """The word for the ledger's number."""
    return _RECOURSE_NAMES[Recourse(recourse)]


def _money_if_any(amount_minor: int, currency: int) -> MoneyView | None:
    return MoneyView.of(amount_minor, currency) if amount_minor else None


def _payouts(row: Financing, currency: int, names: Names) -> list[PayoutView]:
    paid = [(row.seller, "Cash for the lot", "转让价款", row.price_minor - row.fees_minor)]
    if row.fees_minor:
        paid.append((row.fees_to, "Fees", "费用", row.fees_minor))
    return [
        PayoutView(
            receiver=PartyRef.of(receiver, names),
            label=label,
            label_zh=label_zh,
            amount=MoneyView.of(amount_minor, currency),
        )
        for receiver, label, label_zh, amount_minor in paid
    ]
