import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import LotIndexOutOfRange, MalformedHex
from domain.ids import (
    LOT_INDEX_BITS,
    LOT_INDEX_MAX,
    RECEIVABLE_ID_MAX,
    ReceivableId,
    lot_id,
    lot_index,
    parse_digest,
    receivable_of,
)


@given(st.integers(1, RECEIVABLE_ID_MAX), st.integers(1, LOT_INDEX_MAX))
def test_a_lot_id_carries_its_receivable_and_its_index(receivable: int, index: int) -> None:
    lot = lot_id(ReceivableId(receivable), index)
    assert (receivable_of(lot), lot_index(lot)) == (receivable, index)
    assert lot < 1 << 64


def test_the_first_lot_of_receivable_twelve() -> None:
    assert lot_id(ReceivableId(12), 1) == 12 * (1 << LOT_INDEX_BITS) + 1 == 201_326_593


@pytest.mark.parametrize(
    ("receivable", "index", "place"),
    [(1, 0, "index"), (1, LOT_INDEX_MAX + 1, "index"), (0, 1, "receivable"), (1 << 40, 1, "receivable")],
)
def test_a_lot_id_out_of_range_is_refused(receivable: int, index: int, place: str) -> None:
    with pytest.raises(LotIndexOutOfRange) as refusal:
        lot_id(ReceivableId(receivable), index)
    assert refusal.value.place == place


def test_a_digest_is_taken_as_written() -> None:
    assert parse_digest("0x" + "ab" * 32) == "0x" + "ab" * 32


@pytest.mark.parametrize("text", ["", "0x", "ab" * 32, "0x" + "AB" * 32, "0x" + "ab" * 31, "0x" + "zz" * 32])
def test_another_spelling_of_a_digest_is_refused(text: str) -> None:
    with pytest.raises(MalformedHex):
        parse_digest(text)
