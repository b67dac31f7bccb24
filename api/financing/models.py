"""Requests for quotes and the quotes of banks."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKeyConstraint, Index
from sqlmodel import Field

from api.db import SCHEMA, AppTable


class RequestState(StrEnum):
    """A request is open until one of its quotes is accepted; a failed acceptance opens it again."""

    OPEN = "open"
    ACCEPTED = "accepted"
    FINANCED = "financed"


class QuoteState(StrEnum):
    """Stored states; whether an offered quote is signed or expired follows from its intent."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    FINANCED = "financed"
    LAPSED = "lapsed"
    FAILED = "failed"


class QuoteRequest(AppTable, table=True):
    """A holder asks all banks what they would pay for `amount_minor` of a lot.

    `currency` is the ISO 4217 number. With recourse the bank gets `secured_minor` before the seller gets the
    rest; under limited recourse the seller buys back for at most `recourse_limit_minor`. Else both are 0.
    """

    __tablename__ = "quote_request"
    __table_args__ = (Index("ix_quote_request_state_id", "state", "id"),)

    id: str = Field(primary_key=True, max_length=40)
    state: str = Field(default=RequestState.OPEN, max_length=12)
    seller: str = Field(max_length=42, index=True)
    lot_id: int = Field(sa_type=BigInteger)
    receivable_id: int = Field(sa_type=BigInteger)
    amount_minor: int = Field(sa_type=BigInteger)
    currency: int
    recourse: int
    secured_minor: int = Field(default=0, sa_type=BigInteger)
    recourse_limit_minor: int = Field(default=0, sa_type=BigInteger)
    reason_code: str = Field(default="", max_length=40)
    created_ms: int = Field(sa_type=BigInteger)


class Quote(AppTable, table=True):
    """A bank's offer: `cost_sheet` is what the intent `digest` commits to; cash and cost are its figures.

    The references are as the bank wrote them; the intent has their commitments.
    """

    __tablename__ = "quote"
    __table_args__ = (
        ForeignKeyConstraint(["request_id"], [f"{SCHEMA}.quote_request.id"]),
        Index("ix_quote_request_id_bank", "request_id", "bank"),
    )

    id: str = Field(primary_key=True, max_length=40)
    request_id: str = Field(max_length=40)
    state: str = Field(default=QuoteState.OFFERED, max_length=12)
    bank: str = Field(max_length=42)
    digest: str = Field(max_length=66, unique=True)
    cost_sheet: dict[str, Any] = Field(sa_type=JSON)
    cash_minor: int = Field(sa_type=BigInteger)
    cost_minor: int = Field(sa_type=BigInteger)
    registration_ref: str | None = Field(default=None, max_length=140)
    notice_ref: str | None = Field(default=None, max_length=140)
    expires_s: int = Field(sa_type=BigInteger)
    child_lot_id: int | None = Field(default=None, sa_type=BigInteger)
    created_ms: int = Field(sa_type=BigInteger)
