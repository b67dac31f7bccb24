"""Transaction policy, pure: which nonce is next, and what to do about a transaction that was sent.

The caller persists the nonce before it signs, keeps every hash it broadcast for a nonce, asks `decide` at
each new block, and does as told. Nothing here reads a clock or a node: time is counted in blocks.

Lessons of others behind it:
- after a restart the next nonce is the highest of what is on record and what the chain says;
- a nonce that was given out and never sent is a gap that later transactions wait for, and must be filled;
- "nonce too low" means that something was mined: look for the receipt before failing;
- a transaction can sit in a pool for ever: re-broadcast it and tell somebody;
- where gas is free no transaction can be replaced by a dearer one;
- the next nonce also goes down, when the last ones never went out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from chain.errors import AlreadyKnown, ChainError, NodeRejected, NodeUnavailable, NonceTooLow, Underpriced
from chain.fees import Fees

GAS_HEADROOM_PERCENT: Final = 125
"""An estimate is exact for the state it was made on; the next block may find colder storage."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """An EIP-1559 transaction without value. `to` is checksummed, None to create; `gas` is the limit."""

    chain_id: int
    nonce: int
    to: str | None
    data: bytes
    gas: int
    fees: Fees

    def as_rpc(self) -> dict[str, Any]:
        """The fields as eth_account signs them."""
        return {
            "type": 2,
            "chainId": self.chain_id,
            "nonce": self.nonce,
            "to": self.to or "",
            "value": 0,
            "data": self.data,
            "gas": self.gas,
            "maxFeePerGas": self.fees.max_fee_per_gas,
            "maxPriorityFeePerGas": self.fees.max_priority_fee_per_gas,
        }


def gas_limit(estimate: int) -> int:
    """Gas to allow for a call that was estimated at the head."""
    return estimate * GAS_HEADROOM_PERCENT // 100


@dataclass(frozen=True, slots=True)
class ChainNonces:
    """Transactions of a sender as the node counts them: in blocks, and in blocks and pool together."""

    mined: int
    pending: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A transaction that may be on its way; `last_sent_block` is the head's height when it last was sent."""

    nonce: int
    last_sent_block: int
    broadcasts: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a transaction was mined; `succeeded` is False when it reverted."""

    transaction_hash: str
    block_number: int
    block_hash: str
    succeeded: bool
    gas_used: int


@dataclass(frozen=True, slots=True)
class Observation:
    """What the node says now about a transaction: `receipt` of any of its hashes, and the sender's mined
    count.
    """

    head_block: int
    mined_nonces: int
    receipt: Receipt | None
    in_pool: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """All in blocks. `confirmations` 1: being in a block is enough, as with immediate finality."""

    confirmations: int = 1
    rebroadcast_after: int = 3
    receipt_patience: int = 3
    alarm_after_broadcasts: int = 5
    zero_fee: bool = True


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before the next block."""


@dataclass(frozen=True, slots=True)
class Mined:
    """Final: in a block and buried deep enough."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Rebroadcast:
    """Send the same bytes again; `alarm` tells an operator that the pool does not move it."""

    alarm: bool


@dataclass(frozen=True, slots=True)
class Replace:
    """Sign the same nonce again with higher fees (`fees.raised`) and send that."""

    alarm: bool


@dataclass(frozen=True, slots=True)
class LookForReceipt:
    """The nonce is used: ask for the receipts of all hashes sent under it."""


@dataclass(frozen=True, slots=True)
class Superseded:
    """The nonce was used by a transaction that is not ours: the command did not happen, simulate and plan it
    anew.
    """


@dataclass(frozen=True, slots=True)
class Abandon:
    """The node will never take these bytes: the command fails, its nonce is free (and a gap if later ones
    exist).
    """

    reason: str


Action = Wait | Mined | Rebroadcast | Replace | LookForReceipt | Superseded | Abandon


def next_nonce(recorded_next: int | None, chain: ChainNonces) -> int:
    """The nonce of a new transaction.

    `recorded_next` is one more than the highest nonce on record that was not abandoned, None for a fresh
    sender. The record may be ahead (signed, not yet sent) or behind (restored from a backup, another relayer
    with this key).
    """
    return max(recorded_next or 0, chain.mined, chain.pending)


def gaps(mined: int, on_record: Iterable[int]) -> tuple[int, ...]:
    """Nonces that nobody holds but later transactions wait for; a transfer of nothing fills each."""
    waiting = {nonce for nonce in on_record if nonce >= mined}
    return tuple(nonce for nonce in range(mined, max(waiting, default=mined)) if nonce not in waiting)


def decide(sent: Sent, seen: Observation, policy: Policy) -> Action:
    """What to do about a transaction now. Same input, same answer."""
    if seen.receipt is not None:
        buried = seen.head_block - seen.receipt.block_number + 1
        return Mined(seen.receipt) if buried >= policy.confirmations else Wait()
    silent_blocks = seen.head_block - sent.last_sent_block
    if seen.mined_nonces > sent.nonce:
        return LookForReceipt() if silent_blocks < policy.receipt_patience else Superseded()
    if sent.broadcasts == 0:
        return Rebroadcast(alarm=False)
    if silent_blocks < policy.rebroadcast_after:
        return Wait()
    alarm = sent.broadcasts >= policy.alarm_after_broadcasts
    if policy.zero_fee or not seen.in_pool:
        return Rebroadcast(alarm=alarm)
    return Replace(alarm=alarm)


def after_send_error(error: ChainError, policy: Policy) -> Action:
    """What the node's refusal of a raw transaction means for its nonce."""
    if isinstance(error, NonceTooLow):
        return LookForReceipt()
    if isinstance(error, AlreadyKnown | NodeUnavailable):
        # after a lost connection the node may have it or not; the next `decide` re-broadcasts the same bytes
        return Wait()
    if isinstance(error, Underpriced):
        return Wait() if policy.zero_fee else Replace(alarm=False)
    if isinstance(error, NodeRejected):
        return Abandon(error.message)
    raise error
