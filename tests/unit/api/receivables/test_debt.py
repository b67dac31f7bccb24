"""What is owed, from the mirror's row: the domain's arithmetic, whatever has been paid and when."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.receivables.debt import PAYABLE, OpenShare, Payoff, Stop, divided, payoff, payoff_on
from domain.calendar import DAY_SECONDS, date_of
from domain.errors import PaymentOutOfOrder
from domain.lots import LotFlag
from domain.receivable import ReceivableState
from domain.settlement import Debt, PaidThrough, apply_payment
from indexer.models import Lot, Receivable

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


@pytest.mark.parametrize("state", ReceivableState)
def test_what_takes_no_payment_owes_nothing_any_more(state: ReceivableState) -> None:
    row = row_of(Debt(face=100_000, due_s=DUE_S, interest_through_s=DUE_S, paid=40_000))
    row.state = state
    owed = payoff(row, DUE_S)
    assert owed == (Payoff(60_000, 0, 40_000) if state in PAYABLE else Payoff(0, 0, 40_000))


def lot_of(amount: int, flags: LotFlag, secured: int) -> Lot:
    return Lot(first_serial=0, amount_minor=amount, flags=flags, secured_minor=secured)


def paid_row(face: int, principal: int, interest: int, state: ReceivableState) -> Receivable:
    return Receivable(face_minor=face, paid_minor=principal, interest_paid_minor=interest, state=state)


@pytest.mark.parametrize(
    ("state", "flags", "stop"),
    [
        (ReceivableState.SETTLING, LotFlag(0), None),
        (ReceivableState.DEFAULTED, LotFlag.RECOURSE, None),
        (ReceivableState.SETTLING, LotFlag.FROZEN, Stop.FROZEN),
        (ReceivableState.SUSPENDED, LotFlag(0), Stop.SUSPENDED),
        (ReceivableState.SUSPENDED, LotFlag.FROZEN, Stop.FROZEN),
    ],
)
def test_a_share_waits_under_an_order(state: ReceivableState, flags: LotFlag, stop: Stop | None) -> None:
    row = paid_row(1_000, 500, 0, state)
    share = divided(row, lot_of(1_000, flags, secured=1_000), PaidThrough())
    assert (share.share, share.stop, share.is_payable) == (PaidThrough(500, 0), stop, stop is None)
    assert not OpenShare(PaidThrough()).is_payable


@given(
    face=st.integers(1, 10**12),
    parts=st.lists(st.tuples(st.integers(0, 100), st.integers(0, 10**6), st.booleans()), max_size=5),
    flag=st.sampled_from([LotFlag.PLEDGED, LotFlag.RECOURSE]),
    secured_percent=st.integers(1, 100),
)
def test_both_sides_of_a_charge_get_the_whole_share_however_often_it_is_claimed(
    face: int, parts: list[tuple[int, int, bool]], flag: LotFlag, secured_percent: int
) -> None:
    """Whoever comes first has its due in the end, as if all had been claimed at once."""
    secured = max(1, face * secured_percent // 100)
    lot, claimed = lot_of(face, flag, secured), PaidThrough()
    holder = chargee = principal = interest = 0
    for percent, more_interest, claims in [*parts, (100, 0, True)]:
        principal += (face - principal) * percent // 100
        interest += more_interest
        if claims:
            row = paid_row(face, principal, interest, ReceivableState.SETTLING)
            share = divided(row, lot, claimed)
            assert min(share.to_holder_minor, share.to_chargee_minor) >= 0
            holder, chargee = holder + share.to_holder_minor, chargee + share.to_chargee_minor
            claimed = PaidThrough(principal, interest)
    assert holder + chargee == face + interest
    if flag is LotFlag.PLEDGED:
        assert chargee == min(secured, face + interest)
    else:
        assert holder == secured + interest * secured // face
