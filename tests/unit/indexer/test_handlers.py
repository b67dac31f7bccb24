"""What each event changes: every event is handled, and sums and partitions hold whatever comes."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.bindings import access_manager
from domain import events
from domain.ids import (
    ZERO_ADDRESS,
    ZERO_DIGEST,
    Digest,
    Fingerprint,
    LotId,
    PartyAddress,
    ReceivableId,
    lot_id,
)
from domain.lots import LotFlag, LotRange, cut, partition_problem
from domain.parties import PartyStatus
from domain.receivable import Cause, ReceivableState
from indexer.changes import Changes, Fact
from indexer.errors import InconsistentEvents
from indexer.handlers import HANDLERS
from indexer.handlers.governance import ROLE_EVENTS
from indexer.models import (
    CashBalance,
    CashMovement,
    CashMovementKind,
    CashSupply,
    Claim,
    Financing,
    IntentUse,
    InvoiceBinding,
    InvoiceRelease,
    InvoiceUse,
    LedgerTable,
    Lot,
    LotChargeChange,
    LotFlagChange,
    LotMove,
    Mandate,
    MandateHolding,
    ModuleRight,
    Party,
    Payment,
    PledgeAgreement,
    PledgeStep,
    Receivable,
    ReceivableOrder,
    ReceivableStateChange,
    RoleGrant,
    Rule,
    Signer,
    Threshold,
    WriteOff,
)
from tests.support.mirror import CNY, address, fact, word

DEBTOR = PartyAddress(address(1))
SUPPLIER = PartyAddress(address(2))
BANK = PartyAddress(address(3))
RECEIVABLE = ReceivableId(1)


def digest(number: int) -> Digest:
    return Digest(word(number))


def apply(changes: Changes, *happened: Any, where: Fact | None = None) -> Changes:
    for index, event in enumerate(happened):
        HANDLERS[type(event)](event, where or fact(log=index), changes)
    return changes


def rows(changes: Changes, table: type[LedgerTable]) -> list[dict[str, Any]]:
    written = changes.inserts[table] | changes.puts[table] | changes.updates[table] | changes.sums[table]
    return list(written.values())


def only(changes: Changes, table: type[LedgerTable]) -> dict[str, Any]:
    (row,) = rows(changes, table)
    return row


def issued(face: int = 1000) -> list[Any]:
    lot = lot_id(RECEIVABLE, 1)
    return [
        events.ReceivableIssued(
            RECEIVABLE, DEBTOR, SUPPLIER, lot, face, 1_800_000_000, CNY, digest(1), digest(2)
        ),
        events.ReceivableTerms(RECEIVABLE, 10, 100, 1, 500, 30, 86_400),
        moved(LotId(0), lot, LotRange(0, face), 0, 0, 0, Cause.ISSUE),
    ]


def moved(
    parent: LotId, child: LotId, held: LotRange, left: int, seq: int, depth: int, cause: Cause = Cause.ASSIGN
) -> events.LotMoved:
    return events.LotMoved(
        RECEIVABLE, parent, child, SUPPLIER, BANK, held.first, held.amount, left, seq, depth, cause, digest(9)
    )


def test_every_event_of_our_contracts_has_a_handler() -> None:
    assert set(HANDLERS) == set(get_args(events.Event)) | set(ROLE_EVENTS.values())


def test_an_admitted_party_is_active_and_its_signers_move_its_version() -> None:
    changes = apply(
        Changes(),
        events.PartyAdmitted(DEBTOR, digest(7), 1, 2_000_000_000, 1_700_000_000),
        events.SignerChanged(DEBTOR, address(11), 0b10, 1_900_000_000, 1),
        events.ThresholdChanged(DEBTOR, 1, 2, 1),
        events.SignerChanged(DEBTOR, address(11), 0, 1_900_000_000, 2),
    )
    party = only(changes, Party)
    assert (party["status"], party["version"], party["log_index"]) == (PartyStatus.ACTIVE, 2, 3)
    assert party["admitted_s"] == 1_700_000_000
    assert only(changes, Signer)["powers"] == 0
    assert only(changes, Threshold)["threshold"] == 2


def test_a_party_admitted_before_this_batch_is_updated_in_part() -> None:
    changes = apply(
        Changes(),
        events.PartyChanged(DEBTOR, PartyStatus.SUSPENDED, 1, 5, digest(3)),
        events.OverdueChanged(RECEIVABLE, DEBTOR, overdue=True, blocking=2),
    )
    assert changes.updates[Party][(DEBTOR,)] == {
        "address": DEBTOR,
        "status": PartyStatus.SUSPENDED,
        "roles": 1,
        "kyb_until_s": 5,
        "blocking": 2,
        "block_number": 1,
        "log_index": 1,
    }


def test_a_receivable_starts_active_with_the_time_of_its_block_and_one_lot() -> None:
    changes = apply(Changes(), *issued(), where=fact(block=5))
    receivable = only(changes, Receivable)
    assert receivable["state"] == ReceivableState.ACTIVE
    assert receivable["issued_s"] == fact(block=5).time_s
    assert (receivable["lot_count"], receivable["max_lots"], receivable["paid_minor"]) == (1, 100, 0)
    assert only(changes, Lot)["amount_minor"] == 1000
    assert only(changes, LotMove)["parent"] == 0


def test_a_cut_takes_the_low_end_and_leaves_the_rest_with_the_parent() -> None:
    first, child = lot_id(RECEIVABLE, 1), lot_id(RECEIVABLE, 2)
    changes = apply(Changes(), *issued(), moved(first, child, LotRange(0, 300), 700, 1, 1))
    lots = changes.inserts[Lot]
    assert (lots[(first,)]["first_serial"], lots[(first,)]["amount_minor"], lots[(first,)]["seq"]) == (
        300,
        700,
        1,
    )
    assert (lots[(child,)]["first_serial"], lots[(child,)]["amount_minor"], lots[(child,)]["depth"]) == (
        0,
        300,
        1,
    )
    assert only(changes, Receivable)["lot_count"] == 2


@given(
    face=st.integers(1, 10_000),
    picks=st.lists(st.tuples(st.integers(0, 99), st.integers(1, 10_000)), max_size=30),
)
def test_whatever_is_cut_the_lots_partition_the_face(face: int, picks: list[tuple[int, int]]) -> None:
    changes = apply(Changes(), *issued(face))
    ranges = [LotRange(0, face)]
    seqs = [0]
    for which, amount in picks:
        parent = which % len(ranges)
        if not 1 <= amount <= ranges[parent].amount:
            continue
        child, ranges[parent] = cut(ranges[parent], amount)
        ranges.append(child)
        seqs.append(0)
        seqs[parent] += 1
        parent_id, child_id = lot_id(RECEIVABLE, parent + 1), lot_id(RECEIVABLE, len(ranges))
        apply(changes, moved(parent_id, child_id, child, ranges[parent].amount, seqs[parent], 1))
    held = [LotRange(row["first_serial"], row["amount_minor"]) for row in rows(changes, Lot)]
    assert partition_problem(held, face) is None
    assert held == ranges


def test_payment_and_claim_carry_the_totals_after_them() -> None:
    lot = lot_id(RECEIVABLE, 1)
    changes = apply(
        Changes(),
        *issued(),
        events.PaymentReceived(RECEIVABLE, DEBTOR, 1, 600, 5, 600, 5, 0, 1_800_000_000, digest(4)),
        events.ReceivableStateChanged(RECEIVABLE, ReceivableState.ACTIVE, ReceivableState.SETTLING),
        events.LotClaimed(lot, SUPPLIER, 600, 5, 1, 605),
        events.OverdueChanged(RECEIVABLE, DEBTOR, overdue=True, blocking=1),
    )
    receivable = only(changes, Receivable)
    assert (receivable["paid_minor"], receivable["interest_paid_minor"], receivable["claimed_minor"]) == (
        600,
        5,
        605,
    )
    assert (receivable["state"], receivable["installments"], receivable["overdue"]) == (3, 1, True)
    assert only(changes, Payment)["principal_minor"] == 600
    assert only(changes, Claim)["interest_minor"] == 5
    assert only(changes, Lot)["claimed_through"] == 1


def test_a_financing_knows_its_receivable_from_the_lot() -> None:
    child = lot_id(ReceivableId(7), 3)
    words = [digest(number) for number in range(4)]
    changes = apply(
        Changes(), events.Financed(child, BANK, SUPPLIER, 100, 98, 1, BANK, 36_000, 360, 0, *words)
    )
    assert only(changes, Financing)["receivable"] == 7


def test_an_invoice_used_twice_keeps_both_bindings_and_the_last_use() -> None:
    fingerprint = Fingerprint(word(5))
    changes = apply(
        Changes(),
        events.InvoiceBound(fingerprint, ReceivableId(1), 40, 100, 40),
        events.InvoiceBound(fingerprint, ReceivableId(2), 60, 100, 100),
    )
    assert only(changes, InvoiceUse)["used_minor"] == 100
    assert len(rows(changes, InvoiceBinding)) == 2


def test_a_cancelled_receivable_gives_its_invoice_back_and_the_binding_stays_on_record() -> None:
    fingerprint = Fingerprint(word(5))
    changes = apply(
        Changes(),
        events.InvoiceBound(fingerprint, RECEIVABLE, 40, 100, 90),
        events.InvoiceReleased(fingerprint, RECEIVABLE, 40, 100, 50),
    )
    assert only(changes, InvoiceUse)["used_minor"] == 50
    assert only(changes, InvoiceBinding)["amount_minor"] == 40
    assert only(changes, InvoiceRelease)["amount_minor"] == 40


FIRST, SECOND, THIRD = (lot_id(RECEIVABLE, index) for index in (1, 2, 3))
WHOLE = LotRange(0, 1000)


def late(parent: LotId, child: LotId) -> events.LotMoved:
    return moved(parent, child, WHOLE, 0, 1, 1, Cause.BUYBACK)


def claimed(lot: LotId, through: int) -> events.LotClaimed:
    return events.LotClaimed(lot, SUPPLIER, 10, 0, through, 10)


def test_a_charged_and_frozen_lot_shows_its_last_flags_and_charge_and_keeps_every_change() -> None:
    changes = apply(
        Changes(),
        *issued(),
        events.LotFlagsChanged(RECEIVABLE, FIRST, LotFlag.PLEDGED, 1, digest(20)),
        events.LotCharged(FIRST, BANK, 600, 0),
        events.LotFlagsChanged(RECEIVABLE, FIRST, LotFlag.PLEDGED | LotFlag.FROZEN, 2, digest(21)),
        events.LotCharged(FIRST, BANK, 400, 0),
    )
    lot = only(changes, Lot)
    assert (lot["flags"], lot["seq"]) == (LotFlag.PLEDGED | LotFlag.FROZEN, 2)
    assert (lot["chargee"], lot["secured_minor"], lot["recourse_limit_minor"]) == (BANK, 400, 0)
    assert [row["evidence"] for row in rows(changes, LotFlagChange)] == [digest(20), digest(21)]
    assert [row["secured_minor"] for row in rows(changes, LotChargeChange)] == [600, 400]


def test_a_claim_that_raises_seq_of_a_charged_lot_is_no_change_of_its_flags() -> None:
    changes = apply(
        Changes(),
        *issued(),
        events.LotFlagsChanged(RECEIVABLE, FIRST, LotFlag.PLEDGED, 1, digest(20)),
        events.LotFlagsChanged(RECEIVABLE, FIRST, LotFlag.PLEDGED, 2, ZERO_DIGEST),
    )
    lot = only(changes, Lot)
    assert (lot["flags"], lot["seq"]) == (LotFlag.PLEDGED, 2)
    assert [row["evidence"] for row in rows(changes, LotFlagChange)] == [digest(20)]


def test_a_child_of_this_batch_gets_what_its_parent_has_claimed_by_then() -> None:
    changes = apply(Changes(), *issued(), claimed(FIRST, 2), late(FIRST, SECOND), claimed(SECOND, 3))
    assert changes.inserts[Lot][(FIRST,)]["claimed_through"] == 2
    assert changes.inserts[Lot][(SECOND,)]["claimed_through"] == 3
    assert not changes.copies


def test_a_child_of_a_parent_claimed_in_this_batch_needs_no_look_at_the_database() -> None:
    changes = apply(Changes(), claimed(FIRST, 2), late(FIRST, SECOND))
    assert changes.inserts[Lot][(SECOND,)]["claimed_through"] == 2
    assert not changes.copies


def test_a_child_of_an_older_parent_gets_it_in_the_database_and_so_does_its_own_child() -> None:
    changes = apply(Changes(), late(FIRST, SECOND), late(SECOND, THIRD))
    column = {"claimed_through": (FIRST,)}
    assert changes.copies[Lot] == {(SECOND,): column, (THIRD,): column}


def test_a_claim_after_the_move_stands_whatever_the_parent_had() -> None:
    changes = apply(Changes(), late(FIRST, SECOND), claimed(SECOND, 4), late(SECOND, THIRD))
    assert not any(changes.copies[Lot].values())
    assert changes.inserts[Lot][(SECOND,)]["claimed_through"] == 4
    assert changes.inserts[Lot][(THIRD,)]["claimed_through"] == 4


@pytest.mark.parametrize("cause", [Cause.ASSIGN, Cause.FINANCE, Cause.EXPORT])
def test_a_move_before_the_first_payment_has_nothing_to_hand_on(cause: Cause) -> None:
    changes = apply(Changes(), moved(FIRST, SECOND, WHOLE, 0, 1, 1, cause))
    assert not changes.copies
    assert changes.inserts[Lot][(SECOND,)]["claimed_through"] == 0


def test_a_write_off_is_a_last_payment_of_nothing_under_an_order() -> None:
    changes = apply(
        Changes(),
        *issued(),
        events.ReceivableStateChanged(RECEIVABLE, ReceivableState.ACTIVE, ReceivableState.DEFAULTED),
        events.ReceivableStateChanged(RECEIVABLE, ReceivableState.DEFAULTED, ReceivableState.WRITTEN_OFF),
        events.ReceivableWrittenOff(RECEIVABLE, 3, 700, 12, digest(30)),
    )
    receivable = only(changes, Receivable)
    assert (receivable["state"], receivable["installments"]) == (ReceivableState.WRITTEN_OFF, 3)
    lost = only(changes, WriteOff)
    assert (lost["principal_lost_minor"], lost["interest_lost_minor"], lost["evidence"]) == (
        700,
        12,
        digest(30),
    )
    assert [row["to_state"] for row in rows(changes, ReceivableStateChange)] == [5, 6]


def test_every_order_behind_a_change_of_state_is_kept() -> None:
    suspended = events.ReceivableStateChanged(RECEIVABLE, ReceivableState.ACTIVE, ReceivableState.SUSPENDED)
    resumed = events.ReceivableStateChanged(RECEIVABLE, ReceivableState.SUSPENDED, ReceivableState.SETTLING)
    changes = apply(
        Changes(),
        suspended,
        events.ReceivableOrdered(RECEIVABLE, digest(31)),
        resumed,
        events.ReceivableOrdered(RECEIVABLE, digest(32)),
    )
    assert [row["evidence"] for row in rows(changes, ReceivableOrder)] == [digest(31), digest(32)]
    assert changes.updates[Receivable][(RECEIVABLE,)]["state"] == ReceivableState.SETTLING


def granted(limit: int) -> events.MandateGranted:
    return events.MandateGranted(
        digest(40), BANK, DEBTOR, address(41), CNY, limit, 10_000, 360, 180, 1, 0, 1_900_000_000
    )


def test_a_mandate_counts_what_is_held_under_it_lot_by_lot() -> None:
    changes = apply(
        Changes(),
        granted(2**64 - 1),
        events.MandateExposure(digest(40), FIRST, 600, 600),
        events.MandateExposure(digest(40), SECOND, 300, 900),
        events.MandateExposure(digest(40), FIRST, 0, 300),
    )
    mandate = only(changes, Mandate)
    assert (mandate["limit_minor"], mandate["exposure_minor"]) == (2**64 - 1, 300)
    assert {row["lot"]: row["held_minor"] for row in rows(changes, MandateHolding)} == {FIRST: 0, SECOND: 300}


def test_a_pledge_is_the_list_of_what_was_agreed_on_it() -> None:
    words = (digest(50), digest(51))
    changes = apply(
        Changes(),
        events.Pledged(FIRST, SUPPLIER, BANK, 600, 500, *words),
        events.PledgeReleased(FIRST, SUPPLIER, BANK, 400, 200, *words),
        events.PledgeRealised(SECOND, BANK, DEBTOR, SUPPLIER, 1000, 700, 400, *words),
    )
    steps = [
        (row["step"], row["lot"], row["secured_minor"], row["cash_minor"], row["to_pledgee_minor"])
        for row in rows(changes, PledgeAgreement)
    ]
    assert steps == [
        (PledgeStep.PLEDGED, FIRST, 600, 500, None),
        (PledgeStep.RELEASED, FIRST, 400, 200, None),
        (PledgeStep.REALISED, SECOND, 0, 700, 400),
    ]


def test_an_intent_that_takes_effect_twice_stops_the_mirror() -> None:
    used = events.IntentUsed(digest(1), 1, 1, address(9))
    changes = apply(Changes(), used)
    with pytest.raises(InconsistentEvents, match="tally index rebuild"):
        apply(changes, used)
    assert only(changes, IntentUse)["kind"] == 1


def test_failures_are_facts_and_change_nothing() -> None:
    changes = apply(
        Changes(),
        events.IntentFailed(0, digest(1), b"\x00"),
        events.ClaimFailed(lot_id(RECEIVABLE, 1), b"\x00"),
    )
    assert changes == Changes()


PARTIES = [PartyAddress(address(number)) for number in range(1, 5)]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([ZERO_ADDRESS, *PARTIES]),
            st.sampled_from([ZERO_ADDRESS, *PARTIES]),
            st.integers(1, 2**40),
        ),
        max_size=40,
    )
)
def test_balances_always_add_up_to_the_supply(
    transfers: list[tuple[PartyAddress, PartyAddress, int]],
) -> None:
    changes = Changes()
    happened = [events.Transfer(*transfer) for transfer in transfers if transfer[0] != transfer[1]]
    for index, event in enumerate(happened):
        apply(changes, event, where=fact(log=index, currency=CNY))
    supply = sum(row["amount_minor"] for row in rows(changes, CashSupply))
    assert sum(row["amount_minor"] for row in rows(changes, CashBalance)) == supply


def test_a_mint_is_one_movement_with_its_credit_notice() -> None:
    changes = Changes()
    apply(changes, events.CashMinted(SUPPLIER, 50, digest(8)), where=fact(log=0, currency=CNY))
    apply(changes, events.Transfer(ZERO_ADDRESS, SUPPLIER, 50), where=fact(log=1, currency=CNY))
    movement = only(changes, CashMovement)
    assert (movement["kind"], movement["reference"]) == (CashMovementKind.MINT, word(8))
    assert only(changes, CashSupply)["amount_minor"] == 50


def test_rights_and_rules_are_kept_by_contract_and_day() -> None:
    changes = apply(
        Changes(), events.RightsChanged(address(20), 56), events.RuleScheduled(2, 0, 10, 1_700_000_000)
    )
    assert only(changes, ModuleRight)["contract"] == fact().contract
    assert only(changes, Rule)["value"] == 10


def test_a_role_keeps_its_start_when_only_its_delay_changes() -> None:
    account = bytes(19) + b"\x05"
    changes = apply(
        Changes(),
        access_manager.RoleGranted(1, account, 0, 100, new_member=True),
        access_manager.RoleGranted(1, account, 60, 900, new_member=False),
    )
    grant = only(changes, RoleGrant)
    assert (grant["since_s"], grant["delay_seconds"]) == (100, 60)


def test_a_role_taken_away_after_a_change_in_the_same_batch_stays_away() -> None:
    account = bytes(19) + b"\x05"
    changes = apply(
        Changes(),
        access_manager.RoleGranted(1, account, 60, 900, new_member=False),
        access_manager.RoleRevoked(1, account),
    )
    assert not changes.updates[RoleGrant]
    assert only(changes, RoleGrant)["since_s"] == 0
