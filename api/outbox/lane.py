"""One sending key at work: queued → sending → sent → mined → done.

Each step begins from what is on record and can be repeated: the nonce is committed before signing, the signed
bytes before sending, and `chain.tx.decide` says what a transaction that may be on its way needs. So a process
that dies anywhere leaves exactly one effect behind when another one goes on.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import structlog

from api.http.problems import define
from api.http.translation import problem_of
from api.ids import now_ms
from api.outbox import repository
from api.outbox.finish import Finisher
from api.outbox.models import Operation, OperationKind, OperationState
from api.outbox.planning import NODE_REJECTED, Planner, call_of, fees_of
from chain.errors import ChainError, ContractReverted
from chain.fees import raised
from chain.text import word_bytes
from chain.tx import (
    Abandon,
    Action,
    LookForReceipt,
    Mined,
    Observation,
    Policy,
    Rebroadcast,
    Receipt,
    Replace,
    Sent,
    Superseded,
    Wait,
    after_send_error,
    decide,
)
from indexer import queries
from indexer.feed import MirrorFeed

TX_REVERTED = define(
    "transaction-reverted", 409, "The transaction was mined and had no effect", "交易已上链但未生效"
)

WINDOW: Final = 16
"""Transactions of a lane on their way at once; nodes keep 64 or more a sender."""

MIRROR_PATIENCE_S: Final = 0.1
"""How long a lane waits for the mirror before it turns to its next operation."""

_LOG: Final = structlog.get_logger("api.outbox")


class Step(StrEnum):
    """Points between which a process may die."""

    SIMULATED = "simulated"
    NONCE_SAVED = "nonce_saved"
    SIGNED = "signed"
    BROADCAST = "broadcast"
    MINED = "mined"
    DONE = "done"


@dataclass(slots=True)
class _Broadcasts:
    """How often this process has sent an operation's bytes, and the head when it last did."""

    count: int
    last_block: int


