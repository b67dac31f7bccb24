"""What the mirror has to be asked before it can be said whom some events concern: a few queries for all of
them together, of which most blocks need two or three.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from api.db import MirrorSession
from domain import events
from domain.ids import ZERO_ADDRESS, LotId, receivable_of
from domain.intents import IntentKind
from indexer import queries
from indexer.queries import Change, Ends, Side

OF_ALL_HOLDERS = (
    events.ReceivableTerms,
    events.PaymentReceived,
    events.ReceivableStateChanged,
    events.ReceivableOrdered,
    events.ReceivableWrittenOff,
    events.OverdueChanged,
    events.ReceivableImported,
    events.TotalsImported,
)
"""Events about a receivable as a whole: of interest to everybody who holds or held a lot of it."""

_OF_SIDES = (
    events.LotFlagsChanged,
    events.LotCharged,
    events.ChargePaid,
    events.ClaimFailed,
    events.IntentUsed,
)
"""Events about a lot that do not say whose it is."""

_ABOUT_RECEIVABLES = frozenset({IntentKind.ISSUE, IntentKind.PAY, IntentKind.CANCEL})


@dataclass(frozen=True, slots=True)
class Known:
    """By receivable, lot and mandate. What happened after an event is told apart by its block, so that an
    event concerns the same parties whenever it is read.
    """

    ends: dict[int, Ends] = field(default_factory=dict)
    holders: dict[int, dict[str, int]] = field(default_factory=dict)
    sides: dict[int, Side] = field(default_factory=dict)
    chargees: dict[int, list[Change]] = field(default_factory=dict)
    flags: dict[int, list[Change]] = field(default_factory=dict)
    mandates: dict[str, tuple[str, int]] = field(default_factory=dict)

    def holders_at(self, receivable: int, block_number: int) -> set[str]:
        """Who held a lot of it by the end of a block, or before."""
        since = self.holders.get(receivable, {})
        return {owner for owner, block in since.items() if block <= block_number}

    def chargees_at(self, lot: int, block_number: int) -> set[str]:
        """Who else had a right to a lot by the end of a block, or before."""
        changes = self.chargees.get(lot, ())
        return {str(one.value) for one in changes if one.block_number <= block_number} - {ZERO_ADDRESS}

    def flags_before(self, lot: int, place: tuple[int, int]) -> int:
        """Flags of a lot until an event at this block and log."""
        before = [one for one in self.flags.get(lot, ()) if (one.block_number, one.log_index) < place]
        return int(before[-1].value) if before else 0


async def known_of(session: MirrorSession, found: Sequence[events.Event]) -> Known:
    """All that these events need."""
    lots = {lot for event in found if isinstance(event, _OF_SIDES) and (lot := lot_behind(event))}
    changed = {event.lot for event in found if isinstance(event, events.LotFlagsChanged | events.LotCharged)}
    whole = [event for event in found if isinstance(event, OF_ALL_HOLDERS)]
    exposures = {event.id for event in found if isinstance(event, events.MandateExposure)}
    return Known(
        ends=await queries.ends_of(session, _receivables(found)),
        holders=await queries.holders_of(session, _receivables(whole)),
        sides=await queries.sides_of(session, lots),
        chargees=await queries.chargees_of(session, changed),
        flags=await queries.flags_of(session, changed),
        mandates=await queries.granted_by(session, exposures),
    )


def receivable_behind(event: events.Event) -> int | None:
    """The receivable that an event is about; None where it is about none."""
    match event:
        case events.ReceivableIssued() | events.ReceivableImported():
            return event.id
        case events.IntentUsed():
            return event.subject if event.kind in _ABOUT_RECEIVABLES else _of_lot(lot_behind(event))
    receivable: int | None = getattr(event, "receivable", None)
    return _of_lot(lot_behind(event)) if receivable is None else receivable


def lot_behind(event: events.Event) -> int | None:
    """The lot that an event is about; None where it is about none."""
    match event:
        case events.LotImported():
            return event.id
        case events.IntentUsed():
            return None if event.kind in _ABOUT_RECEIVABLES else event.subject or None
    lot: int | None = getattr(event, "lot", None)
    return getattr(event, "child", None) if lot is None else lot


def _receivables(found: Sequence[events.Event]) -> set[int]:
    return {receivable for event in found if (receivable := receivable_behind(event))}


def _of_lot(lot: int | None) -> int | None:
    return None if lot is None else receivable_of(LotId(lot))
