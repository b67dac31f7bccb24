"""What is owed, from the mirror's row: the domain's arithmetic, whatever has been paid and when."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.receivables.debt import payoff, payoff_on
from domain.calendar import DAY_SECONDS, date_of
from domain.errors import PaymentOutOfOrder
from domain.receivable import ReceivableState
from domain.settlement import Debt, apply_payment
from indexer.models import Receivable

DUE_S = 1_780_000_000 // DAY_SECONDS * DAY_SECONDS


def row_of(debt: Debt) -> Receivable:
    """The mirror's row of a debt; the ledger leaves `interest_through` 0 until a late payment."""
    through = 0 if debt.interest_through_s == debt.due_s else debt.interest_through_s
    return Receivable(
        id=1,
        state=ReceivableState.ACTIVE,
        face_minor=debt.face,
        paid_minor=debt.paid,
        interest_paid_minor=debt.interest_paid,
        interest_owed_minor=debt.interest_owed,
        interest_through_s=through,
        due_s=debt.due_s,
        late_rate_ppm_per_day=debt.late_rate_ppm_per_day,
    )


@given(
    face=st.integers(1, 10**12),
    days=st.integers(-30, 400),
    part_percent=st.integers(1, 99),
    later_days=st.integers(0, 100),
)
def test_paying_the_payoff_leaves_nothing(face: int, days: int, part_percent: int, later_days: int) -> None:
    debt = Debt(face=face, due_s=DUE_S, interest_through_s=DUE_S)
    first_s = DUE_S + days * DAY_SECONDS
    part = max(1, payoff(row_of(debt), first_s).total_minor * part_percent // 100)
    debt, _ = apply_payment(debt, part, first_s)
    second_s = first_s + later_days * DAY_SECONDS
    owed = payoff(row_of(debt), second_s)
    assert owed.paid_before_minor == part
    if owed.total_minor:
        debt, split = apply_payment(debt, owed.total_minor, second_s)
        assert (split.principal, split.interest) == (owed.principal_minor, owed.interest_minor)
        assert split.left_over == 0
    assert debt.principal_owed == 0
    assert debt.interest_owed == 0


def test_the_due_day_itself_is_on_time() -> None:
    row = row_of(Debt(face=100_000, due_s=DUE_S, interest_through_s=DUE_S))
    assert payoff(row, DUE_S + DAY_SECONDS - 1).interest_minor == 0
    assert payoff(row, DUE_S + DAY_SECONDS).interest_minor == 50


def test_any_time_of_a_day_costs_the_same() -> None:
    row = row_of(Debt(face=100_000, due_s=DUE_S, interest_through_s=DUE_S))
    late_s = DUE_S + 10 * DAY_SECONDS + 12_345
    assert payoff(row, late_s) == payoff_on(row, date_of(late_s))


def test_a_day_before_the_last_payment_has_no_figure() -> None:
    debt = replace(
        Debt(face=100_000, due_s=DUE_S, interest_through_s=DUE_S),
        interest_through_s=DUE_S + 5 * DAY_SECONDS,
    )
    with pytest.raises(PaymentOutOfOrder):
        payoff(row_of(debt), DUE_S + DAY_SECONDS)
