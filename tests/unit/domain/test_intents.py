from dataclasses import replace

import pytest

from domain.errors import FieldOutOfRange
from domain.ids import Digest, LotId, PartyAddress
from domain.intents import Assign

ASSIGN = Assign(
    owner=PartyAddress("0x" + "11" * 20),
    to=PartyAddress("0x" + "Ab" * 20),
    lot=LotId(201_326_593),
    seq=0,
    amount=2**64 - 1,
    evidence=Digest("0x" + "cd" * 32),
    deadline=2**40 - 1,
    salt=0,
)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", -1),
        ("amount", 2**64),
        ("amount", 1.0),
        ("amount", True),
        ("amount", "1"),
        ("seq", 2**24),
        ("deadline", 2**40),
        ("owner", "0x11"),
        ("owner", None),
        ("to", "11" * 20),
        ("evidence", "0x" + "CD" * 32),
        ("evidence", "0x" + "cd" * 31),
    ],
)
def test_a_value_that_the_ledger_cannot_hold_is_refused_with_its_place(field: str, value: object) -> None:
    with pytest.raises(FieldOutOfRange) as refusal:
        replace(ASSIGN, **{field: value})  # type: ignore[arg-type]
    assert refusal.value.place == f"Assign.{field}"


def test_intents_are_values() -> None:
    assert replace(ASSIGN, salt=0) == ASSIGN
    assert hash(replace(ASSIGN, salt=0)) == hash(ASSIGN)
    assert replace(ASSIGN, salt=1) != ASSIGN
