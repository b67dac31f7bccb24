"""The whole system for tests, in one event loop: a real chain, the mirror, the sender and the API over HTTP.

`running_system(folder, ledger)` gives one with SQLite files in `folder`; parties are admitted and sign as in
production.
"""

import asyncio
import itertools
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx

from api.app import create_app
from api.auth.caller import Caller, Scope
from api.bootstrap import Application, build, mint_api_key
from api.intents import service as intents
from api.intents.schemas import SummaryLine
from api.outbox.models import Lane
from api.settings import Settings
from api.work import unit_of_work
from chain.signers import LocalSigner
from domain.calendar import DAY_SECONDS
from domain.ids import ZERO_ADDRESS, ZERO_DIGEST, Digest, Fingerprint, PartyAddress
from domain.intents import InvoiceUse, Issue
from domain.parties import Power
from indexer.db import make_engine
from indexer.feed import MirrorFeed
from indexer.schema import migrate as migrate_mirror
from indexer.worker import MirrorWorker
from tests.support.chain import DeployedLedger, fresh_ledger, random_salt, random_word

EVERY_POWER = ["issue", "confirm", "accept", "assign", "quote", "finance", "pay", "admin"]
PARTY_SCOPES = [
    Scope.READ,
    Scope.SUBMIT,
    Scope.CONFIRM,
    Scope.QUOTE,
    Scope.FINANCE,
    Scope.PAY,
    Scope.SUBSCRIBE,
]

FACE = 1_000_00

_numbers = itertools.count(1)


class Http:
    """A caller: one API key, a fresh idempotency key for each command unless one is given."""

    def __init__(self, client: httpx.AsyncClient, api_key: str | None) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.get(path, headers={**self.headers, **options.pop("headers", {})}, **options)

    async def post(self, path: str, body: Any = None, *, wait: int = 10, **options: Any) -> httpx.Response:
        headers = {"Idempotency-Key": uuid.uuid4().hex, **self.headers, **options.pop("headers", {})}
        if wait:
            headers["Prefer"] = f"wait={wait}"
        if body is not None:
            options["json"] = body
        return await self.client.post(path, headers=headers, **options)


@dataclass(frozen=True)
class Member:
    """An admitted party, its signing keys, and its way in."""

    address: PartyAddress
    signers: tuple[LocalSigner, ...]
    http: Http

    def signature(self, digest: str, signer: int = 0) -> str:
        """One signer's signature over an intent's digest."""
        return "0x" + self.signers[signer].sign_digest(Digest(digest)).hex()

    async def sign(self, digest: str, signer: int = 0, **options: Any) -> httpx.Response:
        """Send that signature."""
        body = {"signature": self.signature(digest, signer)}
        return await self.http.post(f"/v1/intents/{digest}/signatures", body, **options)


@dataclass(frozen=True)
class System:
    """What runs. `registrar` and `settlement_bank` are the offices' callers."""

    ledger: DeployedLedger
    application: Application
    client: httpx.AsyncClient
    registrar: Http
    settlement_bank: Http
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def caught_up(self) -> None:
        """Wait until the mirror, and with it the business clock, is where the chain is."""
        assert self.application.feed is not None
        await self.application.feed.wait_for_block(await self.ledger.client.block_number(), 10)

    def caller(self, api_key: str | None) -> Http:
        return Http(self.client, api_key)

    async def admit(
        self,
        name: str,
        *,
        roles: Sequence[str] = ("supplier",),
        signers: int = 1,
        thresholds: dict[str, int] | None = None,
        scopes: Sequence[Scope] = tuple(PARTY_SCOPES),
        identifier: str | None = None,
    ) -> Member:
        """Admit a party over HTTP and give it an API key."""
        keys = tuple(LocalSigner.generate() for _ in range(signers))
        body = party_body(name, keys, roles=roles, thresholds=thresholds, identifier=identifier)
        answer = await self.registrar.post("/v1/parties", body)
        assert answer.status_code == 201, answer.text
        address = PartyAddress(answer.json()["result"]["party_id"])
        api_key = await self.mint_key(address, scopes)
        return Member(address, keys, self.caller(api_key))

    async def mint_key(
        self, party: PartyAddress, scopes: Sequence[Scope] = tuple(PARTY_SCOPES), **options: Any
    ) -> str:
        """An API key of a party, from the registrar."""
        body = {"label": "test", "scopes": list(scopes), **options}
        answer = await self.registrar.post(f"/v1/parties/{party}/api-keys", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["api_key"])


