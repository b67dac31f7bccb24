"""A sender killed at any point and started again leaves exactly one effect of each operation.

Changing a party's standing is no idempotent call on the ledger: sent twice, it happens twice. So each effect
is counted by its event and by the nonces of the key.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from sqlmodel import func, select

from api.auth.caller import SYSTEM
from api.outbox import service as outbox
from api.outbox.lane import Step
from api.outbox.models import Lane, Operation, OperationKind
from api.settings import DEV_KEYSTORE_PASSWORD
from api.work import unit_of_work
from chain import calls
from chain.signers import create_keystore
from domain.parties import PartyStatus, Role
from indexer.models import ChainEvent
from tests.support.api import System, fresh_system, settings_for
from tests.support.chain import FAR_FUTURE, random_word

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

CHANGES = 5


@dataclass(frozen=True)
class Bench:
    """A system that sends nothing itself, and the environment of processes that do."""

    system: System
    environment: dict[str, str]

    async def run(self, step: str, passes: int = 0) -> int:
        """Exit code of a sending process."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.support.crash_child", step, str(passes), env=self.environment
        )
        async with asyncio.timeout(60):
            return await process.wait()

    async def events(self) -> int:
        statement = select(func.count()).where(ChainEvent.name == "PartyChanged")
        async with self.system.application.resources.databases.mirror() as mirror:
            return int(await mirror.scalar(statement) or 0)

    async def nonce(self) -> int:
        registrar = self.system.ledger.governance["registrar"]
        return await self.system.ledger.client.nonce(registrar.address, "latest")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bench(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bench]:
    folder = tmp_path_factory.mktemp("crash")
    async with fresh_system(folder, sending=False, mirroring=False) as system:
        ledger = system.ledger
        key = bytes(ledger.governance["registrar"]._account.key)
        uri = create_keystore(folder / "registrar.json", key, DEV_KEYSTORE_PASSWORD, ledger.book.chain_id)
        settings = settings_for(folder, ledger)
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[4]),
            "TALLY_APP_DATABASE_URL": settings.app_database_url.get_secret_value(),
            "TALLY_MIRROR_DATABASE_URL": settings.mirror_database_url.get_secret_value(),
            "TALLY_RPC_URL": settings.rpc_url.get_secret_value(),
            "TALLY_ADDRESS_BOOK": str(settings.address_book),
            "TALLY_REGISTRAR_SIGNER": uri,
        }
        yield Bench(system, environment)


@pytest.mark.parametrize(
    ("step", "passes"),
    [(step, 0) for step in Step] + [(Step.MINED, 2), (Step.DONE, 2)],
)
async def test_killed_at_a_step_each_effect_happens_once(bench: Bench, step: Step, passes: int) -> None:
    system = bench.system
    party = await system.ledger.admit(f"{step} {passes}", Role.SUPPLIER)
    events, nonce = await bench.events(), await bench.nonce()
    async with unit_of_work(system.application.resources, SYSTEM) as work:
        for index in range(CHANGES):
            status = PartyStatus.SUSPENDED if index % 2 else PartyStatus.ACTIVE
            reason = random_word()
            call = calls.update_party(
                system.ledger.book, party.address, status, Role.SUPPLIER, FAR_FUTURE, reason
            )
            await outbox.enqueue(
                work, lane=Lane.REGISTRAR, kind=OperationKind.UPDATE_PARTY, call=call, subject_ref="test"
            )
    assert await bench.run(step, passes) == -signal.SIGKILL
    assert await bench.run("") == 0
    async with system.application.resources.databases.reading() as session:
        rows = [await session.get_one(Operation, operation_id) for operation_id in work.started]
    assert [row.state for row in rows] == ["done"] * CHANGES
    assert [row.nonce for row in rows] == list(range(nonce, nonce + CHANGES))
    assert await bench.nonce() == nonce + CHANGES
    assert await bench.events() == events + CHANGES
