"""Whose positions a caller may ask for: its own, what it owes to whom, and auditors everything."""

from dataclasses import dataclass

from api.auth.caller import Caller
from api.auth.visibility import may_see, require_visible
from domain.ids import PartyAddress


@dataclass(frozen=True, slots=True)
class Angle:
    """What is held by one or by all, of what is owed by one or by all."""

    holder: PartyAddress | None
    debtor: PartyAddress | None


def angle_of(caller: Caller, holder: str | None, debtor: str | None) -> Angle:
    """The angle that is asked for; who may not see all holders and names none means itself.

    A debtor sees who holds its own debts, as on its receivables. Raises `not-found`.
    """
    asked = Angle(_party(holder), _party(debtor))
    if asked.holder is None and not may_see(caller, [asked.debtor] if asked.debtor else []):
        asked = Angle(caller.party, asked.debtor)
    concerned = [party for party in (asked.holder, asked.debtor) if party is not None]
    require_visible(caller, concerned, "party")
    return asked


def visible_holder(caller: Caller, party: str | None) -> PartyAddress:
    """The party whose holdings are asked for; the caller's if none is named. Raises `not-found`."""
    holder = _party(party) or caller.party
    require_visible(caller, [holder], "party")
    return holder


def _party(address: str | None) -> PartyAddress | None:
    return PartyAddress(address) if address is not None else None
