"""The one place that answers "may this caller see that?"."""

from collections.abc import Iterable

from api.auth.caller import Caller, Scope
from api.http.problems import NOT_FOUND
from domain.ids import ZERO_ADDRESS, PartyAddress


def may_see(caller: Caller, parties: Iterable[PartyAddress]) -> bool:
    """Whether the caller's party is one of those concerned; an auditor sees everything."""
    if caller.has(Scope.AUDIT):
        return True
    return caller.party != ZERO_ADDRESS and caller.party in set(parties)


def require_visible(caller: Caller, parties: Iterable[PartyAddress], what: str) -> None:
    """Answer a stranger as if the thing did not exist: that it exists is none of its business."""
    if not may_see(caller, parties):
        raise NOT_FOUND(f"no such {what}")
