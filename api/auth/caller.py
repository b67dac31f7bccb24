"""Who calls: an API key, the party it speaks for, and what it may do."""

from dataclasses import dataclass
from enum import StrEnum

from domain.ids import ZERO_ADDRESS, PartyAddress


class Scope(StrEnum):
    """What a key may do; the party's powers on the ledger are a matter of its signers, not of the key."""

    READ = "read"
    SUBMIT = "submit"
    CONFIRM = "confirm"
    QUOTE = "quote"
    FINANCE = "finance"
    PAY = "pay"
    REGISTER = "register"
    SETTLE = "settle"
    AUDIT = "audit"
    SUBSCRIBE = "subscribe"


@dataclass(frozen=True, slots=True)
class Caller:
    """`party` is the zero address for an office that is no party; `signer` the person behind the key, if it
    is bound.
    """

    key_id: str
    party: PartyAddress
    scopes: frozenset[Scope]
    signer: str | None = None

    def has(self, scope: Scope) -> bool:
        return scope in self.scopes


SYSTEM = Caller("system", ZERO_ADDRESS, frozenset())
"""Who follow-ups of finished operations act as: nobody's party, no rights."""
