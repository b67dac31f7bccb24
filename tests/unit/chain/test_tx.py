import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain import tx
from chain.errors import (
    AlreadyKnown,
    ContractReverted,
    NodeRejected,
    NodeUnavailable,
    NonceTooLow,
    Underpriced,
)
from chain.tx import ChainNonces, Observation, Policy, Receipt, Sent

RECEIPT = Receipt("0xaa", block_number=10, block_hash="0xbb", succeeded=True, gas_used=21_000)
POLICY = Policy(confirmations=1, rebroadcast_after=3, receipt_patience=3, alarm_after_broadcasts=5)

counts = st.integers(0, 1 << 40)
observations = st.builds(
    Observation,
    head_block=st.integers(0, 100),
    mined_nonces=st.integers(0, 20),
    receipt=st.none() | st.just(RECEIPT),
    in_pool=st.booleans(),
)
sents = st.builds(
    Sent, nonce=st.integers(0, 20), last_sent_block=st.integers(0, 100), broadcasts=st.integers(0, 9)
)
policies = st.builds(
    Policy,
    confirmations=st.integers(1, 12),
    rebroadcast_after=st.integers(1, 9),
    receipt_patience=st.integers(1, 9),
    alarm_after_broadcasts=st.integers(1, 9),
    zero_fee=st.booleans(),
)


def seen(
    head: int = 12, *, mined: int = 0, receipt: Receipt | None = None, in_pool: bool = True
) -> Observation:
    return Observation(head_block=head, mined_nonces=mined, receipt=receipt, in_pool=in_pool)


@given(st.none() | counts, counts, counts)
def test_the_next_nonce_is_never_one_that_somebody_holds(recorded: int | None, mined: int, more: int) -> None:
    nonce = tx.next_nonce(recorded, ChainNonces(mined=mined, pending=mined + more))
    assert nonce >= mined + more
    assert recorded is None or nonce >= recorded
    assert nonce in (recorded, mined + more)


def test_the_next_nonce_goes_down_when_the_last_was_abandoned() -> None:
    chain = ChainNonces(mined=4, pending=4)
    assert tx.next_nonce(7, chain) == 7
    assert tx.next_nonce(5, chain) == 5
    assert tx.next_nonce(None, chain) == 4


def test_a_restored_record_that_lags_behind_does_not_reuse_a_nonce() -> None:
    assert tx.next_nonce(3, ChainNonces(mined=8, pending=9)) == 9


@given(st.integers(0, 30), st.sets(st.integers(0, 60)))
def test_filling_the_gaps_leaves_none(mined: int, on_record: set[int]) -> None:
    missing = tx.gaps(mined, on_record)
    assert not set(missing) & on_record
    assert all(nonce >= mined for nonce in missing)
    assert tx.gaps(mined, on_record | set(missing)) == ()


def test_a_gap_is_a_nonce_that_later_ones_wait_for() -> None:
    assert tx.gaps(5, [3, 4, 5, 7, 9]) == (6, 8)
    assert tx.gaps(5, []) == ()
    assert tx.gaps(5, [5]) == ()


@given(sents, observations, policies)
def test_every_situation_has_one_answer(sent: Sent, view: Observation, policy: Policy) -> None:
    action = tx.decide(sent, view, policy)
    assert action == tx.decide(sent, view, policy)
    if isinstance(action, tx.Mined):
        assert view.receipt is not None
    if isinstance(action, tx.Superseded | tx.LookForReceipt):
        assert view.mined_nonces > sent.nonce
    if isinstance(action, tx.Rebroadcast | tx.Replace):
        assert view.receipt is None
        assert view.mined_nonces <= sent.nonce
    assert not (policy.zero_fee and isinstance(action, tx.Replace))


def test_what_is_in_a_block_is_mined_when_it_is_buried_deep_enough() -> None:
    sent = Sent(nonce=3, last_sent_block=9, broadcasts=1)
    assert tx.decide(sent, seen(10, mined=4, receipt=RECEIPT), POLICY) == tx.Mined(RECEIPT)
    deep = Policy(confirmations=3)
    assert tx.decide(sent, seen(11, mined=4, receipt=RECEIPT), deep) == tx.Wait()
    assert tx.decide(sent, seen(12, mined=4, receipt=RECEIPT), deep) == tx.Mined(RECEIPT)


def test_a_transaction_that_was_signed_but_never_sent_is_sent() -> None:
    assert tx.decide(Sent(3, last_sent_block=12, broadcasts=0), seen(12), POLICY) == tx.Rebroadcast(
        alarm=False
    )


def test_a_pending_transaction_is_sent_again_after_some_blocks_and_raises_the_alarm_in_the_end() -> None:
    assert tx.decide(Sent(3, last_sent_block=10, broadcasts=1), seen(12), POLICY) == tx.Wait()
    assert tx.decide(Sent(3, last_sent_block=9, broadcasts=1), seen(12), POLICY) == tx.Rebroadcast(
        alarm=False
    )
    assert tx.decide(Sent(3, last_sent_block=9, broadcasts=5), seen(12), POLICY) == tx.Rebroadcast(alarm=True)


def test_where_gas_costs_something_a_stuck_transaction_is_replaced_but_a_lost_one_sent_again() -> None:
    costly = Policy(zero_fee=False)
    stuck = Sent(3, last_sent_block=9, broadcasts=1)
    assert tx.decide(stuck, seen(12, in_pool=True), costly) == tx.Replace(alarm=False)
    assert tx.decide(stuck, seen(12, in_pool=False), costly) == tx.Rebroadcast(alarm=False)


def test_a_nonce_that_is_used_without_a_receipt_is_looked_for_before_it_counts_as_lost() -> None:
    assert tx.decide(Sent(3, 11, 1), seen(12, mined=4), POLICY) == tx.LookForReceipt()
    assert tx.decide(Sent(3, 9, 1), seen(12, mined=4), POLICY) == tx.Superseded()


@pytest.mark.parametrize(
    ("error", "action"),
    [
        (NonceTooLow("nonce too low"), tx.LookForReceipt()),
        (AlreadyKnown("already known"), tx.Wait()),
        (NodeUnavailable("connection lost"), tx.Wait()),
        (Underpriced("replacement underpriced"), tx.Wait()),
        (NodeRejected("intrinsic gas too low"), tx.Abandon("intrinsic gas too low")),
    ],
)
def test_a_refusal_says_what_becomes_of_the_nonce(error: Exception, action: tx.Action) -> None:
    assert isinstance(error, NodeRejected | NodeUnavailable)
    assert tx.after_send_error(error, POLICY) == action


def test_an_underpriced_replacement_is_raised_where_gas_costs_something() -> None:
    assert tx.after_send_error(Underpriced("too low"), Policy(zero_fee=False)) == tx.Replace(alarm=False)


def test_an_error_that_is_no_answer_to_sending_is_not_swallowed() -> None:
    with pytest.raises(ContractReverted):
        tx.after_send_error(ContractReverted("Empty", {}, b""), POLICY)


@given(st.integers(21_000, 30_000_000))
def test_the_gas_limit_leaves_headroom(estimate: int) -> None:
    assert estimate < tx.gas_limit(estimate) <= estimate * 5 // 4
