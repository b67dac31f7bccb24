"""A receivable on the ledger: its states, why lots move, and which changes of state can happen at all.

The life of the invoice before it is on the ledger is in `domain.invoice`.
"""

from enum import IntEnum

from domain.errors import ForbiddenTransition


class ReceivableState(IntEnum):
    """Stored states, coded as on the ledger. Matured and overdue follow from time and are never stored."""

    NONE = 0
    ACTIVE = 1
    SUSPENDED = 2
    SETTLING = 3
    SETTLED = 4
    DEFAULTED = 5
    WRITTEN_OFF = 6
    CANCELLED = 7


class Cause(IntEnum):
    """Why a lot came to be, coded as on the ledger."""

    ISSUE = 0
    ASSIGN = 1
    FINANCE = 2
    BUYBACK = 3
    FORCED = 4
    RECOVERY = 5
    EXPORT = 6


_S = ReceivableState

TRANSITIONS: dict[ReceivableState, frozenset[ReceivableState]] = {
    _S.NONE: frozenset({_S.ACTIVE}),
    _S.ACTIVE: frozenset({_S.SUSPENDED, _S.SETTLING, _S.SETTLED, _S.DEFAULTED, _S.CANCELLED}),
    _S.SUSPENDED: frozenset({_S.ACTIVE, _S.SETTLING, _S.SETTLED}),
    _S.SETTLING: frozenset({_S.SETTLED, _S.DEFAULTED}),
    _S.SETTLED: frozenset(),
    _S.DEFAULTED: frozenset({_S.SETTLED, _S.WRITTEN_OFF}),
    _S.WRITTEN_OFF: frozenset(),
    _S.CANCELLED: frozenset(),
}
"""Every change that may happen; no other does.

Money is taken under an order and after default too: SUSPENDED ends where what was paid meanwhile leads, and
DEFAULTED stays until all is paid.
"""


def require_transition(before: ReceivableState, after: ReceivableState) -> None:
    """Refuse a change that the table does not list; staying in a state is not a change."""
    if after not in TRANSITIONS[before]:
        raise ForbiddenTransition(
            f"a receivable cannot go from {before.name} to {after.name}",
            place="state",
            values={"before": before.name, "after": after.name},
        )
