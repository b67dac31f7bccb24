"""Title: receivables, the invoices behind them, lots, the hops that made them, lots that left.

`_minor` is minor units of the receivable's currency (ISO 4217 number), `_s` seconds since 1970 UTC.
"""

from sqlalchemy import Index, text
from sqlmodel import Field

from domain.ids import ZERO_ADDRESS
from indexer.models.base import STRICT, Appended, Located
from indexer.models.types import AddressText, Flag, Int64, WordText


class Receivable(Located, table=True):
    """A receivable; `paid_minor` is principal, `claimed_minor` principal and interest paid out to holders.

    Until `closed_s` it is open: then it was settled, written off or cancelled, which is for good.
    """

    __tablename__ = "receivable"
    __table_args__ = (
        # Covers what is asked of debts that are open, which are few among all there ever were.
        Index(
            "ix_receivable_open",
            *("debtor", "currency", "due_s", "face_minor", "paid_minor", "closed_s", "id"),
            sqlite_where=text("closed_s IS NULL"),
            postgresql_where=text("closed_s IS NULL"),
        ),
        STRICT,
    )

    id: int = Field(sa_type=Int64, primary_key=True)
    debtor: str = Field(sa_type=AddressText, index=True)
    creditor: str = Field(sa_type=AddressText, index=True)
    currency: int = Field(sa_type=Int64)
    face_minor: int = Field(sa_type=Int64)
    paid_minor: int = Field(default=0, sa_type=Int64)
    interest_paid_minor: int = Field(default=0, sa_type=Int64)
    claimed_minor: int = Field(default=0, sa_type=Int64)
    interest_owed_minor: int = Field(default=0, sa_type=Int64)
    interest_through_s: int = Field(default=0, sa_type=Int64)
    issued_s: int = Field(sa_type=Int64)
    due_s: int = Field(sa_type=Int64)
    state: int = Field(sa_type=Int64)
    closed_s: int | None = Field(default=None, sa_type=Int64)
    overdue: bool = Field(default=False, sa_type=Flag)
    lot_count: int = Field(default=0, sa_type=Int64)
    installments: int = Field(default=0, sa_type=Int64)
    terms_hash: str = Field(sa_type=WordText)
    invoice_set: str = Field(sa_type=WordText)
    max_depth: int = Field(default=0, sa_type=Int64)
    max_lots: int = Field(default=0, sa_type=Int64)
    min_lot_minor: int = Field(default=0, sa_type=Int64)
    late_rate_ppm_per_day: int = Field(default=0, sa_type=Int64)
    grace_days: int = Field(default=0, sa_type=Int64)
    close_window_seconds: int = Field(default=0, sa_type=Int64)


class Lot(Located, table=True):
    """A holding: serials [first_serial, first_serial + amount_minor); empty lots stay as links of title.

    The lots of a receivable are neighbours by id, so that its column needs no index. `closed_s` is the
    receivable's: what a party holds, or held at a time, is found by it among all that ever was its own.

    `flags` is a mask of `domain.lots.LotFlag`. The charge: `chargee` is the pledgee, who is paid first up to
    `secured_minor`, or under recourse the seller, who gets what is beyond it and buys back for at most
    `recourse_limit_minor` (0: no limit). Without a charge they are the zero address and 0.
    """

    __tablename__ = "lot"
    __table_args__ = (
        Index("ix_lot_owner_id", "owner", "id"),
        Index("ix_lot_owner_closed_s", "owner", "closed_s", "since_s", "id"),
        STRICT,
    )

    id: int = Field(sa_type=Int64, primary_key=True)
    receivable: int = Field(sa_type=Int64)
    parent: int = Field(sa_type=Int64)
    owner: str = Field(sa_type=AddressText)
    depth: int = Field(sa_type=Int64)
    first_serial: int = Field(sa_type=Int64)
    amount_minor: int = Field(sa_type=Int64)
    seq: int = Field(default=0, sa_type=Int64)
    claimed_through: int = Field(default=0, sa_type=Int64)
    since_s: int = Field(sa_type=Int64)
    closed_s: int | None = Field(default=None, sa_type=Int64)
    flags: int = Field(default=0, sa_type=Int64)
    chargee: str = Field(default=ZERO_ADDRESS, sa_type=AddressText)
    secured_minor: int = Field(default=0, sa_type=Int64)
    recourse_limit_minor: int = Field(default=0, sa_type=Int64)


class LotMove(Located, table=True):
    """A hop of title: `child` came to be with these serials; a first hop has parent 0 and address zero."""

    __tablename__ = "lot_move"
    __table_args__ = (Index("ix_lot_move_parent_moved_s", "parent", "moved_s"), STRICT)

    child: int = Field(sa_type=Int64, primary_key=True)
    receivable: int = Field(sa_type=Int64)
    parent: int = Field(sa_type=Int64)
    from_party: str = Field(sa_type=AddressText)
    to_party: str = Field(sa_type=AddressText)
    first_serial: int = Field(sa_type=Int64)
    amount_minor: int = Field(sa_type=Int64)
    parent_left_minor: int = Field(sa_type=Int64)
    parent_seq: int = Field(sa_type=Int64)
    depth: int = Field(sa_type=Int64)
    cause: int = Field(sa_type=Int64)
    evidence: str = Field(sa_type=WordText)
    tx_hash: str = Field(sa_type=WordText)
    moved_s: int = Field(sa_type=Int64)


class InvoiceUse(Located, table=True):
    """How much of an invoice backs receivables; never more than its total."""

    __tablename__ = "invoice_use"
    __table_args__ = STRICT

    fingerprint: str = Field(sa_type=WordText, primary_key=True)
    total_minor: int = Field(sa_type=Int64)
    used_minor: int = Field(sa_type=Int64)


class InvoiceBinding(Appended, table=True):
    """An invoice, or part of it, backs a receivable."""

    __tablename__ = "invoice_binding"
    __table_args__ = STRICT

    fingerprint: str = Field(sa_type=WordText, index=True)
    receivable: int = Field(sa_type=Int64, index=True)
    amount_minor: int = Field(sa_type=Int64)
    tx_hash: str = Field(sa_type=WordText)
    bound_s: int = Field(sa_type=Int64)


class InvoiceRelease(Appended, table=True):
    """The receivable was cancelled: this part of the invoice, bound by it before, is free again."""

    __tablename__ = "invoice_release"
    __table_args__ = STRICT

    fingerprint: str = Field(sa_type=WordText)
    receivable: int = Field(sa_type=Int64, index=True)
    amount_minor: int = Field(sa_type=Int64)
    tx_hash: str = Field(sa_type=WordText)
    released_s: int = Field(sa_type=Int64)


class LotExport(Located, table=True):
    """The lot `child` goes on living in another register, there under `registry_ref`."""

    __tablename__ = "lot_export"
    __table_args__ = STRICT

    child: int = Field(sa_type=Int64, primary_key=True)
    receivable: int = Field(sa_type=Int64)
    owner: str = Field(sa_type=AddressText)
    registry_party: str = Field(sa_type=AddressText)
    amount_minor: int = Field(sa_type=Int64)
    registry_ref: str = Field(sa_type=WordText)
    digest: str = Field(sa_type=WordText)
    tx_hash: str = Field(sa_type=WordText)
    exported_s: int = Field(sa_type=Int64)
