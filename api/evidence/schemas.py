"""A receivable's story as clients see it."""

from typing import Any

from api.http.schemas import MoneyView, View, instant
from api.parties.refs import PartyRef
from api.receivables.schemas import InvoiceRef
from indexer.lineage import Evidence


class EventView(View):
    """The event behind a statement: anybody can look it up on the chain."""

    tx_hash: str
    block_number: int
    log_index: int
    at: str

    @classmethod
    def of(cls, event: Evidence) -> "EventView":
        return cls(
            tx_hash=event.tx_hash,
            block_number=event.block_number,
            log_index=event.log_index,
            at=instant(event.time_s),
        )


class PurchaseView(View):
    """The financing that made a lot."""

    bank: PartyRef
    seller: PartyRef
    price: MoneyView
    fees: MoneyView
    rate_ppm: int
    registration_ref: str
    notice_ref: str
    terms_hash: str
    digest: str


class ShareView(View):
    """What a lot's owner received of the debtor's payments."""

    payee: PartyRef
    principal: MoneyView
    interest: MoneyView
    through_installment: int
    event: EventView


class HopView(View):
    """How a lot came to be.

    Parties are null, and what they agreed is left out, where the caller is no side of it.

    `trade_evidence` is what the commitment `evidence` was made from, its salt included, so that it can be
    checked.
    """

    lot_id: str
    parent_id: str | None
    from_party: PartyRef | None
    to_party: PartyRef | None
    first_serial: str
    amount: MoneyView
    depth: int
    cause: str
    evidence: str
    trade_evidence: dict[str, Any] | None
    event: EventView
    purchase: PurchaseView | None
    payouts: list[ShareView]


class LotNode(View):
    """A lot, what is left in it, and the lots that were cut from it."""

    hop: HopView
    left: MoneyView
    left_first_serial: str
    children: list["LotNode"]


class DebtorPaymentView(View):
    """A payment of the debtor."""

    installment: int
    principal: MoneyView
    interest: MoneyView
    digest: str
    event: EventView


class TraceView(View):
    """From the invoices to the final payee.

    Without a serial the whole `tree`, with one the `path` of that serial.
    """

    receivable_id: str
    state: str
    debtor: PartyRef
    creditor: PartyRef | None
    face: MoneyView
    issue_digest: str | None
    invoices: list[InvoiceRef]
    payments: list[DebtorPaymentView]
    tree: LotNode | None
    serial: str | None
    path: list[HopView]
    payee: PartyRef | None
