"""Payments, claims, redemptions and cash credits as clients ask for them."""

from typing import Annotated

from pydantic import Field

from api.http.schemas import Body, MoneyBody, PartyId
from api.receivables.ids import LotIdText, ReceivableIdText

CLAIM_LOTS_MAX = 100
"""`SettlementTooMany` begins above."""


class PaymentBody(Body):
    """The debtor pays a receivable, in whole or in part; interest owed is covered first."""

    receivable_id: ReceivableIdText
    amount: MoneyBody


class ClaimBody(Body):
    """Lots of the caller whose open shares are to be paid out."""

    lot_ids: Annotated[list[LotIdText], Field(min_length=1, max_length=CLAIM_LOTS_MAX)]


class RedemptionBody(Body):
    """Cash on the ledger against a payment order to the holder's own bank account."""

    amount: MoneyBody
    account_ref: Annotated[str, Field(min_length=1, max_length=140, examples=["DE02120300000000202051"])]


class CashCreditBody(Body):
    """Money has come in at the settlement bank: `credit_ref` is the reference of its notice, which counts
    once.
    """

    party: PartyId
    amount: MoneyBody
    credit_ref: Annotated[str, Field(min_length=1, max_length=140, examples=["CAMT-2026-05-29-0004"])]
