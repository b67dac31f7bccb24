"""The sender: many at once in order, refusals that cost nothing, other people's nonces, gaps, restarts."""

import asyncio
from pathlib import Path

import pytest
from sqlmodel import col, select

from api.auth.caller import SYSTEM
from api.db import Databases
from api.http.problems import INTERNAL
from api.outbox import service as outbox
from api.outbox.lane import WINDOW, LaneSender
from api.outbox.models import Lane, Operation, OperationKind, OperationState
from api.work import UnitOfWork, unit_of_work
from chain import calls
from chain.calls import Call
from domain.parties import Role
from indexer import queries
from tests.support.api import System, fresh_system, prepare_issue, running_system
from tests.support.chain import Actor, fresh_ledger, random_word

pytestmark = pytest.mark.asyncio(loop_scope="module")

CNY = 156


async def enqueue(system: System, *given: Call, lane: Lane = Lane.SETTLEMENT_BANK) -> list[str]:
    async with unit_of_work(system.application.resources, SYSTEM) as work:
        for call in given:
            await outbox.enqueue(work, lane=lane, kind=OperationKind.MINT, call=call, subject_ref="test")
    system.application.outbox.wake()
    return work.started


def mint(system: System, to: Actor, amount: int = 1) -> Call:
    return calls.mint(system.ledger.book, CNY, to.address, amount, random_word())


async def ended(system: System, ids: list[str]) -> list[Operation]:
    finished = system.application.outbox.finished
    return list(await asyncio.gather(*(finished(operation_id, 20) for operation_id in ids)))


async def operations(databases: Databases, *states: OperationState) -> list[Operation]:
    statement = select(Operation).where(col(Operation.state).in_(states)).order_by(col(Operation.nonce))
    async with databases.reading() as session:
        return list((await session.scalars(statement)).all())


async def balance(system: System, holder: Actor) -> int:
    async with system.application.resources.databases.mirror() as mirror:
        return await queries.balance(mirror, holder.address, CNY)


async def test_a_lane_sends_many_in_order_without_waiting_for_each(system: System) -> None:
    holder = await system.ledger.admit("Many", Role.SUPPLIER)
    ids = await enqueue(system, *(mint(system, holder) for _ in range(3 * WINDOW)))
    done = await ended(system, ids)
    assert {operation.state for operation in done} == {OperationState.DONE}
    nonces = [operation.nonce for operation in done]
    assert nonces == list(range(nonces[0] or 0, (nonces[0] or 0) + len(ids)))
    assert await balance(system, holder) == len(ids)


async def test_a_refusal_between_others_uses_no_nonce_and_names_the_error(system: System) -> None:
    holder = await system.ledger.admit("Between", Role.SUPPLIER)
    stranger = Actor("Nobody", "0x" + "12" * 20, (), 1, system.ledger.book)  # type: ignore[arg-type]
    first, refused, last = await ended(
        system, await enqueue(system, mint(system, holder), mint(system, stranger), mint(system, holder))
    )
    assert (first.state, refused.state, last.state) == ("done", "failed", "done")
    assert refused.problem is not None
    assert refused.problem["code"] == "PartiesUnknown"
    assert (refused.nonce, refused.tx_hash) == (None, None)
    assert last.nonce == (first.nonce or 0) + 1


async def test_what_only_fails_when_mined_is_named_too_and_keeps_its_nonce(system: System) -> None:
    holder = await system.ledger.admit("Twice", Role.SUPPLIER)
    same = mint(system, holder)
    first, second = await ended(system, await enqueue(system, same, same))
    assert (first.state, second.state) == ("done", "failed")
    assert second.problem is not None
    assert second.problem["code"] == "CashCreditRefUsed"
    assert second.nonce == (first.nonce or 0) + 1
    assert await balance(system, holder) == 1


async def test_a_nonce_that_somebody_else_used_is_no_loss(system: System) -> None:
    holder = await system.ledger.admit("Shared key", Role.SUPPLIER)
    await system.ledger.send(mint(system, holder), system.ledger.governance["settlement_bank"])
    (done,) = await ended(system, await enqueue(system, mint(system, holder)))
    assert done.state == "done"
    assert await balance(system, holder) == 2


async def test_an_intent_that_another_relayer_carried_is_done_all_the_same(system: System) -> None:
    buyer, seller = await system.admit("Buyer", roles=["debtor"]), await system.admit("Seller")
    digest = await prepare_issue(system, buyer, seller)
    relayer = next(lane for lane in system.application.lanes if lane._planner.lane is Lane.RELAYER)
    working = relayer.step
    relayer.step = idle  # type: ignore[method-assign]
    try:
        await buyer.sign(digest)
        operation_id = (await seller.sign(digest, wait=0)).json()["operation_id"]
        async with system.application.resources.databases.reading() as session:
            operation = await session.get_one(Operation, operation_id)
        carried = Call(operation.to, bytes.fromhex(operation.data[2:]))
        receipt = await system.ledger.send(carried, system.ledger.governance["guardian"])
        await system.caught_up()
    finally:
        relayer.step = working  # type: ignore[method-assign]
    (done,) = await ended(system, [operation_id])
    assert (done.state, done.tx_hash) == ("done", receipt.transaction_hash)


async def idle() -> bool:
    return False


