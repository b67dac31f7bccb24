"""Whom each event concerns: the rules that the pages of receivables, lots and traces follow too.

The debtor owes every lot and knows who holds it; what others agreed among themselves (prices, charges,
mandates) is for those who agreed. Holders, present and former, know what becomes of the receivable. Rules and
stops of the network are for everybody. What is named nowhere is for auditors only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, get_args

from api.auth.visibility import Audience
from api.events.known import OF_ALL_HOLDERS, Known, lot_behind, receivable_behind
from api.events.rendering import AGREED_FLAGS
from domain import events
from domain.ids import ZERO_ADDRESS

AUDITORS: Final = Audience()
EVERYBODY: Final = Audience(everybody=True)


@dataclass(frozen=True, slots=True)
class Place:
    """An event in its place, and what is known around it."""

    event: Any
    block_number: int
    log_index: int
    known: Known

    @property
    def debtor(self) -> str | None:
        """Of the receivable that it is about."""
        ends = self.known.ends.get(receivable_behind(self.event) or 0)
        return ends.debtor if ends else None

    @property
    def creditor(self) -> str | None:
        """The first creditor of that receivable."""
        ends = self.known.ends.get(receivable_behind(self.event) or 0)
        return ends.creditor if ends else None

    @property
    def owner(self) -> str | None:
        """Of the lot that it is about."""
        side = self.known.sides.get(lot_behind(self.event) or 0)
        return side.owner if side else None

    @property
    def giver(self) -> str | None:
        """Who had the serials of that lot before."""
        side = self.known.sides.get(lot_behind(self.event) or 0)
        return side.giver if side else None


def audience_of(place: Place) -> Audience:
    """Who may see the event."""
    return _RULES[type(place.event)](place)


def _parties(*addresses: str | None) -> frozenset[str]:
    return frozenset(address for address in addresses if address is not None) - {ZERO_ADDRESS}


def _named(*fields: str) -> Callable[[Place], Audience]:
    """The parties that the event names in these fields."""
    return lambda place: Audience(_parties(*(getattr(place.event, name) for name in fields)))


def _named_and_debtor(*fields: str) -> Callable[[Place], Audience]:
    return lambda place: Audience(
        _parties(place.debtor, *(getattr(place.event, name) for name in fields)),
    )


def _nobody(_place: Place) -> Audience:
    return AUDITORS


def _everybody(_place: Place) -> Audience:
    return EVERYBODY


def _ends(place: Place) -> Audience:
    return Audience(_parties(place.debtor, place.creditor))


def _holders(place: Place) -> Audience:
    receivable = receivable_behind(place.event) or 0
    held = place.known.holders_at(receivable, place.block_number)
    return Audience(_parties(place.debtor, place.creditor, *held))


def _overdue(place: Place) -> Audience:
    """How many of its debts are overdue is the debtor's own affair."""
    return Audience(_holders(place).parties, {"blocking": _parties(place.debtor)})


def _moved(place: Place) -> Audience:
    """What the giver has left is no business of the one who got a part."""
    event: events.LotMoved = place.event
    left = _parties(place.debtor, event.from_)
    return Audience(left | _parties(event.to), {"parent_left": left, "parent_seq": left})


def _claimed(place: Place) -> Audience:
    return Audience(_parties(place.debtor, place.event.owner))


def _flags_changed(place: Place) -> Audience:
    """The debtor is told of orders; that a lot is charged is for those who agreed on it."""
    event: events.LotFlagsChanged = place.event
    agreed = _parties(place.owner, *place.known.chargees_at(event.lot, place.block_number))
    before = place.known.flags_before(event.lot, (place.block_number, place.log_index))
    stopped = (event.flags ^ before) & ~AGREED_FLAGS
    return Audience(agreed | _parties(place.debtor if stopped else None), {"agreed_flags": agreed})


def _charged(place: Place) -> Audience:
    chargees = place.known.chargees_at(place.event.lot, place.block_number)
    return Audience(_parties(place.owner, *chargees))


def _charge_paid(place: Place) -> Audience:
    return Audience(_parties(place.owner, place.event.party))


def _owner(place: Place) -> Audience:
    return Audience(_parties(place.owner))


def _lot_imported(place: Place) -> Audience:
    event: events.LotImported = place.event
    agreed = _parties(event.owner, event.chargee)
    details = dict.fromkeys(("chargee", "secured", "recourse_limit", "agreed_flags"), agreed)
    return Audience(agreed | _parties(place.debtor), details)


def _realised(place: Place) -> Audience:
    """The buyer knows its price, not how it was divided."""
    event: events.PledgeRealised = place.event
    lenders = _parties(event.owner, event.pledgee)
    return Audience(lenders | _parties(event.buyer), {"to_pledgee": lenders})


def _exposure(place: Place) -> Audience:
    bank, _ = place.known.mandates.get(place.event.id, (None, 0))
    return Audience(_parties(bank))


def _intent_used(place: Place) -> Audience:
    """What was issued is for both ends, what was paid or cut off for those whose it is."""
    if lot_behind(place.event) is None:
        return _ends(place)
    return Audience(_parties(place.owner, place.giver))


_RULES: Final[dict[type[Any], Callable[[Place], Audience]]] = {
    **dict.fromkeys(OF_ALL_HOLDERS, _holders),
    events.OverdueChanged: _overdue,
    events.ReceivableIssued: _named("debtor", "creditor"),
    events.InvoiceBound: _ends,
    events.InvoiceReleased: _ends,
    events.LotMoved: _moved,
    events.LotClaimed: _claimed,
    events.ChargePaid: _charge_paid,
    events.ClaimFailed: _owner,
    events.LotFlagsChanged: _flags_changed,
    events.LotCharged: _charged,
    events.LotImported: _lot_imported,
    events.LotExported: _named_and_debtor("owner", "registry"),
    events.Financed: _named("bank", "seller"),
    events.BoughtBack: _named("bank", "seller"),
    events.MandateGranted: _named("bank"),
    events.MandateExposure: _exposure,
    events.Pledged: _named("owner", "pledgee"),
    events.PledgeReleased: _named("owner", "pledgee"),
    events.PledgeRealised: _realised,
    events.IntentUsed: _intent_used,
    events.IntentFailed: _nobody,
    events.CashMinted: _named("to"),
    events.CashRedeemed: _named("holder"),
    events.Transfer: _named("from_", "to"),
    events.MintLimitChanged: _nobody,
    events.RightsChanged: _nobody,
    **dict.fromkeys(
        (
            events.IntentRevoked,
            events.PartyAdmitted,
            events.PartyChanged,
            events.SignerChanged,
            events.ThresholdChanged,
            events.RecoveryProposed,
            events.RecoverySignerProposed,
            events.RecoveryThresholdProposed,
            events.RecoverySeconded,
            events.RecoveryVetoed,
            events.RecoveryCancelled,
            events.RecoveryExecuted,
        ),
        _named("party"),
    ),
    **dict.fromkeys(
        (events.CurrencySet, events.PauseChanged, events.RuleScheduled, events.Sealed, events.Retired),
        _everybody,
    ),
}

if missing := set(get_args(events.Event)) - set(_RULES):
    raise TypeError(f"nobody is named for {sorted(kind.__name__ for kind in missing)}")
