from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from api.outbox.lane import LaneSender
from api.outbox.models import Lane, Operation, OperationKind, OperationState
from chain.client import Head
from chain.errors import Underpriced
from chain.fees import FeePolicy, Fees

CAP = 100


class StuckNode:
    """Has the transaction in its pool, mines nothing, and takes no more of it at `refuses`."""

    def __init__(self, *, refuses: bool) -> None:
        self.refuses = refuses
        self.height = 10
        self.taken: list[bytes] = []

    async def block_number(self) -> int:
        return self.height

    async def nonce(self, _address: str, _block: str) -> int:
        return 0

    async def receipt(self, _transaction_hash: str) -> None:
        return None

    async def in_pool(self, _transaction_hash: str) -> bool:
        return True

    async def head(self) -> Head:
        return Head(number=self.height, hash="0x", timestamp=0, base_fee_per_gas=1)

    async def send_raw_transaction(self, raw: bytes) -> str:
        if self.refuses:
            raise Underpriced("replacement transaction underpriced")
        self.taken.append(raw)
        return "0x"


class OnePlan:
    """A planner with one operation under way; the bytes it signs are its fee."""

    def __init__(self, node: StuckNode, fee: int) -> None:
        self.client = node
        self.signer = self
        self.databases = self
        self.address = "0x" + "11" * 20
        self.fee_policy = FeePolicy(tip_per_gas=1, max_fee_per_gas=CAP)
        self.operation = Operation(
            id="op_1",
            kind=OperationKind.PAY,
            lane=Lane.RELAYER,
            state=OperationState.SENT,
            subject_ref="",
            visible_to=[],
            to=self.address,
            data="0x",
            nonce=0,
            max_fee_per_gas=fee,
            max_priority_fee_per_gas=1,
            raw_tx=f"0x{fee:02x}",
            tx_hash="0x",
            tx_hashes=["0x"],
            created_ms=0,
            updated_ms=0,
        )

    async def replace(self, operation: Operation, fees: Fees) -> None:
        operation.max_fee_per_gas = fees.max_fee_per_gas
        operation.max_priority_fee_per_gas = fees.max_priority_fee_per_gas
        operation.raw_tx = f"0x{fees.max_fee_per_gas:02x}"

    @asynccontextmanager
    async def reading(self) -> AsyncIterator["OnePlan"]:
        yield self

    async def get_one(self, _model: type[Operation], _operation_id: str) -> Operation:
        return self.operation

    async def fill_gaps(self, _mined: int) -> None:
        raise AssertionError("nothing is missing before the only nonce")


async def watched(node: StuckNode, fee: int, blocks: int) -> OnePlan:
    """Look at a transaction, sent at block 10, in each of the blocks after it."""
    plan = OnePlan(node, fee)
    planner: Any = plan
    nothing_finishes: Any = None
    lane = LaneSender(planner, nothing_finishes, None)
    lane._head = node.height
    await lane._broadcast(plan.operation)
    for _ in range(blocks):
        node.height += 1
        await lane._watch([plan.operation])
    return plan


async def test_a_transaction_that_sits_in_the_pool_is_replaced_by_dearer_ones_up_to_the_cap() -> None:
    node = StuckNode(refuses=False)
    await watched(node, fee=80, blocks=12)
    offered = [raw[0] for raw in node.taken]
    assert offered[0] == 80
    assert len(offered) > 1
    assert offered == sorted(set(offered))
    assert offered[-1] <= CAP


async def test_at_the_cap_a_refusal_for_the_fee_is_not_asked_for_again_and_again() -> None:
    plan = await watched(StuckNode(refuses=True), fee=80, blocks=4)
    assert 80 < (plan.operation.max_fee_per_gas or 0) <= CAP
