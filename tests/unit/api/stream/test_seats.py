"""Seats: some for each party, not more than there are, and each given back whatever happens."""

from contextlib import ExitStack

import pytest

from api.auth.caller import Caller, Scope
from api.http.problems import Problem
from api.stream.seats import Seats
from domain.ids import ZERO_ADDRESS, PartyAddress
from tests.support.mirror import address


def caller(party: int, key: str = "key") -> Caller:
    who = PartyAddress(address(party)) if party else ZERO_ADDRESS
    return Caller(key, who, frozenset({Scope.READ}))


def test_a_party_has_its_own_whichever_key_it_uses() -> None:
    seats = Seats(per_party=2, overall=10)
    with seats.taken_by(caller(1, "one")), seats.taken_by(caller(1, "other")):
        with pytest.raises(Problem, match="too-many-streams") as refused, seats.taken_by(caller(1, "third")):
            pass
        assert refused.value.values == {"streams_max": 2, "retry_after_s": 30}
        with seats.taken_by(caller(2)):
            assert seats.taken == 3
    assert seats.taken == 0


def test_offices_are_told_apart_by_their_keys() -> None:
    seats = Seats(per_party=1, overall=10)
    with seats.taken_by(caller(0, "registrar")), seats.taken_by(caller(0, "desk")):
        assert seats.taken == 2


def test_when_all_are_taken_everybody_is_refused() -> None:
    seats = Seats(per_party=2, overall=3)
    with ExitStack() as held:
        for party in (1, 2, 3):
            held.enter_context(seats.taken_by(caller(party)))
        with pytest.raises(Problem, match="streams-full"), seats.taken_by(caller(4)):
            pass
    assert seats.taken == 0


def test_an_error_gives_the_seat_back() -> None:
    seats = Seats(per_party=1, overall=1)
    with pytest.raises(ZeroDivisionError), seats.taken_by(caller(1)):
        raise ZeroDivisionError
    assert seats.taken == 0
