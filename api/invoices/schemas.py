"""Invoices as clients send and see them."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from typing_extensions import override

from api.http.samples import sampled
from api.http.schemas import Body, MoneyView, View, instant_ms
from api.invoices.models import Invoice
from api.parties.refs import Names, PartyRef
from domain.invoice import InvoiceState
from domain.money import currency_of

ReasonCode = Literal[
    "goods-not-received", "wrong-goods", "wrong-amount", "wrong-terms", "wrong-buyer", "already-paid", "other"
]


class DeliveryEvidence(Body):
    """What shows that the goods arrived; its text stays off the ledger."""

    kind: Annotated[str, Field(min_length=1, max_length=40, examples=["delivery-note"])]
    reference: Annotated[str, Field(min_length=1, max_length=140, examples=["DN-2026-0117"])]
    delivered_on: date | None = None
    text: Annotated[str, Field(max_length=500)] = ""


class ExtensionBody(Body):
    """The supplier's agreement to be paid later than the statutory term allows.

    Either its `text` or, for a document kept elsewhere, the SHA-256 of its bytes. A salted commitment to it
    is part of the `Issue` that debtor and supplier sign.
    """

    agreed_on: Annotated[date, Field(examples=["2026-02-20"])]
    text: Annotated[str | None, Field(min_length=1, max_length=2000)] = None
    text_sha256: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$")] = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.text is None) == (self.text_sha256 is None):
            raise ValueError("give either text or text_sha256")
        return self


class SubmissionBody(Body):
    """`due_on` is for an invoice that names no day; where it names one, only the same may be stated.

    `extension` is for a due date beyond the statutory term between a large buyer and a small supplier.
    """

    model_config = sampled(
        due_on="2026-05-29",
        delivery_evidence={
            "kind": "delivery-note",
            "reference": "DN-2026-0117",
            "delivered_on": "2026-02-27",
        },
        extension={"agreed_on": "2026-02-20", "text": "同意于 2026-05-29 收款"},
    )

    due_on: Annotated[date | None, Field(examples=["2026-05-29"])] = None
    delivery_evidence: DeliveryEvidence | None = None
    extension: ExtensionBody | None = None


class ConfirmationBody(Body):
    """Nothing: what is confirmed is the invoice as it is."""


class RejectionBody(Body):
    """Why the buyer does not confirm."""

    model_config = sampled(reason_code="wrong-amount", text="the freight was agreed to be yours")

    reason_code: Annotated[ReasonCode, Field(examples=["wrong-amount"])]
    text: Annotated[str | None, Field(max_length=500)] = None


class InvoiceView(View):
    """An invoice in a list.

    `buyer` is null while nobody is admitted under the identifiers that the document names.
    """

    id: Annotated[str, Field(examples=["inv_01k5zq3v8e2m4n6p8r0s2t4v6w"])]
    state: InvoiceState
    seller: PartyRef
    buyer: PartyRef | None
    buyer_name: str
    number: Annotated[str, Field(examples=["TOSL108"])]
    issued_on: date
    due_on: date | None
    payable: MoneyView
    intent_digest: str | None
    receivable_id: str | None
    reason_code: str | None
    reason_text: str | None
    problem: dict[str, Any] | None
    created_at: str

    @classmethod
    def of(cls, invoice: Invoice, state: InvoiceState, names: Names) -> "InvoiceView":
        return cls(**_members(invoice, state, names))


class InvoiceDetail(InvoiceView):
    """One invoice with its document as it was read: parties, lines, totals, references, spellings.

    `terms` and `extension` are what the commitments in the `Issue` are made from, their salts included.
    """

    sha256: str
    fingerprint: str
    delivery_evidence: dict[str, Any] | None
    extension: dict[str, Any] | None
    terms: dict[str, Any] | None
    document: dict[str, Any]

    @classmethod
    @override
    def of(cls, invoice: Invoice, state: InvoiceState, names: Names) -> "InvoiceDetail":
        return cls(
            **_members(invoice, state, names),
            sha256=invoice.sha256,
            fingerprint=invoice.fingerprint,
            delivery_evidence=invoice.delivery_evidence,
            extension=invoice.extension,
            terms=invoice.terms,
            document=invoice.document,
        )


def _members(invoice: Invoice, state: InvoiceState, names: Names) -> dict[str, Any]:
    return {
        "id": invoice.id,
        "state": state,
        "seller": PartyRef.of(invoice.seller, names),
        "buyer": PartyRef.of(invoice.buyer, names) if invoice.buyer else None,
        "buyer_name": invoice.document["buyer"]["name"],
        "number": invoice.number,
        "issued_on": invoice.issued_on,
        "due_on": invoice.due_on,
        "payable": MoneyView.of(invoice.payable_minor, currency_of(invoice.currency).numeric),
        "intent_digest": invoice.intent_digest,
        "receivable_id": str(invoice.receivable_id) if invoice.receivable_id else None,
        "reason_code": invoice.reason_code,
        "reason_text": invoice.reason_text,
        "problem": invoice.problem,
        "created_at": instant_ms(invoice.created_ms),
    }
