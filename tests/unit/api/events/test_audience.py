"""Whom an event concerns, and what of it is for some of them only."""

from typing import Any

import pytest

from api.auth.caller import Caller, Scope
from api.events.audience import Place, audience_of
from api.events.known import Known
from domain import events
from domain.ids import ZERO_ADDRESS, ZERO_DIGEST, LotId, PartyAddress, ReceivableId
from domain.intents import IntentKind
from domain.lots import LotFlag
from domain.receivable import Cause
from indexer.queries import Change, Ends, Side
from tests.support.mirror import address

DEBTOR, CREDITOR, HOLDER, LATER, BANK, STRANGER = (PartyAddress(address(number)) for number in range(1, 7))
RECEIVABLE = ReceivableId(7)
LOT = LotId(7 << 24 | 1)
KNOWN = Known(
    ends={7: Ends(DEBTOR, CREDITOR, 156)},
    holders={7: {CREDITOR: 3, HOLDER: 5, LATER: 9}},
    sides={LOT: Side(HOLDER, CREDITOR)},
    chargees={LOT: [Change(5, 1, BANK)]},
    flags={LOT: [Change(5, 1, int(LotFlag.PLEDGED))]},
    mandates={ZERO_DIGEST: (BANK, 156)},
)


def moved(**changes: Any) -> events.LotMoved:
    fields: dict[str, Any] = {
        "receivable": RECEIVABLE,
        "parent": LOT,
        "child": LotId(LOT + 1),
        "from_": CREDITOR,
        "to": HOLDER,
        "first": 0,
        "amount": 100,
        "parent_left": 900,
        "parent_seq": 1,
        "depth": 1,
        "cause": Cause.ASSIGN,
        "evidence": ZERO_DIGEST,
    }
    return events.LotMoved(**(fields | changes))


def flags_changed(flags: LotFlag) -> events.LotFlagsChanged:
    return events.LotFlagsChanged(RECEIVABLE, LOT, int(flags), 2, ZERO_DIGEST)


def payment() -> events.PaymentReceived:
    return events.PaymentReceived(RECEIVABLE, DEBTOR, 1, 10, 0, 10, 0, 0, 0, ZERO_DIGEST)


FINANCED = events.Financed(
    LotId(LOT + 1),
    BANK,
    CREDITOR,
    1,
    1,
    0,
    HOLDER,
    1,
    360,
    0,
    ZERO_DIGEST,
    ZERO_DIGEST,
    ZERO_DIGEST,
    ZERO_DIGEST,
)
REALISED = events.PledgeRealised(LOT, BANK, LATER, HOLDER, 1, 1, 1, ZERO_DIGEST, ZERO_DIGEST)


def seen(event: Any, party: PartyAddress, *scopes: Scope) -> frozenset[str] | None:
    """What is hidden from a party at block 6; None where it does not see the event."""
    audience = audience_of(Place(event, 6, 0, KNOWN))
    caller = Caller("key", party, frozenset({Scope.READ, *scopes}))
    return audience.hidden_from(caller) if audience.reached(caller) else None


ALL = frozenset[str]()
LEFT = frozenset({"parent_left", "parent_seq"})


@pytest.mark.parametrize(
    ("event", "party", "hidden"),
    [
        (moved(), CREDITOR, ALL),
        (moved(), DEBTOR, ALL),
        (moved(), HOLDER, LEFT),
        (moved(), BANK, None),
        (moved(from_=ZERO_ADDRESS, to=CREDITOR), CREDITOR, LEFT),
        (payment(), DEBTOR, ALL),
        (payment(), HOLDER, ALL),
        (payment(), LATER, None),
        (payment(), BANK, None),
        (FINANCED, BANK, ALL),
        (FINANCED, CREDITOR, ALL),
        (FINANCED, DEBTOR, None),
        (FINANCED, HOLDER, None),
        (flags_changed(LotFlag.PLEDGED | LotFlag.FROZEN), DEBTOR, frozenset({"agreed_flags"})),
        (flags_changed(LotFlag.PLEDGED | LotFlag.FROZEN), BANK, ALL),
        (flags_changed(LotFlag(0)), DEBTOR, None),
        (flags_changed(LotFlag(0)), HOLDER, ALL),
        (events.LotCharged(LOT, ZERO_ADDRESS, 0, 0), BANK, ALL),
        (events.LotCharged(LOT, BANK, 1, 0), DEBTOR, None),
        (events.OverdueChanged(RECEIVABLE, DEBTOR, True, 3), HOLDER, frozenset({"blocking"})),
        (events.OverdueChanged(RECEIVABLE, DEBTOR, True, 3), DEBTOR, ALL),
        (REALISED, LATER, frozenset({"to_pledgee"})),
        (REALISED, HOLDER, ALL),
        (events.MandateExposure(ZERO_DIGEST, LOT, 1, 1), BANK, ALL),
        (events.MandateExposure(ZERO_DIGEST, LOT, 1, 1), DEBTOR, None),
        (events.IntentUsed(ZERO_DIGEST, IntentKind.ASSIGN, LOT, BANK), CREDITOR, ALL),
        (events.IntentUsed(ZERO_DIGEST, IntentKind.ASSIGN, LOT, BANK), BANK, None),
        (events.IntentUsed(ZERO_DIGEST, IntentKind.PAY, RECEIVABLE, BANK), DEBTOR, ALL),
        (events.IntentUsed(ZERO_DIGEST, IntentKind.REDEEM, 0, BANK), DEBTOR, None),
        (events.Transfer(HOLDER, BANK, 1), BANK, ALL),
        (events.Transfer(HOLDER, BANK, 1), DEBTOR, None),
        (events.PauseChanged(1), STRANGER, ALL),
        (events.PauseChanged(1), ZERO_ADDRESS, ALL),
        (events.CashMinted(ZERO_ADDRESS, 1, ZERO_DIGEST), ZERO_ADDRESS, None),
    ],
)
def test_who_sees_what(event: Any, party: PartyAddress, hidden: frozenset[str] | None) -> None:
    assert seen(event, party) == hidden


@pytest.mark.parametrize("event", [moved(), payment(), FINANCED, REALISED, flags_changed(LotFlag(0))])
def test_a_stranger_sees_nothing_and_an_auditor_everything(event: Any) -> None:
    assert seen(event, STRANGER) is None
    assert seen(event, STRANGER, Scope.AUDIT) == ALL
    assert seen(event, ZERO_ADDRESS, Scope.AUDIT) == ALL
