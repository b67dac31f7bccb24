"""A receivable's story for one caller: all of it for auditors and the debtor, one's own hops for everybody
else.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from api.auth.caller import Scope
from api.evidence.schemas import (
    DebtorPaymentView,
    EventView,
    HopView,
    LotNode,
    PurchaseView,
    ShareView,
    TraceView,
)
from api.http.problems import define
from api.http.schemas import MoneyView
from api.http.translation import contract_refusal
from api.parties.refs import Names, PartyRef, names_of
from api.receivables import views as receivables
from api.receivables.access import sees_all_lots, visible_receivable
from api.transfers.models import AssignmentEvidence
from api.transfers.repository import evidence_of
from api.work import Reading
from domain.ids import ZERO_ADDRESS, ReceivableId
from indexer import lineage
from indexer.lineage import DebtorPayment, Hop, LotTree, Payout, Purchase, Trace, TraceTooLarge, UnknownSerial
from indexer.models import Receivable

TRACE_TOO_LARGE = define(
    "trace-too-large", 422, "The tree is too large, ask for a serial", "凭证段过多，请指定序号"
)


@dataclass(frozen=True, slots=True)
class _Lens:
    """How the caller sees the story."""

    money: Callable[[int], MoneyView]
    names: Names
    kept: dict[str, AssignmentEvidence]
    party: str
    sees_all: bool
    audits: bool

    def shows(self, hop: Hop) -> bool:
        return self.sees_all or self.party in (hop.from_party, hop.to_party)

    def ref(self, address: str) -> PartyRef | None:
        return PartyRef.of(address, self.names) if address != ZERO_ADDRESS else None


async def trace(read: Reading, receivable_id: ReceivableId, serial: int | None) -> TraceView:
    """The story of a receivable, or of one serial of it.

    Raises `not-found`, `LensSerialOutOfRange` and `trace-too-large`.
    """
    receivable = await visible_receivable(read, receivable_id)
    try:
        story = await lineage.trace(read.mirror, receivable_id, serial)
    except UnknownSerial as error:
        raise contract_refusal(
            "LensSerialOutOfRange", receivable=receivable_id, serial=serial, face=receivable.face_minor
        ) from error
    except TraceTooLarge as error:
        raise TRACE_TOO_LARGE(str(error)) from error
    lens = await _lens(read, receivable, story)
    return await _view(read, receivable, story, lens)


async def _lens(read: Reading, receivable: Receivable, story: Trace) -> _Lens:
    hops = list(_hops(story))
    mentioned = {address for hop in hops for address in (hop.from_party, hop.to_party)}
    return _Lens(
        money=partial(_money, receivable.currency),
        names=await names_of(read.session, story.debtor, story.creditor, *sorted(mentioned)),
        kept=await evidence_of(read.session, (hop.evidence for hop in hops)),
        party=read.caller.party,
        sees_all=sees_all_lots(read.caller, receivable),
        audits=read.caller.has(Scope.AUDIT),
    )


async def _view(read: Reading, receivable: Receivable, story: Trace, lens: _Lens) -> TraceView:
    detail = await receivables.receivable_detail(read, receivable)
    shown = bool(story.path) and lens.shows(story.path[-1])
    return TraceView(
        receivable_id=detail.id,
        state=detail.state,
        debtor=detail.debtor,
        creditor=detail.creditor,
        face=detail.face,
        issue_digest=story.issue_digest,
        invoices=detail.invoices,
        payments=[_payment(payment, lens) for payment in story.payments],
        tree=_node(story.tree, lens) if story.tree else None,
        serial=str(story.serial) if story.serial is not None else None,
        path=[_hop(hop, lens) for hop in story.path],
        payee=lens.ref(story.payee) if story.payee and shown else None,
    )


def _node(tree: LotTree, lens: _Lens) -> LotNode | None:
    """The branch as the caller sees it; one in which it has no part is left out."""
    children = [node for child in tree.children if (node := _node(child, lens)) is not None]
    if not children and not lens.shows(tree.hop):
        return None
    return LotNode(
        hop=_hop(tree.hop, lens),
        left=lens.money(tree.left_minor),
        left_first_serial=str(tree.left_first_serial),
        children=children,
    )


def _hop(hop: Hop, lens: _Lens) -> HopView:
    shown = lens.shows(hop)
    return HopView(
        lot_id=str(hop.lot),
        parent_id=str(hop.parent) if hop.parent else None,
        from_party=lens.ref(hop.from_party) if shown else None,
        to_party=lens.ref(hop.to_party) if shown else None,
        first_serial=str(hop.first_serial),
        amount=lens.money(hop.amount_minor),
        depth=hop.depth,
        cause=hop.cause,
        evidence=hop.evidence,
        trade_evidence=_trade_evidence(hop, lens),
        event=EventView.of(hop.event),
        purchase=_purchase(hop.purchase, lens),
        payouts=[_share(payout, lens) for payout in hop.payouts] if shown else [],
    )


def _trade_evidence(hop: Hop, lens: _Lens) -> dict[str, object] | None:
    """The trade is a matter of its two sides and the auditor; the debtor is none of them."""
    row = lens.kept.get(hop.evidence)
    if row is None or not (lens.audits or lens.party in (row.owner, row.receiver)):
        return None
    return row.document


def _purchase(purchase: Purchase | None, lens: _Lens) -> PurchaseView | None:
    """What a bank paid is no business of the debtor's, though it sees who holds its debt."""
    if purchase is None or not (lens.audits or lens.party in (purchase.bank, purchase.seller)):
        return None
    return PurchaseView(
        bank=PartyRef.of(purchase.bank, lens.names),
        seller=PartyRef.of(purchase.seller, lens.names),
        price=lens.money(purchase.price_minor),
        fees=lens.money(purchase.fees_minor),
        rate_ppm=purchase.rate_ppm,
        registration_ref=purchase.registration_ref,
        notice_ref=purchase.notice_ref,
        terms_hash=purchase.terms_hash,
        digest=purchase.digest,
    )


def _share(payout: Payout, lens: _Lens) -> ShareView:
    return ShareView(
        payee=PartyRef.of(payout.owner, lens.names),
        principal=lens.money(payout.principal_minor),
        interest=lens.money(payout.interest_minor),
        through_installment=payout.through_installment,
        event=EventView.of(payout.event),
    )


def _payment(payment: DebtorPayment, lens: _Lens) -> DebtorPaymentView:
    return DebtorPaymentView(
        installment=payment.installment,
        principal=lens.money(payment.principal_minor),
        interest=lens.money(payment.interest_minor),
        digest=payment.digest,
        event=EventView.of(payment.event),
    )


def _hops(story: Trace) -> Iterator[Hop]:
    yield from story.path
    if story.tree is not None:
        yield from _below(story.tree)


def _below(tree: LotTree) -> Iterable[Hop]:
    yield tree.hop
    for child in tree.children:
        yield from _below(child)


def _money(currency: int, amount_minor: int) -> MoneyView:
    return MoneyView.of(amount_minor, currency)
