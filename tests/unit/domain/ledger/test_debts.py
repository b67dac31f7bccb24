from dataclasses import replace

from domain import events
from domain.calendar import DAY_SECONDS
from domain.ledger import Refusal
from domain.ledger import commands as c
from domain.ledger.debts import INSTALLMENTS_MAX
from domain.ledger.rights import Office
from domain.receivable import ReceivableState
from domain.settlement import PaidThrough
from tests.support.reference.by_hand import ByHand, first_lot

_S = ReceivableState


def states(said: tuple[object, ...]) -> list[ReceivableState]:
    return [event.to for event in said if isinstance(event, events.ReceivableStateChanged)]


def test_under_an_order_money_is_taken_and_waits_until_it_is_lifted(books: ByHand) -> None:
    receivable = books.issue(1_000)
    lot = first_lot(receivable)
    books.do(books.ordered(c.Suspend, Office.FREEZER, receivable=receivable))
    books.pay(receivable, 400)
    assert books.receivable(receivable).state == _S.SUSPENDED
    before = books.cash("trader")
    books.claim(lot)
    assert books.cash("trader") == before
    assert states(books.do(books.ordered(c.Resume, Office.FREEZER, receivable=receivable))) == [_S.SETTLING]
    books.claim(lot)
    assert books.cash("trader") == before + 400


def test_default_blocks_the_debtor_until_all_is_paid(books: ByHand) -> None:
    receivable = books.issue(1_000)
    mill = books["mill"].address
    books.default(receivable)
    assert books.receivable(receivable).state == _S.DEFAULTED
    assert books.desk.state.blocking[mill] == 1
    books.pay(receivable, 300)
    assert books.receivable(receivable).state == _S.DEFAULTED
    books.pay_all(receivable)
    assert books.receivable(receivable).state == _S.SETTLED
    assert books.desk.state.blocking[mill] == 0


def test_default_comes_with_the_last_second_of_grace_and_not_before(books: ByHand) -> None:
    receivable = books.issue()
    entry = books.receivable(receivable)
    from_s = entry.due + 4 * DAY_SECONDS
    books.pass_to(from_s - 1)
    declared = c.DeclareDefault(sender=books.desk.cast.relayer, receivable=receivable)
    assert books.refusal(declared) == Refusal("LedgerNotInDefault", (receivable, _S.ACTIVE, from_s))
    books.pass_to(from_s)
    books.do(declared)


def test_what_is_written_off_is_divided_to_the_cent(books: ByHand) -> None:
    receivable = books.issue(1_000)
    first = first_lot(receivable)
    lots = [books.assign(first, "maker", 333), books.assign(first, "fund", 334), first]
    books.default(receivable)
    books.pay(receivable, books.interest_owed(receivable) + 101)
    books.claim(lots[0])
    paid = books.receivable(receivable).paid + books.receivable(receivable).interest_paid
    said = books.do(books.ordered(c.WriteOff, Office.COURT, receivable=receivable))
    assert states(said) == [_S.WRITTEN_OFF]
    books.claim(*lots)
    assert books.receivable(receivable).claimed == paid
    refused = books.ordered(c.WriteOff, Office.COURT, receivable=receivable)
    assert books.refusal(refused) == Refusal("LedgerWrongState", (receivable, _S.WRITTEN_OFF))


def test_the_last_number_of_a_payment_takes_only_all_that_is_owed(books: ByHand) -> None:
    receivable = books.issue(1_000)
    books.pay(receivable, 1)
    entry = books.receivable(receivable)
    worn = replace(entry, history=(PaidThrough(),) + (entry.history[-1],) * (INSTALLMENTS_MAX - 1))
    state = books.desk.state
    books.desk.state = replace(state, receivables={**state.receivables, receivable: worn})
    assert books.refusal(books.paying(receivable, 1)) == Refusal("LedgerOnlyInFull", (receivable,))
    books.pay_all(receivable)
    assert books.receivable(receivable).state == _S.SETTLED
