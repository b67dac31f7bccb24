import pytest

from domain import events
from domain.ledger import Refusal
from domain.ledger import commands as c
from domain.ledger.rights import Office
from domain.lots import LotFlag
from domain.parties import PartyStatus
from tests.support.reference.by_hand import ByHand, first_lot


def test_a_pledgee_is_paid_first_over_all_claims_and_the_owner_the_rest(books: ByHand) -> None:
    receivable = books.issue(1_000)
    lot = first_lot(receivable)
    books.do(books.pledging(lot, "bank", secured=500))
    before = books.cash("bank"), books.cash("trader")
    books.pay(receivable, 300)
    books.claim(lot)
    assert (books.cash("bank"), books.cash("trader")) == (before[0] + 300, before[1])
    books.pay(receivable, 700)
    books.claim(lot)
    assert (books.cash("bank"), books.cash("trader")) == (before[0] + 500, before[1] + 500)


def test_a_lowered_pledge_takes_nothing_back(books: ByHand) -> None:
    receivable = books.issue(1_000)
    lot = first_lot(receivable)
    books.do(books.pledging(lot, "bank", secured=500))
    books.pay(receivable, 300)
    books.claim(lot)
    books.do(books.releasing(lot, secured=100))
    bank = books.cash("bank")
    books.pay(receivable, 700)
    books.claim(lot)
    assert books.cash("bank") == bank


def test_a_bank_with_recourse_gets_its_part_and_the_seller_the_rest(books: ByHand) -> None:
    receivable = books.issue(1_000)
    lot = books.finance(first_lot(receivable), recourse=1, secured=800)
    before = books.cash("bank"), books.cash("trader")
    books.pass_to(books.receivable(receivable).due + 11 * 86_400)
    books.pay_all(receivable)
    interest = books.receivable(receivable).interest_paid
    assert interest > 0
    books.claim(lot)
    assert books.cash("bank") - before[0] == 800 + interest * 800 // 1_000
    assert books.cash("trader") - before[1] == 200 + interest - interest * 800 // 1_000


def test_recourse_goes_with_the_lot_and_ends_when_title_comes_back_to_the_seller(books: ByHand) -> None:
    lot = books.finance(first_lot(books.issue()), recourse=2, secured=1_000, recourse_limit=400)
    sold_on = books.finance(lot, "fund")
    held = books.lot(sold_on)
    assert held.flags == LotFlag.RECOURSE
    assert (held.chargee, held.secured, held.recourse_limit) == (books["trader"].address, 1_000, 400)
    assert (books.lot(lot).flags, books.lot(lot).secured) == (LotFlag(0), 0)
    assert books.refusal(books.buying_back(sold_on, 401)) == Refusal(
        "FinancingOverRecourse", (sold_on, 401, 400)
    )
    books.do(books.buying_back(sold_on, 400))
    back = books.lot(books.newest())
    assert (back.owner, back.flags) == (books["trader"].address, LotFlag(0))


def test_a_pledged_lot_moves_only_by_its_enforcement_or_under_an_order(books: ByHand) -> None:
    lot = first_lot(books.issue())
    books.do(books.pledging(lot, "bank", secured=500))
    assert books.refusal(books.assigning(lot, "maker")) == Refusal("LedgerLotCharged", (lot, LotFlag.PLEDGED))
    books.do(books.ordered(c.ForceMove, Office.COURT, lot=lot, to=books["maker"].address, amount=1_000))
    moved = books.newest()
    assert (books.lot(moved).flags, books.lot(moved).chargee) == (LotFlag.PLEDGED, books["bank"].address)
    before = books.cash("bank"), books.cash("maker"), books.cash("fund")
    books.do(books.realising(moved, "fund", price=900))
    assert books.lot(books.newest()).flags == LotFlag(0)
    paid = books.cash("bank"), books.cash("maker"), books.cash("fund")
    assert [now - then for now, then in zip(paid, before, strict=True)] == [500, 400, -900]


def test_what_a_pledgee_was_paid_by_claims_counts_when_the_lot_is_sold(books: ByHand) -> None:
    receivable = books.issue(1_000)
    lot = first_lot(receivable)
    books.do(books.pledging(lot, "bank", secured=500))
    books.pay(receivable, 300)
    books.claim(lot)
    before = books.cash("bank"), books.cash("trader")
    books.do(books.realising(lot, "fund", price=600))
    assert (books.cash("bank"), books.cash("trader")) == (before[0] + 200, before[1] + 400)


def test_a_lot_that_was_passed_on_whole_secures_nothing(books: ByHand) -> None:
    lot = first_lot(books.issue())
    books.assign(lot, "maker")
    assert books.refusal(books.pledging(lot, "bank", secured=1)) == Refusal("LedgerBadCharge", (lot, 1, 0))


def test_a_frozen_share_waits_and_harms_no_other(books: ByHand) -> None:
    receivable = books.issue(1_000)
    lot = first_lot(receivable)
    child = books.assign(lot, "maker", 300)
    books.do(books.ordered(c.Freeze, Office.FREEZER, lots=(child,)))
    books.pay_all(receivable)
    maker = books.cash("maker")
    said = books.claim(child, lot)
    assert [event.lot for event in said if isinstance(event, events.LotClaimed)] == [lot]
    books.do(books.ordered(c.Unfreeze, Office.FREEZER, lots=(child,)))
    books.claim(child)
    assert books.cash("maker") == maker + 300


def test_what_goes_to_one_party_in_a_row_is_one_transfer(books: ByHand) -> None:
    receivable = books.issue(1_000)
    lots = [books.assign(first_lot(receivable), "maker", 100) for _ in range(3)]
    books.pay_all(receivable)
    said = books.claim(*lots, first_lot(receivable))
    transfers = [event.value for event in said if isinstance(event, events.Transfer)]
    assert transfers == [300, 700]


@pytest.mark.parametrize("status", list(PartyStatus)[1:])
def test_claims_of_a_suspended_party_go_on_being_paid(books: ByHand, status: PartyStatus) -> None:
    receivable = books.issue(1_000)
    books.pay_all(receivable)
    trader = books["trader"]
    books.do(
        c.UpdateParty(
            sender=books.desk.cast.officers[Office.REGISTRAR],
            party=trader.address,
            status=status,
            roles=trader.roles,
            kyb_until_s=books.now_s + 1,
            reason=books.desk.dice.word(),
        )
    )
    before = books.cash("trader")
    books.claim(first_lot(receivable))
    assert books.cash("trader") == before + 1_000


def test_what_was_signed_about_a_charged_lot_is_stale_once_its_money_is_paid_out(books: ByHand) -> None:
    receivable = books.issue(1_000)
    lot = first_lot(receivable)
    books.do(books.pledging(lot, "bank", secured=500))
    books.pay(receivable, 300)
    signed = books.releasing(lot, secured=0, repayment=200)
    seq = books.lot(lot).seq
    said = books.claim(lot)
    assert next(event for event in said if isinstance(event, events.LotFlagsChanged)).seq == seq + 1
    assert books.refusal(signed) == Refusal("LedgerStaleLot", (lot, seq, seq + 1))


def test_a_claim_without_a_charge_leaves_seq_as_it_is(books: ByHand) -> None:
    receivable = books.issue(1_000)
    lot = first_lot(receivable)
    books.pay(receivable, 300)
    seq = books.lot(lot).seq
    books.claim(lot)
    assert books.lot(lot).seq == seq
