"""A lot's story for one caller: what was agreed is for those who were a side of it, and for auditors."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from api.evidence.schemas import (
    ChargeChangeView,
    DepartureView,
    EventView,
    FlagChangeView,
    HopView,
    PledgeView,
    PurchaseView,
    RepurchaseView,
    ShareView,
)
from api.http.schemas import MoneyView
from api.parties.refs import Names, PartyRef
from api.transfers.models import AssignmentEvidence
from domain.ids import ZERO_ADDRESS
from domain.lots import LotFlag
from indexer.lineage import ChargeChange, Departure, Hop, Payout, PledgeTerms, Purchase, Repurchase

_AGREED: Final = frozenset(
    flag.name.lower() for flag in (LotFlag.PLEDGED, LotFlag.RECOURSE, LotFlag.MANDATED) if flag.name
)
"""Flags that come from agreements; the others are orders and where the lot lives."""


@dataclass(frozen=True, slots=True)
class Lens:
    """How the caller sees the story."""

    money: Callable[[int], MoneyView]
    names: Names
    kept: dict[str, AssignmentEvidence]
    party: str
    sees_all: bool
    audits: bool

    def shows(self, hop: Hop) -> bool:
        """Whether the caller may know who was part of the hop."""
        return self.sees_all or self.party in (hop.from_party, hop.to_party)

    def agreed(self, *parties: str | None) -> bool:
        """Whether the caller was a side of what these parties agreed on."""
        return self.audits or self.party in parties

    def ref(self, address: str | None) -> PartyRef | None:
        """The party, None where there is none."""
        return PartyRef.of(address, self.names) if address not in (None, ZERO_ADDRESS) else None


def hop_view(hop: Hop, lens: Lens) -> HopView:
    """The hop as the caller sees it."""
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
        repurchase=_repurchase(hop.repurchase, lens),
        departure=_departure(hop.departure, lens) if hop.departure and shown else None,
        pledges=[_pledge(terms, lens) for terms in hop.pledges if _is_side(terms, lens)],
        flags=_flags(hop, lens) if shown else [],
        charges=[
            _charge(charge, lens) for charge in hop.charges if lens.agreed(hop.to_party, charge.chargee)
        ],
        payouts=[_share(payout, lens) for payout in hop.payouts] if shown else [],
    )


def _trade_evidence(hop: Hop, lens: Lens) -> dict[str, object] | None:
    """The trade is a matter of its two sides and the auditor; the debtor is none of them."""
    row = lens.kept.get(hop.evidence)
    if row is None or not lens.agreed(row.owner, row.receiver):
        return None
    return row.document


def _purchase(purchase: Purchase | None, lens: Lens) -> PurchaseView | None:
    """What a bank paid is no business of the debtor's, though it sees who holds its debt."""
    if purchase is None or not lens.agreed(purchase.bank, purchase.seller):
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


def _repurchase(repurchase: Repurchase | None, lens: Lens) -> RepurchaseView | None:
    if repurchase is None or not lens.agreed(repurchase.bank, repurchase.seller):
        return None
    return RepurchaseView(
        bank=PartyRef.of(repurchase.bank, lens.names),
        seller=PartyRef.of(repurchase.seller, lens.names),
        price=lens.money(repurchase.price_minor),
        digest=repurchase.digest,
    )


def _departure(departure: Departure, lens: Lens) -> DepartureView:
    return DepartureView(
        registry=PartyRef.of(departure.registry, lens.names),
        registry_ref=departure.registry_ref,
        digest=departure.digest,
    )


def _is_side(terms: PledgeTerms, lens: Lens) -> bool:
    """A loan is a matter of its parties, and the sale of the pledge of the buyer too."""
    return lens.agreed(terms.owner, terms.pledgee, terms.buyer)


def _pledge(terms: PledgeTerms, lens: Lens) -> PledgeView:
    to_pledgee = terms.to_pledgee_minor
    return PledgeView(
        step=terms.step,
        owner=PartyRef.of(terms.owner, lens.names),
        pledgee=PartyRef.of(terms.pledgee, lens.names),
        secured=lens.money(terms.secured_minor),
        cash=lens.money(terms.cash_minor),
        buyer=lens.ref(terms.buyer),
        to_pledgee=lens.money(to_pledgee) if to_pledgee is not None else None,
        evidence=terms.evidence,
        digest=terms.digest,
        event=EventView.of(terms.event),
    )


def _flags(hop: Hop, lens: Lens) -> list[FlagChangeView]:
    """A change of nothing that the caller sees is none for it."""
    chargees = [charge.chargee for charge in hop.charges]
    hidden = frozenset() if lens.agreed(hop.to_party, *chargees) else _AGREED
    views: list[FlagChangeView] = []
    before: list[str] = []
    for change in hop.flags:
        seen = [name for name in change.flags if name not in hidden]
        if seen != before or not hidden:
            view = FlagChangeView(flags=seen, evidence=change.evidence, event=EventView.of(change.event))
            views.append(view)
        before = seen
    return views


def _charge(charge: ChargeChange, lens: Lens) -> ChargeChangeView:
    return ChargeChangeView(
        chargee=lens.ref(charge.chargee),
        secured=lens.money(charge.secured_minor),
        recourse_limit=lens.money(charge.recourse_limit_minor),
        event=EventView.of(charge.event),
    )


def _share(payout: Payout, lens: Lens) -> ShareView:
    divided = payout.chargee is not None and lens.agreed(payout.owner, payout.chargee)
    return ShareView(
        payee=PartyRef.of(payout.owner, lens.names),
        principal=lens.money(payout.principal_minor),
        interest=lens.money(payout.interest_minor),
        chargee=lens.ref(payout.chargee) if divided else None,
        to_chargee=lens.money(payout.to_chargee_minor) if divided else None,
        through_installment=payout.through_installment,
        event=EventView.of(payout.event),
    )


def mentioned_in(hop: Hop) -> Iterator[str | None]:
    """Addresses whose names the view of the hop may need."""
    yield from (hop.from_party, hop.to_party)
    yield from (charge.chargee for charge in hop.charges)
    for terms in hop.pledges:
        yield from (terms.owner, terms.pledgee, terms.buyer)
