"""What a transaction offers for gas. On a zero-fee chain that is nothing, and it is said explicitly.

A library's default tip would make a relayer without funds unable to send.
"""

from dataclasses import dataclass
from typing import Final

BASE_FEE_HEADROOM: Final = 2
"""The base fee can double in six full blocks (EIP-1559: at most an eighth a block)."""

REPLACEMENT_PERCENT: Final = 113
"""Nodes take a replacement at 110 %; a little more, so that rounding never decides."""


@dataclass(frozen=True, slots=True)
class Fees:
    """Wei per unit of gas (EIP-1559)."""

    max_fee_per_gas: int
    max_priority_fee_per_gas: int


ZERO_FEES: Final = Fees(max_fee_per_gas=0, max_priority_fee_per_gas=0)


@dataclass(frozen=True, slots=True)
class FeePolicy:
    """`tip_per_gas` wei; `max_fee_per_gas` caps everything, replacements included. Both zero: a zero-fee
    chain.
    """

    tip_per_gas: int
    max_fee_per_gas: int

    @property
    def is_zero_fee(self) -> bool:
        """Whether nothing is ever offered."""
        return self.max_fee_per_gas == 0


def quote(policy: FeePolicy, base_fee_per_gas: int) -> Fees:
    """Fees of a new transaction at the head's base fee."""
    if policy.is_zero_fee:
        return ZERO_FEES
    tip = min(policy.tip_per_gas, policy.max_fee_per_gas)
    wanted = base_fee_per_gas * BASE_FEE_HEADROOM + tip
    return Fees(max_fee_per_gas=min(wanted, policy.max_fee_per_gas), max_priority_fee_per_gas=tip)


def raised(policy: FeePolicy, sent: Fees, base_fee_per_gas: int) -> Fees | None:
    """Fees that a node accepts for the same nonce again, or None where the cap (or a zero-fee chain) forbids
    it.
    """
    fresh = quote(policy, base_fee_per_gas)
    fee = max(fresh.max_fee_per_gas, _raise(sent.max_fee_per_gas))
    tip = max(fresh.max_priority_fee_per_gas, _raise(sent.max_priority_fee_per_gas))
    if policy.is_zero_fee or fee > policy.max_fee_per_gas:
        return None
    return Fees(max_fee_per_gas=fee, max_priority_fee_per_gas=min(tip, fee))


def _raise(wei: int) -> int:
    return wei * REPLACEMENT_PERCENT // 100 + 1
