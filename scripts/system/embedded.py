"""The whole system in one process beside a development node: API, indexer and sender as tasks of a loop."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from api.app import create_app
from api.auth.caller import Scope
from api.bootstrap import Application, build, mint_api_key
from api.outbox.lane import Step
from api.settings import Settings
from chain.address_book import AddressBook
from chain.client import LedgerClient
from chain.compile import compile_contracts
from chain.deploy import DeploymentTerms, deploy
from chain.devnode import DevNode, DevNodeSettings
from chain.signers import LocalSigner
from domain.ids import ZERO_ADDRESS
from domain.rules import rule_set_of
from indexer.db import make_engine
from indexer.errors import MirrorStopped
from indexer.feed import MirrorFeed
from indexer.rebuild import rebuild
from indexer.schema import migrate
from indexer.worker import MirrorWorker
from scripts.system.checks import MirrorCheck, check_mirror
from scripts.system.folder import Folder
from scripts.system.keys import Keyring, Secrets, governance, lanes
from scripts.system.recovery import resend_lost
from scripts.system.server import LOOPBACK, serving

MIRROR_PATIENCE_S: Final = 60.0

Notice = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Terms:
    """`keep` leaves the chain and the keys on disk; `genesis_s` is the first block's time of a new chain.

    `reached` is told how far the sender comes, for measuring.
    """

    folder: Path
    keep: bool
    genesis_s: int | None = None
    host: str = LOOPBACK
    port: int = 0
    reached: Callable[[Step], None] = lambda _step: None


class System:
    """A running system; the stage of the story."""

    def __init__(self, node: DevNode, application: Application, feed: MirrorFeed, keyring: Keyring) -> None:
        self.node = node
        self.application = application
        self.feed = feed
        self.keyring = keyring
        self.base_url = ""
        self.registrar_key = ""
        self.settlement_key = ""

    async def reach(self, instant_s: int) -> None:
        """Take the ledger's clock forward to an instant, and wait until the mirror has it."""
        head = await self.node.head()
        if head.timestamp < instant_s:
            await self.node.set_time(instant_s)
            head = await self.node.head()
        await self.feed.wait_for_block(head.number, MIRROR_PATIENCE_S)

    async def check(self) -> MirrorCheck:
        """The mirror against the chain, field by field."""
        url = self.application.settings.mirror_database_url.get_secret_value()
        return await check_mirror(self.application.client, url)

    def key(self, name: str) -> LocalSigner:
        """A person's key."""
        return self.keyring.key(name, self.node.chain_id)


@asynccontextmanager
async def running(terms: Terms, notice: Notice) -> AsyncIterator[System]:
    """Start everything, or go on where it stopped; everything that was started ends with the block."""
    folder = Folder.at(terms.folder)
    folder.make()
    secrets = Secrets.open(folder)
    keyring = Keyring(folder.keystore if terms.keep else None, secrets.keystore_password)
    if not folder.address_book.exists():
        notice("compiling the contracts 编译合约")
        # Before the node starts: its clock runs, and this may take half a minute.
        await asyncio.to_thread(compile_contracts)
    async with AsyncExitStack() as stack:
        state = folder.chain_state if terms.keep else None
        node = await stack.enter_async_context(
            DevNode(DevNodeSettings(state_file=state, timestamp=terms.genesis_s))
        )
        settings = _settings(folder, secrets, node.url)
        signers = lanes(keyring, node.chain_id)
        if not folder.address_book.exists():
            notice("deploying the contracts 部署合约")
            wanted = DeploymentTerms(
                governance=governance(signers, keyring, node.chain_id), rules=rule_set_of(settings.rule_set)
            )
            made = await deploy(node.url, LocalSigner.generate(), wanted, reach_time=node.set_time)
            made.book.write(folder.address_book)
        feed = await stack.enter_async_context(_mirroring(folder, node.url, notice))
        application = await build(settings, signers=signers, feed=feed, reached=terms.reached)
        stack.push_async_callback(application.close)
        resent = await resend_lost(application)
        if resent:
            notice(f"{resent} transactions that the chain had lost were sent again 重新发送")
        await stack.enter_async_context(_task(application.send_forever()))
        system = System(node, application, feed, keyring)
        await _mint_office_keys(system, secrets, folder)
        app = create_app(application)
        system.base_url = await stack.enter_async_context(serving(app, terms.host, terms.port))
        # the last to come and the first to go: the server waits for its streams
        await stack.enter_async_context(_task(application.tell_forever()))
        yield system


@asynccontextmanager
async def _mirroring(folder: Folder, rpc_url: str, notice: Notice) -> AsyncIterator[MirrorFeed]:
    """The indexer, caught up with the chain; an older chain than the mirror's makes it start anew."""
    await asyncio.to_thread(migrate, folder.mirror_url)
    book = AddressBook.read(folder.address_book)
    async with await LedgerClient.connect(rpc_url, book) as client:
        await _catch_up(client, folder, notice)
        engine = make_engine(folder.mirror_url)
        feed = MirrorFeed()
        heads_url = rpc_url.replace("http://", "ws://", 1)
        try:
            async with _task(MirrorWorker(client, engine, feed=feed, heads_url=heads_url).run_forever()):
                await feed.wait_for_block(await client.block_number(), MIRROR_PATIENCE_S)
                yield feed
        finally:
            await engine.dispose()


async def _catch_up(client: LedgerClient, folder: Folder, notice: Notice) -> None:
    """Bring the mirror to the head. A chain of our own that lost its last blocks is believed."""
    engine = make_engine(folder.mirror_url)
    try:
        position = await MirrorWorker(client, engine).catch_up()
        lost = position.block_number - await client.block_number()
        if lost <= 0:
            return
        reason = f"it is {lost} blocks ahead of the chain"
    except MirrorStopped as error:
        reason = f"{error.code}: {error}"
    finally:
        await engine.dispose()
    notice(f"the mirror does not follow from the chain ({reason}); rebuilding it 重建镜像")
    made = await rebuild(client, folder.mirror_url)
    kept = f"; the old one is kept as {Path(made.kept).name}" if made.kept else ""
    notice(f"mirror rebuilt through block {made.through.block_number}{kept}")


@asynccontextmanager
async def _task(work: Coroutine[object, object, None]) -> AsyncIterator[None]:
    """A background task of the block: if it fails, the block is cancelled and its error is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(work)
            try:
                yield
            finally:
                task.cancel()
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None


def _settings(folder: Folder, secrets: Secrets, rpc_url: str) -> Settings:
    return Settings(
        _env_file=None,
        app_database_url=SecretStr(folder.app_url),
        mirror_database_url=SecretStr(folder.mirror_url),
        rpc_url=SecretStr(rpc_url),
        address_book=folder.address_book,
        consortium_secret=SecretStr(secrets.consortium_secret),
        keystore_password=SecretStr(secrets.keystore_password),
        # a development chain on this machine: what listens to its events does so here too
        webhook_any_target=True,
    )


async def _mint_office_keys(system: System, secrets: Secrets, folder: Folder) -> None:
    """API keys of the registrar's office and the settlement bank's desk, at the first start."""
    if not secrets.registrar_key:
        mint = system.application
        secrets.registrar_key = await mint_api_key(
            mint, party=ZERO_ADDRESS, scopes=[Scope.REGISTER, Scope.READ], label="registrar"
        )
        secrets.settlement_key = await mint_api_key(
            mint, party=ZERO_ADDRESS, scopes=[Scope.SETTLE, Scope.READ], label="settlement desk"
        )
        secrets.save(folder)
    system.registrar_key, system.settlement_key = secrets.registrar_key, secrets.settlement_key