def party_body(
    name: str,
    signers: Sequence[LocalSigner],
    *,
    roles: Sequence[str] = ("supplier",),
    thresholds: dict[str, int] | None = None,
    identifier: str | None = None,
) -> dict[str, Any]:
    """The body of `POST /v1/parties`."""
    value = identifier or f"{next(_numbers):09d}"
    return {
        "name": name,
        "country": "CN",
        "identifiers": [{"scheme": "NATIONAL", "value": value}],
        "roles": list(roles),
        "kyb_until": "2099-12-31",
        "signers": [
            {"address": key.address, "powers": EVERY_POWER, "expires_at": "2099-01-01T00:00:00Z"}
            for key in signers
        ],
        "thresholds": thresholds or {},
    }


def settings_for(folder: Path, ledger: DeployedLedger) -> Settings:
    """Settings of a process over SQLite files in `folder`."""
    book = folder / "address-book.json"
    if not book.exists():
        ledger.book.write(book)
    return Settings(
        _env_file=None,
        app_database_url=f"sqlite+aiosqlite:///{folder / 'app.db'}",
        mirror_database_url=f"sqlite+aiosqlite:///{folder / 'mirror.db'}",
        rpc_url=ledger.node.url,
        address_book=book,
        rule_set="plain",
    )


def lane_signers(ledger: DeployedLedger) -> dict[Lane, LocalSigner]:
    """The keys that the deployment gave the offices, and a relayer's."""
    return {
        Lane.RELAYER: ledger.relayer,
        Lane.REGISTRAR: ledger.governance["registrar"],
        Lane.SETTLEMENT_BANK: ledger.governance["settlement_bank"],
    }


@asynccontextmanager
async def running_system(
    folder: Path,
    ledger: DeployedLedger,
    *,
    settings: Settings | None = None,
    sending: bool = True,
    mirroring: bool = True,
    feeding: bool = True,
) -> AsyncIterator[System]:
    """Everything in this event loop, on a chain that is there already; without `feeding` the API has to find
    out by itself what the indexer does, as where that is another process.
    """
    settings = settings or settings_for(folder, ledger)
    mirror_url = settings.mirror_database_url.get_secret_value()
    migrate_mirror(mirror_url)
    feed, engine = MirrorFeed(), make_engine(mirror_url)
    worker = MirrorWorker(ledger.client, engine, feed=feed, finality_blocks=settings.finality_blocks)
    application = await build(settings, signers=lane_signers(ledger), feed=feed if feeding else None)
    offices = [
        await mint_api_key(application, party=ZERO_ADDRESS, scopes=[scope, Scope.READ], label=scope)
        for scope in (Scope.REGISTER, Scope.SETTLE)
    ]
    tasks = [asyncio.create_task(application.tell_forever())]
    if mirroring:
        tasks.append(asyncio.create_task(worker.run_forever()))
    if sending:
        tasks.append(asyncio.create_task(application.send_forever()))
    transport = httpx.ASGITransport(create_app(application))
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://tally.test") as client:
            registrar, settlement_bank = (Http(client, key) for key in offices)
            yield System(ledger, application, client, registrar, settlement_bank, tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await application.close()
        await engine.dispose()


@asynccontextmanager
async def fresh_system(folder: Path, **options: Any) -> AsyncIterator[System]:
    """A chain and a system of one's own."""
    async with fresh_ledger() as ledger, running_system(folder, ledger, **options) as system:
        yield system


async def prepare_issue(system: System, debtor: Member, creditor: Member, **changes: Any) -> str:
    """An `Issue` between two members, ready to sign; returns its digest."""
    caller = Caller("test", debtor.address, frozenset(Scope))
    async with unit_of_work(system.application.resources, caller) as work:
        today = work.now_s - work.now_s % DAY_SECONDS
        use = InvoiceUse(Fingerprint(random_word()), total=FACE, amount=FACE, issued_at=today - DAY_SECONDS)
        intent = Issue(
            debtor=debtor.address,
            creditor=creditor.address,
            face=FACE,
            due=today + 30 * DAY_SECONDS,
            currency=156,
            terms_hash=random_word(),
            delivered_at=today - DAY_SECONDS,
            extension=ZERO_DIGEST,
            invoices=(use,),
            deadline=work.now_s + 3600,
            salt=random_salt(),
        )
        record = await intents.prepare(
            work,
            intent=replace(intent, **changes),
            required=[(debtor.address, Power.CONFIRM), (creditor.address, Power.ACCEPT)],
            subject_ref="test",
            summary=[SummaryLine(label="Face", label_zh="面额", value="1000.00 CNY")],
        )
    return record.digest
