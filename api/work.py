"""What a request works with: its sessions, the contracts it talks to, the time of business, and who asks."""

from dataclasses import dataclass, field

from api.auth.caller import Caller
from api.db import MirrorSession, ReadSession, WriteSession
from chain.address_book import AddressBook


@dataclass(frozen=True, slots=True)
class Reading:
    """A request that changes nothing. `now_s` is the business time at its start (ADR 0008)."""

    session: ReadSession
    mirror: MirrorSession
    book: AddressBook
    caller: Caller
    now_s: int


@dataclass(frozen=True, slots=True)
class UnitOfWork(Reading):
    """A command: everything it writes is one transaction, which the edge commits.

    `started` collects the ids of the operations it enqueued, `shown_once` the names of answer fields that must not
    be stored for a retry (secrets).
    """

    session: WriteSession
    started: list[str] = field(default_factory=list)
    shown_once: set[str] = field(default_factory=set)
