"""The one place that answers "may this caller see that?"."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from api.auth.caller import Caller, Scope
from api.http.problems import NOT_FOUND
from domain.ids import ZERO_ADDRESS, PartyAddress


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom something concerns: `parties`, or everybody who has a key.

    `details` names parts of it that are for some of them only.
    """

    parties: frozenset[str] = frozenset()
    details: Mapping[str, frozenset[str]] = field(default_factory=dict)
    everybody: bool = False

    def reached(self, caller: Caller) -> bool:
        """Whether the caller may see it, perhaps without its details."""
        return self.everybody or may_see(caller, self.parties)

    def hidden_from(self, caller: Caller) -> frozenset[str]:
        """The details that this caller may not see."""
        return frozenset(name for name, parties in self.details.items() if not may_see(caller, parties))


def may_see(caller: Caller, parties: Collection[str]) -> bool:
    """Whether the caller's party is one of those concerned; an auditor sees everything."""
    if caller.has(Scope.AUDIT):
        return True
    return caller.party != ZERO_ADDRESS and caller.party in parties


def require_visible(caller: Caller, parties: Iterable[PartyAddress], what: str) -> None:
    """Answer a stranger as if the thing did not exist: that it exists is none of its business."""
    if not may_see(caller, set(parties)):
        raise NOT_FOUND(f"no such {what}")
