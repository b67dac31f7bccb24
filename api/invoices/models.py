"""Invoices on their way to the ledger."""

from datetime import date
from typing import Any, Final

from sqlalchemy import JSON, BigInteger, Index, String, column
from sqlmodel import Field

from api.db import AppTable
from domain.invoice import InvoiceState

FREEING: Final = frozenset(
    {InvoiceState.REJECTED, InvoiceState.EXPIRED, InvoiceState.DECLINED, InvoiceState.CANCELLED}
)
"""States that leave the invoice free to be brought in again; in any other its fingerprint is taken."""

_TAKEN = column("state", String).not_in(sorted(state.value for state in FREEING))


class Invoice(AppTable, table=True):
    """An invoice as read, and how far it has come.

    `buyer` is null while no admitted party has an identifier of the document's buyer, `fingerprint` is then
    computed from the document's own. `document` is `InvoiceDocument.as_dict()`, `sha256` is over the bytes of
    the file. `due_on` is the document's, or what the supplier stated where the document names no day. `terms`
    are the terms that the debtor's `Issue` commits to, `extension` is the supplier's agreement to a due date
    beyond the statutory term, secret salts included.
    """

    __tablename__ = "invoice"
    __table_args__ = (
        # Two requests may check at the same time; the index lets one of them through.
        Index(
            "uq_invoice_fingerprint_taken",
            "fingerprint",
            unique=True,
            sqlite_where=_TAKEN,
            postgresql_where=_TAKEN,
        ),
        Index("ix_invoice_seller_id", "seller", "id"),
        Index("ix_invoice_buyer_id", "buyer", "id"),
    )

    id: str = Field(primary_key=True, max_length=40)
    state: str = Field(default=InvoiceState.DRAFT, max_length=12)
    seller: str = Field(max_length=42)
    buyer: str | None = Field(default=None, max_length=42)
    number: str = Field(max_length=200)
    issued_on: date
    due_on: date | None = None
    currency: str = Field(max_length=3)
    payable_minor: int = Field(sa_type=BigInteger)
    fingerprint: str = Field(max_length=66)
    sha256: str = Field(max_length=64)
    document: dict[str, Any] = Field(sa_type=JSON)
    delivery_evidence: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    extension: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    terms: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    intent_digest: str | None = Field(default=None, max_length=66, index=True)
    receivable_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    reason_code: str | None = Field(default=None, max_length=40)
    reason_text: str | None = Field(default=None, max_length=500)
    problem: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    created_ms: int = Field(sa_type=BigInteger)
    updated_ms: int = Field(sa_type=BigInteger)
