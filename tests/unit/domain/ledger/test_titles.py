from dataclasses import replace

from domain.ids import LOT_INDEX_MAX
from domain.ledger import Refusal
from domain.ledger import commands as c
from domain.ledger.rights import Office
from domain.ledger.titles import DEPTH_MAX
from domain.lots import LotFlag, LotRange
from domain.receivable import ReceivableState
from tests.support.reference.by_hand import ByHand, first_lot


def test_a_cut_takes_the_low_end_and_makes_older_signatures_stale(books: ByHand) -> None:
    lot = first_lot(books.issue(1_000))
    stale = books.assigning(lot, "bank", 100)
    child = books.assign(lot, "maker", 300)
    assert books.lot(child).serials == LotRange(0, 300)
    assert books.lot(lot).serials == LotRange(300, 700)
    assert books.refusal(stale) == Refusal("LedgerStaleLot", (lot, 0, 1))


def test_a_forced_move_names_no_seq_and_passes_a_freeze_but_never_an_export(books: ByHand) -> None:
    lot = first_lot(books.issue())
    order = books.ordered(c.ForceMove, Office.COURT, lot=lot, to=books["maker"].address, amount=400)
    books.assign(lot, "bank", 100)
    books.do(books.ordered(c.Freeze, Office.FREEZER, lots=(lot,)))
    books.do(order)
    taken = books.newest()
    assert (books.lot(taken).owner, books.lot(taken).flags) == (books["maker"].address, LotFlag(0))
    assert LotFlag.FROZEN in books.lot(lot).flags
    books.do(books.exporting(taken))
    exported = books.newest()
    again = books.ordered(c.ForceMove, Office.COURT, lot=exported, to=books["bank"].address, amount=400)
    assert books.refusal(again) == Refusal("LedgerLotExported", (exported,))


def test_once_a_payment_came_even_an_order_moves_only_whole_lots(books: ByHand) -> None:
    receivable = books.issue()
    lot = first_lot(receivable)
    books.pay(receivable, 1)
    part = books.ordered(c.ForceMove, Office.COURT, lot=lot, to=books["maker"].address, amount=400)
    assert books.refusal(part) == Refusal("LedgerLotOnlyWhole", (lot, 400, 1_000))
    books.do(replace(part, amount=1_000))


def test_a_cancelled_receivable_has_nothing_to_move_and_its_invoices_are_free(books: ByHand) -> None:
    receivable = books.issue()
    lot = first_lot(receivable)
    (use,) = books.uses[receivable]
    assert books.desk.state.invoices[use.fingerprint].used == 1_000
    books.do(books.cancelling(receivable))
    assert books.desk.state.invoices[use.fingerprint].used == 0
    forced = books.ordered(c.ForceMove, Office.COURT, lot=lot, to=books["maker"].address, amount=1)
    assert books.refusal(forced) == Refusal("LedgerWrongState", (receivable, ReceivableState.CANCELLED))


def test_orders_are_not_held_to_the_limits_of_the_register_but_to_those_of_its_words(books: ByHand) -> None:
    receivable = books.issue()
    lot = first_lot(receivable)
    entry, held = books.receivable(receivable), books.lot(lot)
    forced = books.ordered(c.ForceMove, Office.COURT, lot=lot, to=books["maker"].address, amount=1_000)
    books.desk.state = replace(
        books.desk.state, receivables={receivable: replace(entry, lot_count=LOT_INDEX_MAX)}
    )
    assert books.refusal(forced) == Refusal("LedgerTooManyLots", (receivable, LOT_INDEX_MAX))
    books.desk.state = replace(books.desk.state, lots={lot: replace(held, depth=DEPTH_MAX)})
    assert books.refusal(forced) == Refusal("LedgerTooDeep", (lot, DEPTH_MAX))
