"""A life with every event of the ledger: the mirror equals the chain, on either database, batch by batch."""

from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import select

from domain import events
from domain.lots import LotFlag
from domain.parties import Power
from domain.receivable import Cause
from indexer import fetcher
from indexer.db import make_engine, make_sessions
from indexer.digest import digest_tables
from indexer.models import (
    ChainEvent,
    ChargePayment,
    IntentRevocation,
    InvoiceBinding,
    InvoiceRelease,
    Lot,
    LotFlagChange,
    LotMove,
    Mandate,
    MandateHolding,
    PledgeAgreement,
    PledgeStep,
    Receivable,
    ReceivableOrder,
    Recovery,
    RecoverySigner,
    RecoveryState,
    RecoveryThreshold,
    WriteOff,
)
from indexer.rebuild import rebuild
from indexer.reconcile import check
from indexer.schema import migrate
from indexer.worker import MirrorWorker
from tests.integration.indexer.conftest import Mirror
from tests.support.chain import DeployedLedger
from tests.support.life import life
from tests.support.rescue import Rescue
from tests.support.workout import Workout

SUCCESSION = {"ReceivableImported", "TotalsImported", "LotImported", "Sealed", "Retired"}
"""What only a retired ledger and its successor say (contracts/test/Successor.t.sol)."""

STEPS = (RecoveryState.PROPOSED, RecoveryState.SECONDED, RecoveryState.VETOED)
LATE = (Cause.BUYBACK, Cause.FORCED, Cause.RECOVERY)


async def lived(mirror: Mirror, ledger: DeployedLedger) -> Workout:
    trade = await Workout.open(ledger)
    await life(trade)
    await MirrorWorker(ledger.client, mirror.engine).catch_up()
    return trade


async def all_of(mirror: Mirror, model: type[Any]) -> list[Any]:
    async with mirror.read() as session:
        return list(await session.scalars(select(model)))


async def test_every_event_happens_and_the_mirror_equals_the_chain(
    mirror: Mirror, ledger: DeployedLedger
) -> None:
    await lived(mirror, ledger)
    happened = {event.name for event in await all_of(mirror, ChainEvent)}
    assert {kind.__name__ for kind in get_args(events.Event)} - happened == SUCCESSION
    async with mirror.read() as session:
        assert await check(ledger.client, session) == []


async def test_both_databases_hold_the_same_rows_in_one_batch_or_block_by_block_and_a_rebuild_none_other(
    mirror: Mirror, ledger: DeployedLedger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lived(mirror, ledger)
    monkeypatch.setattr(fetcher, "_BLOCKS_FIRST", 1)
    monkeypatch.setattr(fetcher, "BLOCKS_MAX", 1)
    other = f"sqlite+aiosqlite:///{tmp_path / 'other.db'}"
    migrate(other)
    engine = make_engine(other)
    await MirrorWorker(ledger.client, engine).catch_up()
    async with make_sessions(engine)() as session:
        block_by_block = await digest_tables(session)
    await engine.dispose()
    assert await mirror.digests() == block_by_block
    assert {name for name, digest in block_by_block.items() if digest.rows == 0} == set()
    done = await rebuild(ledger.client, mirror.url)
    assert (done.differences, done.kept) == ((), None)
    assert await mirror.digests() == block_by_block


async def test_a_lot_moved_after_payments_keeps_what_was_claimed_before(
    mirror: Mirror, ledger: DeployedLedger
) -> None:
    await lived(mirror, ledger)
    lots = {lot.id: lot for lot in await all_of(mirror, Lot)}
    late = [move for move in await all_of(mirror, LotMove) if move.cause in LATE]
    assert {move.cause for move in late} == set(LATE)
    parents = [lots[move.parent].claimed_through for move in late]
    assert max(parents) > 0
    assert min(parents) == 0
    assert all(lots[move.child].claimed_through >= lots[move.parent].claimed_through for move in late)


async def test_an_auditor_finds_every_stop_with_its_order(mirror: Mirror, ledger: DeployedLedger) -> None:
    await lived(mirror, ledger)
    changes = await all_of(mirror, LotFlagChange)
    stops = [change for change in changes if change.flags & LotFlag.FROZEN]
    (forced,) = [
        move
        for move in await all_of(mirror, LotMove)
        if move.cause == Cause.FORCED and move.evidence in {stop.evidence for stop in stops}
    ]
    assert forced.parent in {stop.lot for stop in stops}
    assert len(stops) == 2
    assert len(await all_of(mirror, ReceivableOrder)) == 3
    (given_up,) = await all_of(mirror, WriteOff)
    (lost,) = [row for row in await all_of(mirror, Receivable) if row.id == given_up.receivable]
    assert (given_up.installment, lost.installments) == (2, 2)
    assert given_up.principal_lost_minor + lost.paid_minor == lost.face_minor
    assert lost.claimed_minor == lost.paid_minor + lost.interest_paid_minor


async def test_mandates_pledges_and_releases_end_as_they_were_agreed(
    mirror: Mirror, ledger: DeployedLedger
) -> None:
    trade = await lived(mirror, ledger)
    (mandate,) = await all_of(mirror, Mandate)
    (holding,) = await all_of(mirror, MandateHolding)
    assert (mandate.id, mandate.limit_minor) == (trade.id_of(trade.mandates[0]), trade.mandates[0].limit)
    assert (mandate.exposure_minor, holding.held_minor, holding.mandate) == (0, 0, mandate.id)
    (withdrawn,) = await all_of(mirror, IntentRevocation)
    assert (withdrawn.party, withdrawn.digest) == (mandate.bank, mandate.id)
    steps = [row.step for row in await all_of(mirror, PledgeAgreement)]
    assert sorted(steps) == [PledgeStep.PLEDGED, PledgeStep.PLEDGED, PledgeStep.RELEASED, PledgeStep.REALISED]
    (release,) = await all_of(mirror, InvoiceRelease)
    bound = [row for row in await all_of(mirror, InvoiceBinding) if row.receivable == release.receivable]
    assert [row.fingerprint for row in bound] == [release.fingerprint]
    receivers = {payment.party for payment in await all_of(mirror, ChargePayment)}
    assert receivers == {trade.bank.address, trade.suppliers[0].address}


async def test_a_party_finds_what_is_proposed_for_its_keys_and_what_came_of_it(
    mirror: Mirror, ledger: DeployedLedger
) -> None:
    trade = await Workout.open(ledger)
    worker = MirrorWorker(ledger.client, mirror.engine)
    rescue = Rescue.of(ledger, trade.suppliers[1])
    found = []
    for step in (rescue.propose, rescue.second, rescue.veto, rescue.propose, rescue.cancel, rescue.propose):
        await step()
        await worker.catch_up()
        (recovery,) = await all_of(mirror, Recovery)
        found.append(recovery.state)
        async with mirror.read() as session:
            assert await check(ledger.client, session) == []
    assert found == [*STEPS, RecoveryState.PROPOSED, RecoveryState.CANCELLED, RecoveryState.PROPOSED]
    (signer,) = await all_of(mirror, RecoverySigner)
    assert (signer.party, signer.id, signer.signer) == (recovery.party, recovery.id, rescue.key.address)
    (threshold,) = await all_of(mirror, RecoveryThreshold)
    assert (threshold.power, threshold.threshold) == (Power.PAY, 1)
