"""Where the mirror checks seals, the proof of an event says who had to seal its block and who did."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from api.auth.caller import Scope
from api.bootstrap import mint_api_key
from chain.node import ChainNode
from chain.proof.evidence import TrustedValidators, read_evidence, verify_log_evidence
from chain.proof.qbft import HashRule
from domain.ids import ZERO_ADDRESS
from indexer.db import make_engine
from indexer.models import ChainEvent
from indexer.queries import sealed_from
from indexer.schema import migrate
from indexer.sealing import NO_PROOFS, Proofs
from indexer.worker import MirrorWorker
from tests.support.api import Http, System, running_system, settings_for
from tests.support.chain import DeployedLedger, fresh_ledger
from tests.support.proxy import Proxy, proxy_of
from tests.support.sealing import Sealed, SealingNode
from tests.support.seals import Validators
from tests.support.stack import ok, refusal

FOUR = Validators(4)


@dataclass(frozen=True)
class Sealers:
    """An API whose node tells sealed blocks, all mirrored after their seals were checked."""

    ledger: DeployedLedger
    system: System
    proxy: Proxy
    auditor: Http

    async def place_of_an_event(self) -> tuple[int, int]:
        async with self.system.application.resources.databases.mirror() as session:
            event = (await session.scalars(select(ChainEvent).limit(1))).one()
        return event.block_number, event.log_index


async def mirrored(ledger: DeployedLedger, proxy: Proxy, url: str, proofs: Proofs) -> None:
    migrate(url)
    engine = make_engine(url)
    async with await ChainNode.connect(proxy.url, ledger.book, hash_rule=HashRule.QBFT) as client:
        await MirrorWorker(client, engine, proofs=proofs).catch_up()
    await engine.dispose()


@pytest.fixture
def proofs() -> Proofs:
    return Proofs(receipts=True, validators=FOUR.addresses)


@pytest.fixture
async def sealers(tmp_path: Path, proofs: Proofs) -> AsyncIterator[Sealers]:
    async with fresh_ledger() as ledger, proxy_of(ledger.node.url) as proxy:
        node = SealingNode(ledger.node.url, lambda _: Sealed(FOUR, 3))
        await node.learn()
        proxy.lie = node
        settings = settings_for(tmp_path, ledger).model_copy(
            update={"rpc_url": SecretStr(proxy.url), "block_hash_rule": HashRule.QBFT}
        )
        await mirrored(ledger, proxy, settings.mirror_database_url.get_secret_value(), proofs)
        async with running_system(
            tmp_path, ledger, settings=settings, sending=False, mirroring=False
        ) as system:
            key = await mint_api_key(
                system.application, party=ZERO_ADDRESS, scopes=[Scope.AUDIT], label="auditor"
            )
            yield Sealers(ledger, system, proxy, system.caller(key))


async def test_a_proof_ends_at_the_validators_who_sealed(sealers: Sealers) -> None:
    block, log = await sealers.place_of_an_event()
    answer = ok(await sealers.auditor.get(f"/v1/events/{block}/{log}/evidence"), 200)
    assert answer["validators"] == list(FOUR.addresses)
    assert answer["sealers"] == list(FOUR.addresses[:3])
    evidence = read_evidence(json.dumps(answer["evidence"]))
    proven = verify_log_evidence(evidence, TrustedValidators(frozenset(answer["validators"])))
    assert (proven.block_number, proven.log_index) == (block, log)


async def test_a_node_that_has_lost_the_seals_is_refused(sealers: Sealers) -> None:
    block, log = await sealers.place_of_an_event()
    bare = SealingNode(sealers.ledger.node.url, lambda _: Sealed(FOUR, 2))
    await bare.learn()
    sealers.proxy.lie = bare
    body = refusal(
        await sealers.auditor.get(f"/v1/events/{block}/{log}/evidence"), 409, "evidence-not-sealed"
    )
    assert "2 of 4 validators sealed" in body["detail"]


async def test_the_mirror_says_from_which_block_on_seals_were_checked(sealers: Sealers) -> None:
    async with sealers.system.application.resources.databases.mirror() as session:
        assert await sealed_from(session) == sealers.ledger.book.deployed_block


@pytest.mark.parametrize("proofs", [NO_PROOFS])
async def test_without_a_check_of_seals_nobody_is_named(sealers: Sealers, proofs: Proofs) -> None:
    block, log = await sealers.place_of_an_event()
    answer: dict[str, Any] = ok(await sealers.auditor.get(f"/v1/events/{block}/{log}/evidence"), 200)
    assert (answer["validators"], answer["sealers"]) == ([], [])
    async with sealers.system.application.resources.databases.mirror() as session:
        assert await sealed_from(session) is None
