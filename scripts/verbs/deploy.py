"""`tally deploy`: contracts, keys for the lanes, both schemas, the first API keys; again it does nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from api import logs
from api.auth.caller import Scope
from api.bootstrap import build, mint_api_key
from api.settings import Settings
from chain.address_book import AddressBook
from chain.client import LedgerClient
from chain.deploy import DeploymentTerms, ReachTime, deploy
from chain.errors import NodeUnavailable
from chain.networks import is_dev_chain
from chain.rpc import JsonRpc, Request, parse
from chain.signers import LocalSigner
from domain.ids import ZERO_ADDRESS
from domain.rules import rule_set_of
from indexer.schema import migrate
from scripts import screen
from scripts.exits import ExitCode, Failure
from scripts.system.folder import write_private
from scripts.system.keys import Keyring, governance, lanes
from scripts.system.processes import keystore_dir, office_keys, settings

NODE_PATIENCE_S: Final = 30


async def deploy_all(governor: str | None) -> None:
    """Deploy unless the address book says it is done; then schemas and office keys."""
    logs.configure(level=logging.WARNING)
    configured = settings(sends=False)
    notices = screen.notices()
    rpc_url = configured.rpc_urls[0]
    chain_id = await _chain_id(rpc_url)
    if configured.address_book.exists():
        async with await LedgerClient.connect(rpc_url, AddressBook.read(configured.address_book)):
            notices.print(f"deployed already, on chain {chain_id} 已部署")
    else:
        await _deploy(configured, rpc_url, chain_id, governor)
        notices.print(f"deployed on chain {chain_id} 部署完成")
    await asyncio.to_thread(migrate, configured.mirror_database_url.get_secret_value())
    await _mint(configured)


async def _deploy(configured: Settings, rpc_url: str, chain_id: int, governor: str | None) -> None:
    if governor is None and not is_dev_chain(chain_id):
        raise Failure(
            ExitCode.BAD_USE,
            f"chain {chain_id} is no development chain: say which account governs it",
            rule="governance",
            place="--governance",
        )
    keyring = Keyring(keystore_dir(), configured.keystore_password.get_secret_value())
    terms = DeploymentTerms(
        governance=governance(lanes(keyring, chain_id), keyring, chain_id, governor),
        rules=rule_set_of(configured.rule_set),
    )
    async with _clock(rpc_url, chain_id) as reach_time:
        made = await deploy(rpc_url, LocalSigner.generate(), terms, reach_time=reach_time)
    configured.address_book.parent.mkdir(parents=True, exist_ok=True)
    made.book.write(configured.address_book)


@asynccontextmanager
async def _clock(rpc_url: str, chain_id: int) -> AsyncIterator[ReachTime | None]:
    """How to get to the time at which the rules take effect: a development chain is told to."""
    if not is_dev_chain(chain_id):
        yield None
        return
    rpc = JsonRpc(rpc_url, NODE_PATIENCE_S)

    async def reach(timestamp: int) -> None:
        # one after the other: anvil works on the members of a batch at the same time
        await rpc.batch([Request("evm_setNextBlockTimestamp", (timestamp,))])
        await rpc.batch([Request("evm_mine", ())])

    try:
        yield reach
    finally:
        await rpc.close()


async def _mint(configured: Settings) -> None:
    """The offices' API keys, once; their file is readable by its owner only."""
    path = office_keys(keystore_dir())
    application = await build(configured, signers={})
    try:
        if path.exists():
            return
        keys = {
            name: await mint_api_key(application, party=ZERO_ADDRESS, scopes=[scope, Scope.READ], label=name)
            for name, scope in (("registrar", Scope.REGISTER), ("settlement_bank", Scope.SETTLE))
        }
        write_private(path, keys)
    finally:
        await application.close()


async def _chain_id(rpc_url: str) -> int:
    """Wait for the node: containers start together."""
    rpc = JsonRpc(rpc_url, NODE_PATIENCE_S)
    try:
        for _ in range(NODE_PATIENCE_S):
            try:
                (raw,) = await rpc.batch([Request("eth_chainId", ())])
                return int(parse(raw, str), 16)
            except NodeUnavailable:
                await asyncio.sleep(1)
    finally:
        await rpc.close()
    raise Failure(
        ExitCode.UNAVAILABLE, f"no answer in {NODE_PATIENCE_S} s", rule="node", place="TALLY_RPC_URL"
    )
