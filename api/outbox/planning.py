"""From queued to signed: what a transaction will be, written down before each step that cannot be undone."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from api.db import Databases, WriteSession
from api.http.problems import Problem, define
from api.http.translation import problem_of
from api.ids import new_id, now_ms
from api.outbox import repository
from api.outbox.models import Lane, Operation, OperationKind, OperationState
from chain.calls import Call
from chain.client import LedgerClient
from chain.errors import ContractReverted, NodeRejected
from chain.fees import FeePolicy, Fees, quote
from chain.signers import SignedTransaction, Signer
from chain.text import word_bytes
from chain.tx import Transaction, gaps, gas_limit, next_nonce

NODE_REJECTED = define(
    "node-rejected", 409, "The ledger's node refuses the transaction", "账本节点拒绝该交易"
)
_FILLER_GAS = 21_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """What simulating an operation says: gas it needs, or why it cannot be."""

    operation: Operation
    gas: int | None
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans the transactions of one lane, whose key is `signer`."""

    lane: Lane
    signer: Signer
    client: LedgerClient
    databases: Databases
    fee_policy: FeePolicy

    async def estimate(self, operations: Sequence[Operation]) -> list[Estimate]:
        """Simulate each at the pending block; a revert costs no nonce. Raises NodeUnavailable."""
        return list(await asyncio.gather(*(self._estimate(operation) for operation in operations)))

    async def assign_nonces(self, estimates: Sequence[Estimate]) -> tuple[int, list[Operation]]:
        """Give each operation its nonce, gas and fees, committed before anything is signed.

        Returns the head's number and what is to be signed, in order of nonce.
        """
        sender = self.signer.address
        chain, head = await asyncio.gather(self.client.nonces(sender), self.client.head())
        fees = quote(self.fee_policy, head.base_fee_per_gas)
        async with self.databases.writing() as session:
            nonce = next_nonce(await repository.recorded_next_nonce(session, sender), chain)
            planned = []
            for estimate in estimates:
                operation = await _locked(session, estimate.operation)
                if operation.state == OperationState.QUEUED:
                    operation.gas = gas_limit(estimate.gas or 0)
                    operation.attempts += 1
                    _assign(operation, sender, nonce, fees)
                    nonce += 1
                    planned.append(operation)
        return head.number, planned

    async def fill_gaps(self, mined: int) -> None:
        """Plan transfers of nothing for nonces that nobody holds and that later transactions wait for."""
        sender, head = self.signer.address, await self.client.head()
        async with self.databases.writing() as session:
            waiting = await repository.nonces_from(session, sender, mined)
            fees = quote(self.fee_policy, head.base_fee_per_gas)
            session.add_all(self._filler(hole, fees) for hole in gaps(mined, waiting))

    async def sign(self, operations: Sequence[Operation]) -> list[Operation]:
        """Sign under the nonces on record; the bytes are committed before anything is sent. Returns what to
        send.
        """
        signed = [
            await self.signer.sign_transaction(self._transaction(operation)) for operation in operations
        ]
        recorded = []
        async with self.databases.writing() as session:
            for operation, bytes_to_send in zip(operations, signed, strict=True):
                row = await _locked(session, operation)
                if row.state == OperationState.SENDING:
                    _record(row, bytes_to_send)
                    recorded.append(row)
        return recorded

    async def replace(self, operation: Operation, fees: Fees) -> None:
        """Sign the same nonce again at higher fees."""
        async with self.databases.writing() as session:
            row = await _locked(session, operation)
            _set_fees(row, fees)
            _record(row, await self.signer.sign_transaction(self._transaction(row)))

    async def plan_anew(self, operation: Operation) -> None:
        """Put an operation back to the queue: its nonce was used by somebody else."""
        async with self.databases.writing() as session:
            row = await _locked(session, operation)
            row.state, row.nonce, row.sender = OperationState.QUEUED, None, None
            row.raw_tx, row.tx_hash, row.tx_hashes = None, None, []
            row.updated_ms = now_ms()

    async def _estimate(self, operation: Operation) -> Estimate:
        call = call_of(operation)
        try:
            return Estimate(operation, await self.client.estimate_gas(call, self.signer.address), None)
        except ContractReverted as error:
            return Estimate(operation, None, problem_of(error))
        except NodeRejected as error:
            return Estimate(operation, None, NODE_REJECTED(error.message))

    def _transaction(self, operation: Operation) -> Transaction:
        return Transaction(
            chain_id=self.client.book.chain_id,
            nonce=_known(operation.nonce),
            to=operation.to,
            data=word_bytes(operation.data),
            gas=_known(operation.gas),
            fees=fees_of(operation),
        )

    def _filler(self, nonce: int, fees: Fees) -> Operation:
        filler = Operation(
            id=new_id("op"),
            kind=OperationKind.FILL_NONCE,
            lane=self.lane,
            subject_ref=str(nonce),
            visible_to=[],
            to=self.signer.address,
            data="0x",
            gas=_FILLER_GAS,
            created_ms=now_ms(),
            updated_ms=now_ms(),
        )
        _assign(filler, self.signer.address, nonce, fees)
        return filler


def call_of(operation: Operation) -> Call:
    """What an operation calls."""
    return Call(operation.to, word_bytes(operation.data))


def fees_of(operation: Operation) -> Fees:
    """What an operation offers for gas; set with its nonce."""
    return Fees(_known(operation.max_fee_per_gas), _known(operation.max_priority_fee_per_gas))


async def _locked(session: WriteSession, operation: Operation) -> Operation:
    """The row as it is now: another process may have moved it on."""
    return await session.get_one(Operation, operation.id, with_for_update=True)


def _assign(operation: Operation, sender: str, nonce: int, fees: Fees) -> None:
    operation.sender, operation.nonce = sender, nonce
    operation.state = OperationState.SENDING
    operation.updated_ms = now_ms()
    _set_fees(operation, fees)


def _set_fees(operation: Operation, fees: Fees) -> None:
    operation.max_fee_per_gas = fees.max_fee_per_gas
    operation.max_priority_fee_per_gas = fees.max_priority_fee_per_gas


def _record(operation: Operation, signed: SignedTransaction) -> None:
    operation.raw_tx = "0x" + signed.raw.hex()
    operation.tx_hash = signed.hash
    operation.tx_hashes = [*operation.tx_hashes, signed.hash]
    operation.state = OperationState.SENT
    operation.updated_ms = now_ms()


def _known(value: int | None) -> int:
    if value is None:
        raise ValueError("the operation has not been planned yet")
    return value
