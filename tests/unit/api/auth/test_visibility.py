"""Who may see what is decided in one place."""

import pytest

from api.auth.caller import SYSTEM, Caller, Scope
from api.auth.visibility import may_see, require_visible
from api.http.problems import Problem
from domain.ids import ZERO_ADDRESS, PartyAddress

ALICE, BOB = PartyAddress("0x" + "aa" * 20), PartyAddress("0x" + "bb" * 20)


def caller(party: PartyAddress, *scopes: Scope) -> Caller:
    return Caller("key", party, frozenset(scopes))


def test_a_party_sees_what_concerns_it() -> None:
    assert may_see(caller(ALICE), [BOB, ALICE])


def test_a_stranger_is_told_that_there_is_nothing() -> None:
    with pytest.raises(Problem) as refusal:
        require_visible(caller(ALICE, *set(Scope) - {Scope.AUDIT}), [BOB], "lot")
    assert refusal.value.kind.status == 404


def test_an_auditor_sees_everything() -> None:
    assert may_see(caller(ALICE, Scope.AUDIT), [BOB])


@pytest.mark.parametrize("parties", [[], [ZERO_ADDRESS]])
def test_an_office_without_a_party_sees_nothing_of_anybody(parties: list[PartyAddress]) -> None:
    assert not may_see(SYSTEM, parties)