class LaneSender:
    """Sends the operations of one lane. One process at a time may run a lane."""

    def __init__(
        self,
        planner: Planner,
        finisher: Finisher,
        feed: MirrorFeed | None,
        *,
        reached: Callable[[Step], None] = lambda _step: None,
    ) -> None:
        self._planner = planner
        self._finisher = finisher
        self._feed = feed
        self._reached = reached
        self._policy = Policy(zero_fee=planner.fee_policy.is_zero_fee)
        self._broadcasts: dict[str, _Broadcasts] = {}
        self._head = 0

    async def step(self) -> bool:
        """Move everything that can be moved; True while something is under way."""
        active = await self._load()
        if not active:
            return False
        await self._plan(_in_state(active, OperationState.QUEUED), len(active))
        await self._sign(_in_state(active, OperationState.SENDING))
        # A mined one is looked up again too: until the mirror has its block, that block may still go.
        await self._watch(_in_state(active, OperationState.SENT, OperationState.MINED))
        return True

    async def _plan(self, queued: Sequence[Operation], active: int) -> None:
        room = WINDOW - (active - len(queued))
        if not queued or room <= 0:
            return
        estimates = await self._planner.estimate(queued[:room])
        self._reached(Step.SIMULATED)
        possible = [estimate for estimate in estimates if estimate.problem is None]
        if possible:
            self._head, planned = await self._planner.assign_nonces(possible)
            self._reached(Step.NONCE_SAVED)
            await self._sign(planned)
        for estimate in estimates:
            if estimate.problem is not None and not await self._finisher.done_by_others(estimate.operation):
                await self._finisher.failed(estimate.operation.id, estimate.problem, keeps_nonce=False)

    async def _sign(self, planned: Sequence[Operation]) -> None:
        if not planned:
            return
        signed = await self._planner.sign(planned)
        self._reached(Step.SIGNED)
        for operation in signed:
            await self._broadcast(operation)
        if self._feed is not None:
            self._feed.nudge()
        self._reached(Step.BROADCAST)
        await self._watch(signed)

    async def _watch(self, sent: Sequence[Operation]) -> None:
        receipts = await asyncio.gather(*(self._receipt(operation) for operation in sent))
        missing = []
        for operation, receipt in zip(sent, receipts, strict=True):
            if receipt is None:
                missing.append(operation)
            else:
                self._head = max(self._head, receipt.block_number)
                await self._look(operation, Observation(self._head, 0, receipt, in_pool=False))
        if missing:
            await self._watch_missing(missing)

    async def _watch_missing(self, missing: Sequence[Operation]) -> None:
        client = self._planner.client
        self._head, mined_nonces = await asyncio.gather(
            client.block_number(), client.nonce(self._planner.signer.address, "latest")
        )
        # asked again after the count: a used nonce without a receipt is then no receipt that came in between
        receipts = await asyncio.gather(*(self._receipt(operation) for operation in missing))
        for operation, receipt in zip(missing, receipts, strict=True):
            in_pool = receipt is None and await self._in_pool(operation)
            await self._look(operation, Observation(self._head, mined_nonces, receipt, in_pool=in_pool))
        if all((operation.nonce or 0) > mined_nonces for operation in missing):
            await self._planner.fill_gaps(mined_nonces)

    async def _look(self, operation: Operation, seen: Observation) -> None:
        record = self._broadcasts.get(operation.id, _Broadcasts(0, self._head))
        state = Sent(operation.nonce or 0, record.last_block, record.count)
        await self._act(operation, decide(state, seen, self._policy))

    async def _act(self, operation: Operation, action: Action) -> None:
        match action:
            case Mined(receipt):
                await self._on_mined(operation, receipt)
            case Rebroadcast(alarm) | Replace(alarm):
                if alarm:
                    _LOG.warning("transaction does not move", operation=operation.id, nonce=operation.nonce)
                dearer = isinstance(action, Replace)
                to_send = await self._with_higher_fees(operation) if dearer else operation
                if to_send is not None:
                    await self._broadcast(to_send)
            case Superseded():
                _LOG.warning(
                    "nonce used by another transaction", operation=operation.id, nonce=operation.nonce
                )
                self._broadcasts.pop(operation.id, None)
                await self._planner.plan_anew(operation)
            case Abandon(reason):
                self._broadcasts.pop(operation.id, None)
                await self._finisher.failed(operation.id, NODE_REJECTED(reason), keeps_nonce=False)
            case Wait() | LookForReceipt():
                return

    async def _broadcast(self, operation: Operation) -> None:
        before = self._broadcasts.get(operation.id, _Broadcasts(0, self._head))
        self._broadcasts[operation.id] = _Broadcasts(before.count + 1, self._head)
        try:
            await self._planner.client.send_raw_transaction(word_bytes(operation.raw_tx or ""))
        except ChainError as error:
            action = after_send_error(error, self._policy)
            _LOG.info("send refused", operation=operation.id, error=error.code, action=type(action).__name__)
            await self._act(operation, action)

    async def _in_pool(self, operation: Operation) -> bool:
        # Where gas is free nothing is replaced, so nobody needs to know.
        if self._policy.zero_fee or operation.tx_hash is None:
            return False
        return await self._planner.client.in_pool(operation.tx_hash)

    async def _with_higher_fees(self, operation: Operation) -> Operation | None:
        """The operation signed anew, or None at the cap: sending the same again would be refused for ever."""
        head = await self._planner.client.head()
        fees = raised(self._planner.fee_policy, fees_of(operation), head.base_fee_per_gas)
        if fees is None:
            _LOG.warning("fee cap reached", operation=operation.id, nonce=operation.nonce)
            return None
        await self._planner.replace(operation, fees)
        async with self._planner.databases.reading() as session:
            return await session.get_one(Operation, operation.id)

    async def _receipt(self, operation: Operation) -> Receipt | None:
        for tx_hash in reversed(operation.tx_hashes):
            receipt = await self._planner.client.receipt(tx_hash)
            if receipt is not None:
                return receipt
        return None

    async def _on_mined(self, operation: Operation, receipt: Receipt) -> None:
        self._broadcasts.pop(operation.id, None)
        self._reached(Step.MINED)
        if not receipt.succeeded:
            await self._on_reverted(operation, receipt)
        elif await self._is_mirrored(receipt.block_number):
            await self._done(operation, receipt.transaction_hash, receipt.block_number)
        else:
            async with self._planner.databases.writing() as session:
                row = await session.get_one(Operation, operation.id, with_for_update=True)
                if row.state == OperationState.SENT:
                    row.state, row.updated_ms = OperationState.MINED, now_ms()
                    row.tx_hash, row.block_number = receipt.transaction_hash, receipt.block_number

    async def _on_reverted(self, operation: Operation, receipt: Receipt) -> None:
        if await self._finisher.done_by_others(operation):
            return
        problem = TX_REVERTED("the reason cannot be found again", tx_hash=receipt.transaction_hash)
        try:
            sender = self._planner.signer.address
            await self._planner.client.simulate(call_of(operation), sender, receipt.block_number)
        except ContractReverted as error:
            problem = problem_of(error) or problem
        await self._finisher.failed(operation.id, problem, keeps_nonce=True)

    async def _done(self, operation: Operation, tx_hash: str, block_number: int) -> None:
        if operation.kind == OperationKind.FILL_NONCE:
            _LOG.info("nonce filled", nonce=operation.nonce)
        await self._finisher.done(operation.id, tx_hash=tx_hash, block_number=block_number)
        self._reached(Step.DONE)

    async def _is_mirrored(self, block_number: int) -> bool:
        """Whether the mirror has a block; an indexer in this process has it in a moment: wait for it."""
        if self._feed is None:
            async with self._planner.databases.mirror() as mirror:
                position = await queries.position(mirror)
            return position is not None and position.block_number >= block_number
        try:
            await self._feed.wait_for_block(block_number, MIRROR_PATIENCE_S)
        except TimeoutError:
            return False
        return True

    async def _load(self) -> list[Operation]:
        async with self._planner.databases.reading() as session:
            return await repository.active(session, self._planner.lane, limit=2 * WINDOW)


def _in_state(operations: Sequence[Operation], *states: OperationState) -> list[Operation]:
    return [operation for operation in operations if operation.state in states]
