from hypothesis import given
from hypothesis import strategies as st

from chain.fees import ZERO_FEES, FeePolicy, Fees, quote, raised

GWEI = 10**9
wei = st.integers(0, 10**12)
policies = st.builds(FeePolicy, tip_per_gas=wei, max_fee_per_gas=st.integers(1, 10**13))


@given(wei)
def test_a_zero_fee_chain_offers_nothing_whatever_the_base_fee(base_fee: int) -> None:
    policy = FeePolicy(tip_per_gas=0, max_fee_per_gas=0)
    assert quote(policy, base_fee) == ZERO_FEES
    assert raised(policy, ZERO_FEES, base_fee) is None


def test_a_quote_has_room_for_the_base_fee_to_double() -> None:
    policy = FeePolicy(tip_per_gas=GWEI, max_fee_per_gas=100 * GWEI)
    assert quote(policy, 10 * GWEI) == Fees(21 * GWEI, GWEI)


@given(policies, wei)
def test_no_quote_is_above_the_cap(policy: FeePolicy, base_fee: int) -> None:
    fees = quote(policy, base_fee)
    assert fees.max_priority_fee_per_gas <= policy.max_fee_per_gas
    assert fees.max_fee_per_gas <= policy.max_fee_per_gas


@given(policies, wei, wei)
def test_a_replacement_pays_a_tenth_more_on_both_counts_and_never_above_the_cap(
    policy: FeePolicy, base_fee: int, later_base_fee: int
) -> None:
    sent = quote(policy, base_fee)
    better = raised(policy, sent, later_base_fee)
    if better is not None:
        assert better.max_fee_per_gas * 10 >= sent.max_fee_per_gas * 11
        assert better.max_fee_per_gas <= policy.max_fee_per_gas
        assert better.max_priority_fee_per_gas <= better.max_fee_per_gas
