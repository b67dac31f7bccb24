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


class EventProofView(View):
    """A mirrored event and what proves it; `evidence` is the object that `python -m chain.proof` reads.

    `validators` are those of the block and `sealers` who of them sealed it, both empty where the mirror does
    not check seals.
    """

    name: str
    contract: str
    tx_hash: str
    block_hash: str
    validators: list[str]
    sealers: list[str]
    evidence: dict[str, Any]


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


class RepurchaseView(View):
    """The buy-back that made a lot: under recourse the seller took it back for the price."""

    bank: PartyRef
    seller: PartyRef
    price: MoneyView
    digest: str


class PledgeView(View):
    """What owner and pledgee agreed on: the lot was `pledged`, its pledge `released`, or `realised`.

    `secured` is what is secured afterwards, `cash` the advance, the repayment or the price. Of a price
    `to_pledgee` went to the pledgee.
    """

    step: str
    owner: PartyRef
    pledgee: PartyRef
    secured: MoneyView
    cash: MoneyView
    buyer: PartyRef | None
    to_pledgee: MoneyView | None
    evidence: str
    digest: str
    event: EventView


class DepartureView(View):
    """The other register in which the lot goes on living, and its reference there."""

    registry: PartyRef
    registry_ref: str
    digest: str


class FlagChangeView(View):
    """The lot's flags after a change; `evidence` is the hash of the order or agreement behind it.

    That a lot is charged or was bought under a mandate is for those who agreed on it.
    """

    flags: list[str]
    evidence: str
    event: EventView


class ChargeChangeView(View):
    """Who else has a right to the lot after a change, null where nobody has.

    A `recourse_limit` of 0 is none.
    """

    chargee: PartyRef | None
    secured: MoneyView
    recourse_limit: MoneyView
    event: EventView


class ShareView(View):
    """What a lot got of the debtor's payments: its owner, the `payee`, all but what went `to_chargee`.

    The division is null where there is none or the caller has no part in it.
    """

    payee: PartyRef
    principal: MoneyView
    interest: MoneyView
    chargee: PartyRef | None
    to_chargee: MoneyView | None
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
    repurchase: RepurchaseView | None
    departure: DepartureView | None
    pledges: list[PledgeView]
    flags: list[FlagChangeView]
    charges: list[ChargeChangeView]
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


class StateStepView(View):
    """A change of the receivable's state; `order` is the hash of what was ordered or agreed, else null."""

    from_state: str
    to_state: str
    order: str | None
    event: EventView


class LossView(View):
    """What was given up for good, and the hash of the order."""

    principal: MoneyView
    interest: MoneyView
    order: str
    event: EventView


class TraceView(View):
    """From the invoices to the final payee.

    Without a serial the whole `tree`, with one the `path` of that serial. Blocks from `sealed_from_block` on
    were mirrored after the seals of their validators were checked; null where they are not.
    """

    receivable_id: str
    state: str
    debtor: PartyRef
    creditor: PartyRef | None
    face: MoneyView
    issue_digest: str | None
    invoices: list[InvoiceRef]
    payments: list[DebtorPaymentView]
    states: list[StateStepView]
    loss: LossView | None
    tree: LotNode | None
    serial: str | None
    path: list[HopView]
    payee: PartyRef | None
    sealed_from_block: int | None
