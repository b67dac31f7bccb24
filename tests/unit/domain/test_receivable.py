from itertools import product

import pytest

from domain.errors import ForbiddenTransition
from domain.receivable import TRANSITIONS, ReceivableState, require_transition


@pytest.mark.parametrize(("before", "after"), list(product(ReceivableState, repeat=2)))
def test_only_the_changes_in_the_table_are_allowed(before: ReceivableState, after: ReceivableState) -> None:
    if after in TRANSITIONS[before]:
        require_transition(before, after)
    else:
        with pytest.raises(ForbiddenTransition) as refusal:
            require_transition(before, after)
        assert refusal.value.values == {"before": before.name, "after": after.name}


def test_nothing_follows_an_end_and_nothing_leads_back_to_none() -> None:
    ends = {ReceivableState.SETTLED, ReceivableState.WRITTEN_OFF, ReceivableState.CANCELLED}
    assert {state for state, following in TRANSITIONS.items() if not following} == ends
    assert not any(ReceivableState.NONE in following for following in TRANSITIONS.values())


def test_money_is_still_accepted_after_default() -> None:
    require_transition(ReceivableState.DEFAULTED, ReceivableState.SETTLED)


def test_what_was_paid_under_an_order_counts_once_the_order_is_lifted() -> None:
    for after in (ReceivableState.ACTIVE, ReceivableState.SETTLING, ReceivableState.SETTLED):
        require_transition(ReceivableState.SUSPENDED, after)
