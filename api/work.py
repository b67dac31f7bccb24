"""What a request works with: its sessions, the contracts it talks to, the time of business, and who asks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from api.auth.caller import Caller
from api.clock import business_now_s
from api.db import Databases, MirrorSession, ReadSession, WriteSession
from chain.address_book import AddressBook
from domain.rules import RuleSet


@dataclass(frozen=True, slots=True)
class Policy:
    """What the network has agreed on: its rule set, and the secret behind fingerprints and legal ids."""

    rules: RuleSet
    consortium_secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """A request that changes nothing. `now_s` is the business time at its start (ADR 0008)."""

    session: ReadSession
    mirror: MirrorSession
    book: AddressBook
    policy: Policy
    caller: Caller
    now_s: int


@dataclass(frozen=True, slots=True)
class UnitOfWork(Reading):
    """A command: everything it writes is one transaction, which the edge commits.

    `started` collects the ids of the operations it enqueued, `shown_once` the names of answer fields that
    must not be stored for a retry (secrets).
    """

    session: WriteSession
    started: list[str] = field(default_factory=list)
    shown_once: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Resources:
    """What all requests of a process share."""

    databases: Databases
    book: AddressBook
    policy: Policy


@asynccontextmanager
async def reading(resources: Resources, caller: Caller) -> AsyncIterator[Reading]:
    """Sessions for one request that changes nothing."""
    databases = resources.databases
    async with databases.reading() as session, databases.mirror() as mirror:
        now_s = await business_now_s(mirror)
        yield Reading(session, mirror, resources.book, resources.policy, caller, now_s)


@asynccontextmanager
async def unit_of_work(resources: Resources, caller: Caller) -> AsyncIterator[UnitOfWork]:
    """One command's transaction: committed when the block ends well, undone when it raises."""
    databases = resources.databases
    async with databases.mirror() as mirror, databases.writing() as session:
        now_s = await business_now_s(mirror)
        yield UnitOfWork(session, mirror, resources.book, resources.policy, caller, now_s)
