"""Everything is put together here: engines, client, lanes, follow-ups. Nothing else makes a client or an
engine.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.auth.caller import Scope
from api.auth.service import mint_key
from api.buybacks import service as buybacks
from api.db import Databases, migrate
from api.events.reading import EventReader
from api.financing import acceptance
from api.financing import views as financing
from api.financing.schemas import AcceptanceView
from api.http.idempotency import InFlight
from api.http.routing import Renderer
from api.intents import routes as intents
from api.intents.schemas import IntentView
from api.invoices import followups as invoices
from api.mandates import service as mandates
from api.outbox import routes as operations
from api.outbox.finish import Finisher, Followups
from api.outbox.lane import LaneSender, Step
from api.outbox.models import Lane, OperationKind
from api.outbox.planning import Planner
from api.outbox.schemas import OperationView
from api.outbox.sender import run_sender
from api.outbox.service import Followup
from api.outbox.waiting import Outbox
from api.parties import service as parties
from api.pledges import service as pledges
from api.settings import Settings, require_safe_on
from api.settlement import followups as settlement
from api.stream.hub import Hub
from api.stream.seats import Seats
from api.transfers import followups as transfers
from api.webhooks.courier import Means
from api.webhooks.office import Office
from api.webhooks.service import Terms as WebhookTerms
from api.webhooks.signing import Sealer
from api.work import Policy, Resources
from chain.address_book import AddressBook
from chain.client import LedgerClient
from chain.signers import Signer, open_signer
from domain.ids import PartyAddress
from domain.rules import rule_set_of
from indexer.feed import MirrorFeed

RENDERERS: Final[dict[Any, Renderer]] = {
    OperationView: operations.render,
    IntentView: intents.render,
    AcceptanceView: financing.render_acceptance,
}

_FOLDERS: Final = (parties, invoices, transfers, acceptance, buybacks, mandates, pledges, settlement)
"""The folders that have something to do when an operation ends."""


@dataclass(frozen=True, slots=True)
class Application:
    """One process's wired parts. `create_app` puts HTTP in front of it; `send_forever` is its sender.

    `tell_forever` is what its event streams and webhooks need.
    """

    settings: Settings
    resources: Resources
    client: LedgerClient
    outbox: Outbox
    in_flight: InFlight
    renderers: Mapping[Any, Renderer]
    lanes: Sequence[LaneSender]
    feed: MirrorFeed | None
    events: EventReader
    hub: Hub
    seats: Seats
    webhook_terms: WebhookTerms
    office: Office

    async def send_forever(self) -> None:
        """Run the lanes whose signers this process has, until cancelled."""
        await run_sender(self.lanes, self.outbox)

    async def tell_forever(self) -> None:
        """Serve the event streams and send webhooks until cancelled; then all streams end."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.hub.run())
            tasks.create_task(self.office.run())

    async def close(self) -> None:
        """Close connections; what was under way is on record and goes on at the next start."""
        await self.client.close()
        await self.resources.databases.close()


async def build(
    settings: Settings,
    *,
    signers: Mapping[Lane, Signer],
    feed: MirrorFeed | None = None,
    reached: Callable[[Step], None] = lambda _step: None,
    delivered: Callable[[str], None] = lambda _event_id: None,
) -> Application:
    """Wire a process. `signers` of the lanes it sends for (`open_signers`, or none); `feed` of an indexer in
    the same process; for measuring, `reached` is told how far the lanes come, and `delivered` of each webhook
    that was taken. Brings the schema `app` up to date. Raises WrongChain, AddressBookError and
    InsecureSettings.
    """
    book = AddressBook.read(settings.address_book)
    require_safe_on(settings, book.chain_id, [signer.address for signer in signers.values()])
    migrate(settings.app_database_url.get_secret_value())
    client = await LedgerClient.connect(settings.rpc_urls, book, hash_rule=settings.block_hash_rule)
    databases = Databases.open(
        settings.app_database_url.get_secret_value(), settings.mirror_database_url.get_secret_value()
    )
    resources = Resources(databases, book, _policy(settings))
    outbox = Outbox(resources.databases)
    hub = Hub(databases, events := EventReader(book), feed)
    means = Means(
        databases=databases,
        hub=hub,
        sealer=Sealer(resources.policy.consortium_secret),
        any_target=settings.webhook_any_target,
        give_up_days=settings.webhook_give_up_days,
        delivered=delivered,
    )
    finisher = Finisher(resources, outbox, _followups())
    lanes = [
        LaneSender(
            Planner(lane, signer, client, resources.databases, settings.fee_policy),
            finisher,
            feed,
            reached=reached,
        )
        for lane, signer in signers.items()
    ]
    return Application(
        settings=settings,
        resources=resources,
        client=client,
        outbox=outbox,
        in_flight=InFlight(),
        renderers=RENDERERS,
        lanes=lanes,
        feed=feed,
        events=events,
        hub=hub,
        seats=Seats(per_party=settings.streams_per_party_max, overall=settings.streams_max),
        webhook_terms=WebhookTerms(settings.webhooks_per_party_max, settings.webhook_any_target),
        office=Office(means),
    )


def open_signers(settings: Settings) -> dict[Lane, Signer]:
    """The signers that the settings name. Raises SignerError."""
    named = {
        Lane.RELAYER: settings.relayer_signer,
        Lane.REGISTRAR: settings.registrar_signer,
        Lane.SETTLEMENT_BANK: settings.settlement_bank_signer,
    }
    password = settings.keystore_password.get_secret_value()
    return {lane: open_signer(uri, lambda _name: password) for lane, uri in named.items() if uri is not None}


async def mint_api_key(
    application: Application, *, party: PartyAddress, scopes: Sequence[Scope], label: str
) -> str:
    """A first key for an office, made by whoever deploys; all others come from `POST
    /v1/parties/{id}/api-keys`.
    """
    async with application.resources.databases.writing() as session:
        _, api_key = await mint_key(session, party=party, scopes=scopes, label=label)
    return api_key


def _policy(settings: Settings) -> Policy:
    return Policy(rule_set_of(settings.rule_set), settings.consortium_secret.get_secret_value().encode())


def _followups() -> Followups:
    collected: dict[OperationKind, list[Followup]] = {}
    for folder in _FOLDERS:
        for kind, followup in folder.FOLLOWUPS.items():
            collected.setdefault(kind, []).append(followup)
    return collected
