from domain.intents import Revoke
from domain.ledger import Refusal
from domain.ledger import commands as c
from domain.ledger.journal import ItemRefused
from tests.support.reference.by_hand import ByHand, first_lot


def test_exposure_falls_as_lots_are_paid_and_frees_the_limit(books: ByHand) -> None:
    receivable = books.issue(1_000)
    lot = first_lot(receivable)
    mandate = books.mandate(limit=600)
    books.do(books.buying_under(mandate, lot, 600))
    bought = books.newest()
    assert books.desk.state.exposures[mandate.digest] == 600
    assert books.refusal(books.buying_under(mandate, lot, 100)) == Refusal(
        "MandateOverLimit", (600, 600, 100)
    )
    books.pay(receivable, 500)
    books.claim(bought)
    assert books.desk.state.exposures[mandate.digest] == 300
    books.pay_all(receivable)
    books.claim(bought)
    assert books.desk.state.exposures[mandate.digest] == 0


def test_a_lot_sold_on_counts_no_longer(books: ByHand) -> None:
    mandate = books.mandate(limit=1_000)
    books.do(books.buying_under(mandate, first_lot(books.issue()), 1_000))
    books.finance(books.newest(), "fund", amount=400)
    assert books.desk.state.exposures[mandate.digest] == 600


def test_a_lot_that_brings_recourse_along_is_bought_only_where_all_of_it_is_secured(books: ByHand) -> None:
    held_by_fund = books.finance(first_lot(books.issue()), "fund", recourse=1, secured=999)
    mandate = books.mandate(limit=1_000)
    assert books.refusal(books.buying_under(mandate, held_by_fund, 1_000)) == Refusal(
        "MandateNotFullySecured", (1_000, 999)
    )


def test_a_withdrawn_mandate_buys_nothing_at_once(books: ByHand) -> None:
    lot = first_lot(books.issue())
    mandate = books.mandate(limit=1_000)
    quote = books.buying_under(mandate, lot, 1_000)
    bank = books["bank"].address
    books.do(books.desk.carried(Revoke(bank, mandate.digest, books.desk.deadline, 1)))
    assert books.refusal(quote) == Refusal("MandateRevoked", (mandate.digest,))


def test_a_refused_item_leaves_no_trace_but_its_report(books: ByHand) -> None:
    lot = first_lot(books.issue())
    mandate = books.mandate(limit=500)
    over = books.buying_under(mandate, lot, 600)
    good = books.buying_under(mandate, lot, 500)
    before = books.desk.state
    said = books.do(c.FinanceMany(sender=books.desk.cast.relayer, items=(over.item,)))
    refusal = Refusal("MandateOverLimit", (500, 0, 600))
    assert said == (ItemRefused(0, over.item.signed.digest, refusal),)
    assert books.desk.state == before
    books.do(c.FinanceMany(sender=books.desk.cast.relayer, items=(over.item, good.item)))
    assert books.desk.state.exposures[mandate.digest] == 500
