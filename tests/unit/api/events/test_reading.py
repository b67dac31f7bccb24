"""Facts become events: by the contracts that are known, and plainly where they are not."""

from dataclasses import replace
from typing import Any

import pytest

from api.auth.caller import Caller, Scope
from api.events.known import Known
from api.events.reading import TYPES, EventReader, LedgerEvent
from chain.bindings import cash
from domain.ids import ZERO_ADDRESS, PartyAddress
from indexer.branches import Branches, Mark, Turn
from indexer.queries import EventFact
from tests.support.mirror import CNY, address, address_book, log_of, word

BOOK = address_book()
LOG = log_of(BOOK.cash_address(CNY), cash.Transfer, bytes(20), (1).to_bytes(20), 5)
FACT = EventFact(118, 4, word(1), BOOK.cash_address(CNY), "Transfer", LOG.data, 1_700_000_000, LOG.topics)
AUDITOR = Caller("key", ZERO_ADDRESS, frozenset({Scope.AUDIT}))
RECEIVER = Caller("key", PartyAddress(address(1)), frozenset({Scope.READ}))


def event_of(fact: EventFact) -> LedgerEvent:
    reader = EventReader(BOOK)
    return reader._ledger_event(fact, reader._decoded(fact), Mark(0, 118, 4), Known())


def test_an_event_has_its_place_its_money_and_its_audience() -> None:
    event = event_of(FACT)
    shown: Any = event.shown_to(RECEIVER)
    assert (shown["id"], shown["type"], shown["timestamp"]) == ("0:118:4", "Transfer", "2023-11-14T22:13:20Z")
    assert shown["data"] == {
        "from": ZERO_ADDRESS,
        "to": address(1),
        "value": {"amount": "0.05", "currency": "CNY"},
    }
    assert event.shown_to(Caller("key", PartyAddress(address(2)), frozenset({Scope.READ}))) is None


@pytest.mark.parametrize(
    "changed",
    [
        replace(FACT, topics=(word(99), *FACT.topics[1:])),
        replace(FACT, data="0x00"),
        replace(FACT, contract=address(0xEE)),
    ],
    ids=["another event", "other words", "another contract"],
)
def test_what_a_newer_indexer_knows_is_for_auditors_as_it_is_and_stops_nobody(changed: EventFact) -> None:
    event = event_of(changed)
    shown: Any = event.shown_to(AUDITOR)
    assert shown["data"] == {"topics": list(changed.topics), "data": changed.data}
    assert event.shown_to(RECEIVER) is None


def test_a_reorganisation_is_for_everybody_and_says_where_to_go_on() -> None:
    branches = Branches([Turn(1, 95, 1_700_000_000_123)])
    event = EventReader(BOOK).reorganised(branches, Mark(0, 95))
    shown: Any = event.shown_to(Caller("key", ZERO_ADDRESS, frozenset()))
    assert (shown["id"], shown["block_number"]) == ("reorganised:1:0:95", 95)
    assert shown["data"] == {"epoch": 1, "resume_after": "0:95"}
    assert shown["timestamp"] == "2023-11-14T22:13:20.123Z"
    assert shown["type"] in TYPES


def test_what_is_encoded_is_what_is_shown_without_what_is_hidden() -> None:
    event = event_of(FACT)
    assert event.encoded_for(RECEIVER) is event.encoded_for(AUDITOR)
    assert b'"value":{"amount":"0.05"' in (event.encoded_for(RECEIVER) or b"")
