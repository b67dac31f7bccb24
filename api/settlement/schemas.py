"""Payments, claims, redemptions and cash credits as clients ask for them."""

from typing import Annotated

from pydantic import Field

from api.http.samples import sampled
from api.http.schemas import Body, MoneyBody, PartyId
from api.receivables.ids import LotIdText, ReceivableIdText

CLAIM_LOTS_MAX = 100
"""`SettlementTooMany` begins above."""


class PaymentBody(Body):
    """The debtor pays a receivable, in whole or in part; interest owed is covered first."""

    model_config = sampled(receivable_id="12", amount={"amount": "12345.67", "currency": "EUR"})

    receivable_id: ReceivableIdText
    amount: MoneyBody


class ClaimBody(Body):
    """Lots of the caller whose open shares are to be paid out."""

    model_config = sampled(lot_ids=["201326593", "201326594"])

    lot_ids: Annotated[list[LotIdText], Field(min_length=1, max_length=CLAIM_LOTS_MAX)]


class RedemptionBody(Body):
    """Cash on the ledger against a payment order to the holder's own bank account."""

    model_config = sampled(
        amount={"amount": "12345.67", "currency": "EUR"}, account_ref="DE02120300000000202051"
    )

    amount: MoneyBody
    account_ref: Annotated[str, Field(min_length=1, max_length=140, examples=["DE02120300000000202051"])]


class CashCreditBody(Body):
    """Money has come in at the settlement bank: `credit_ref` is the reference of its notice, which counts
    once.
    """

    model_config = sampled(
        party="0x52908400098527886E0F7030069857D2E4169EE7",
        amount={"amount": "12345.67", "currency": "EUR"},
        credit_ref="CAMT-2026-05-29-0004",
    )

    party: PartyId
    amount: MoneyBody
    credit_ref: Annotated[str, Field(min_length=1, max_length=140, examples=["CAMT-2026-05-29-0004"])]