async def test_a_follow_up_with_a_fault_holds_up_nobody_and_is_tried_again(system: System) -> None:
    holder = await system.ledger.admit("Faulty", Role.SUPPLIER)
    faults = 2

    async def faulty(_work: UnitOfWork, operation: Operation) -> None:
        nonlocal faults
        if operation.subject_ref == "test" and faults:
            faults -= 1
            raise RuntimeError("a fault in a follow-up")
        operation.result = {"faults_left": faults}

    finisher = system.application.lanes[0]._finisher
    before = dict(finisher.followups)
    finisher.followups[OperationKind.MINT] = [faulty]  # type: ignore[index]
    try:
        done = await ended(system, await enqueue(system, mint(system, holder), mint(system, holder)))
    finally:
        finisher.followups.clear()  # type: ignore[attr-defined]
        finisher.followups.update(before)  # type: ignore[attr-defined]
    assert [operation.state for operation in done] == ["done", "done"]
    assert [operation.result for operation in done] == [{"faults_left": 0}, {"faults_left": 0}]
    assert await balance(system, holder) == 2


async def test_a_follow_up_that_goes_on_failing_is_tried_less_and_less_often(system: System) -> None:
    holder = await system.ledger.admit("Faulty for long", Role.SUPPLIER)
    tries = 0

    async def faulty(_work: UnitOfWork, _operation: Operation) -> None:
        nonlocal tries
        tries += 1
        raise RuntimeError("a fault in a follow-up")

    finisher = system.application.lanes[0]._finisher
    before = dict(finisher.followups)
    finisher.followups[OperationKind.MINT] = [faulty]  # type: ignore[index]
    try:
        ids = await enqueue(system, mint(system, holder))
        await asyncio.sleep(1.5)
        assert 2 <= tries <= 5
    finally:
        finisher.followups[OperationKind.MINT] = before.get(OperationKind.MINT, [])  # type: ignore[index]
    assert [operation.state for operation in await ended(system, ids)] == ["done"]


async def test_a_gap_is_filled_so_that_later_transactions_move(tmp_path: Path) -> None:
    async with fresh_system(tmp_path, sending=False) as system:
        holder = await system.ledger.admit("Gap", Role.SUPPLIER)
        await system.caught_up()
        await enqueue(system, mint(system, holder), mint(system, holder))
        lane = lane_of(system, Lane.SETTLEMENT_BANK)
        databases = system.application.resources.databases
        queued = await operations(databases, OperationState.QUEUED)
        _, (lost, waiting) = await lane._planner.assign_nonces(await lane._planner.estimate(queued))
        await lane._finisher.failed(lost.id, INTERNAL("the key was away"), keeps_nonce=False)
        for _ in range(50):
            await lane.step()
        (filler,) = [
            row for row in await operations(databases, OperationState.DONE) if row.kind == "fill_nonce"
        ]
        assert (filler.nonce, filler.to) == (lost.nonce, lane._planner.signer.address)
        assert (await ended(system, [waiting.id]))[0].state == "done"
        assert await balance(system, holder) == 1


async def test_a_nonce_lost_to_another_transaction_is_planned_anew(tmp_path: Path) -> None:
    async with fresh_system(tmp_path, sending=False) as system:
        holder = await system.ledger.admit("Superseded", Role.SUPPLIER)
        await system.caught_up()
        (operation_id,) = await enqueue(system, mint(system, holder))
        lane, databases = lane_of(system, Lane.SETTLEMENT_BANK), system.application.resources.databases
        queued = await operations(databases, OperationState.QUEUED)
        await lane._planner.assign_nonces(await lane._planner.estimate(queued))
        other = await system.ledger.admit("Other", Role.SUPPLIER)
        for _ in range(6):
            await system.ledger.send(mint(system, other), system.ledger.governance["settlement_bank"])
            await lane.step()
        for _ in range(10):
            await lane.step()
        (done,) = await ended(system, [operation_id])
        assert (done.state, done.attempts) == ("done", 2)
        assert await balance(system, holder) == 1


async def test_nonces_go_down_again_with_a_chain_that_lost_its_last_blocks(system: System) -> None:
    holder = await system.ledger.admit("Rolled back", Role.SUPPLIER)
    bank = system.ledger.governance["settlement_bank"].address
    nonce = await system.ledger.client.nonce(bank, "latest")
    (lost_id,) = await enqueue(system, mint(system, holder))
    await ended(system, [lost_id])
    async with system.application.resources.databases.writing() as session:
        (await session.get_one(Operation, lost_id)).nonce = nonce + 7
    (done,) = await ended(system, await enqueue(system, mint(system, holder)))
    assert (done.state, done.nonce) == ("done", nonce + 1)


async def test_what_was_queued_before_a_stop_is_sent_after_the_start(tmp_path: Path) -> None:
    async with fresh_ledger() as ledger:
        async with running_system(tmp_path, ledger, sending=False) as stopped:
            holder = await ledger.admit("Patient", Role.SUPPLIER)
            await stopped.caught_up()
            ids = await enqueue(stopped, *(mint(stopped, holder) for _ in range(5)))
        async with running_system(tmp_path, ledger) as started:
            assert {row.state for row in await ended(started, ids)} == {"done"}
            assert await balance(started, holder) == 5
            assert await operations(started.application.resources.databases, OperationState.QUEUED) == []


def lane_of(system: System, lane: Lane) -> LaneSender:
    return next(sender for sender in system.application.lanes if sender._planner.lane is lane)
