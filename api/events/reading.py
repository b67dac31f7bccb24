"""Events from the mirror: decoded, rendered and addressed once, whoever is going to see them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, get_args

import msgspec

from api.auth.caller import Caller
from api.auth.visibility import Audience
from api.db import MirrorSession
from api.events.audience import AUDITORS, EVERYBODY, Place, audience_of
from api.events.known import Known, known_of, receivable_behind
from api.events.rendering import plain, render
from api.http.schemas import instant, instant_ms
from chain.address_book import AddressBook
from chain.bindings.tables import EVENTS
from chain.errors import DecodeError
from chain.logs import RawLog
from chain.text import word_bytes
from chain.translate import ADMINISTRATIVE, Translator
from domain import events
from indexer import queries
from indexer.branches import Branches, Mark
from indexer.db import hold_snapshot
from indexer.queries import EventFact

REORGANISED: Final = "Reorganised"
TYPES: Final = frozenset({kind.__name__ for kind in get_args(events.Event)} | ADMINISTRATIVE | {REORGANISED})


@dataclass(slots=True)
class LedgerEvent:
    """An event with its audience. What a caller is shown is encoded once for all who are shown the same."""

    mark: Mark
    type: str
    document: dict[str, Any]
    audience: Audience
    _encoded: dict[frozenset[str], bytes] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Names it for good."""
        return str(self.document["id"])

    def shown_to(self, caller: Caller) -> dict[str, Any] | None:
        """Its members as the caller may see them; None for whom it does not concern."""
        if not self.audience.reached(caller):
            return None
        return self._without(self.audience.hidden_from(caller))

    def encoded_for(self, caller: Caller) -> bytes | None:
        """The same as JSON in UTF-8."""
        if not self.audience.reached(caller):
            return None
        hidden = self.audience.hidden_from(caller)
        if hidden not in self._encoded:
            text = json.dumps(self._without(hidden), ensure_ascii=False, separators=(",", ":"))
            self._encoded[hidden] = text.encode()
        return self._encoded[hidden]

    def _without(self, hidden: frozenset[str]) -> dict[str, Any]:
        if not hidden:
            return self.document
        data = {name: value for name, value in self.document["data"].items() if name not in hidden}
        return {**self.document, "data": data}


@dataclass(frozen=True, slots=True)
class EventPage:
    """What came after a position, through the position `through`; `more` says that there is more already.

    `branches` is as of the same moment.
    """

    events: Sequence[LedgerEvent]
    through: Mark
    more: bool
    branches: Branches


class EventReader:
    """Reads the events of one deployment."""

    def __init__(self, book: AddressBook) -> None:
        self._translator = Translator(book)
        self._branches = Branches()
        self._currencies = {entry.address: currency for currency, entry in book.cash.items()}

    async def after(
        self, session: MirrorSession, mark: Mark, limit: int, types: Collection[str] | None = None
    ) -> EventPage:
        """What comes after `mark`, of these types if some are given, out of the next `limit` events.

        A mark on a branch that was left is answered with that, as an event, and nothing else. The session is
        a fresh one. Raises UnknownMark.
        """
        await hold_snapshot(session)
        end, branches = await queries.where_it_is(session, self._branches)
        self._branches = branches
        left_at = branches.left_at(mark)
        if left_at is not None:
            turn = self.reorganised(branches, left_at)
            return EventPage([turn], left_at, more=True, branches=branches)
        facts = await queries.events_after(session, mark, limit + 1)
        more = len(facts) > limit
        if more:
            last = facts[limit - 1]
            through = branches.mark(last.block_number, last.log_index)
        else:
            through = end if end.block_number >= mark.block_number else mark
        wanted = [fact for fact in facts[:limit] if types is None or fact.name in types]
        return EventPage(await self._read(session, branches, wanted), through, more, branches)

    def reorganised(self, branches: Branches, left_at: Mark) -> LedgerEvent:
        """That everything after `left_at` did not happen."""
        turn = branches.last
        if turn is None:
            raise ValueError("the chain never took another way")
        document = {
            "id": f"reorganised:{turn.epoch}:{left_at}",
            "type": REORGANISED,
            "timestamp": instant_ms(turn.found_ms),
            "block_number": left_at.block_number,
            "log_index": None,
            "tx_hash": None,
            "receivable_id": None,
            "data": {"epoch": turn.epoch, "resume_after": str(left_at)},
        }
        return LedgerEvent(left_at, REORGANISED, document, EVERYBODY)

    async def _read(
        self, session: MirrorSession, branches: Branches, facts: Sequence[EventFact]
    ) -> list[LedgerEvent]:
        decoded = [self._decoded(fact) for fact in facts]
        known = await known_of(session, [event for event in decoded if event is not None])
        return [
            self._ledger_event(fact, event, branches.mark(fact.block_number, fact.log_index), known)
            for fact, event in zip(facts, decoded, strict=True)
        ]

    def _ledger_event(
        self, fact: EventFact, event: events.Event | None, mark: Mark, known: Known
    ) -> LedgerEvent:
        receivable = receivable_behind(event) if event is not None else None
        document = {
            "id": str(mark),
            "type": fact.name,
            "timestamp": instant(fact.time_s),
            "block_number": fact.block_number,
            "log_index": fact.log_index,
            "tx_hash": fact.tx_hash,
            "receivable_id": str(receivable) if receivable else None,
        }
        if event is None:
            return LedgerEvent(mark, fact.name, {**document, "data": self._plain(fact)}, AUDITORS)
        data = render(event, self._currency(fact, event, known))
        place = Place(event, fact.block_number, fact.log_index, known)
        return LedgerEvent(mark, fact.name, {**document, "data": data}, audience_of(place))

    def _currency(self, fact: EventFact, event: events.Event, known: Known) -> int:
        """Of the event's amounts; 0 where it has none."""
        if fact.contract in self._currencies:
            return self._currencies[fact.contract]
        if isinstance(event, events.MandateGranted):
            return event.currency
        if isinstance(event, events.MandateExposure):
            return known.mandates.get(event.id, ("", 0))[1]
        ends = known.ends.get(receivable_behind(event) or 0)
        return ends.currency if ends else 0

    def _decoded(self, fact: EventFact) -> events.Event | None:
        """None for what only auditors see: administration, and what a newer indexer than we knows."""
        try:
            return self._translator.translate(_raw(fact))
        except DecodeError:
            return None

    def _plain(self, fact: EventFact) -> dict[str, Any]:
        try:
            binding = EVENTS[self._translator.contract_of(fact.contract)][word_bytes(fact.topics[0])]
            return plain(msgspec.structs.asdict(binding.decode(fact.topics, fact.data)))
        except (KeyError, DecodeError):
            return {"topics": list(fact.topics), "data": fact.data}


def _raw(fact: EventFact) -> RawLog:
    return RawLog(
        fact.contract.lower(),
        fact.topics,
        fact.data,
        fact.block_number,
        "",
        fact.tx_hash,
        0,
        fact.log_index,
    )
