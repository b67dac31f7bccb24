"""Ids of the ledger as text: what is no id names nothing, and never reaches a query."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.problems import Problem
from api.receivables.ids import to_lot_id, to_receivable_id


@given(st.integers(1, (1 << 63) - 1))
def test_a_number_is_read_back(number: int) -> None:
    assert to_lot_id(str(number)) == number
    assert to_receivable_id(str(number)) == number


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "+1", "01", "1.0", "1e3", "x", "١٢", "１", str(1 << 63), "9" * 400, "1 "]
)
def test_anything_else_is_not_found(text: str) -> None:
    for read in (to_lot_id, to_receivable_id):
        with pytest.raises(Problem, match="not-found"):
            read(text)
