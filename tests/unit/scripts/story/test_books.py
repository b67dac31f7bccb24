"""The story's own books agree with themselves whatever is cut, paid and claimed."""

from hypothesis import example, given
from hypothesis import strategies as st

from api.invoices.reading import read_invoice
from domain.ids import LotId, ReceivableId
from domain.lots import partition_problem
from scripts.story.books import Account, Books
from scripts.story.cast import Bill
from scripts.story.papers import Paper
from scripts.story.people import Member, Part
from tests.support.invoices import LineText, ubl_invoice

FACE = 1_000_001
DUE_S = 1_000 * 86_400


def member(name: str, part: Part) -> Member:
    return Member(name, "CN", (), {part})


def opened() -> tuple[Books, Account]:
    content = ubl_invoice(lines=(LineText(price_minor=FACE),), tax_percent=0)
    document = read_invoice(content)
    seller, buyer = member("seller", Part.TIER_1), member("buyer", Part.CORE)
    books = Books()
    account = books.issue(
        ReceivableId(1), LotId(1), Bill(Paper("a.xml", content, document), document, seller, buyer), DUE_S
    )
    return books, account


@given(
    cuts=st.lists(st.tuples(st.integers(0, 30), st.integers(1, FACE)), max_size=8),
    parts=st.lists(st.integers(1, FACE), max_size=3),
    days_late=st.integers(0, 40),
)
@example(cuts=[], parts=[FACE - 1], days_late=0)
def test_whatever_is_cut_and_paid_everything_paid_in_is_drawn_in_the_end(
    cuts: list[tuple[int, int]], parts: list[int], days_late: int
) -> None:
    books, account = opened()
    holder = member("holder", Part.TIER_2)
    for position, amount in cuts:
        live = account.live()
        parent = live[position % len(live)]
        child = LotId(len(account.holdings) + 1)
        books.move(account, parent.lot, child, holder, 1 + amount % parent.serials.amount)
    assert partition_problem([held.serials for held in account.live()], FACE) is None
    for part in parts:
        if part <= account.debt.principal_owed:
            books.pay(account, part, DUE_S)
            for held in account.live():
                books.claim(account, held)
    late_s = DUE_S + days_late * 86_400
    while account.debt.principal_owed:
        books.pay(account, 1, late_s)  # the first unit brings the interest up to date
        rest = account.debt.interest_owed + account.debt.principal_owed
        if rest:
            books.pay(account, rest, late_s)
    for held in account.live():
        books.claim(account, held)
    totals = books.totals[account.currency]
    assert totals.principal == FACE
    assert totals.claimed == totals.principal + totals.interest
    assert sum(books.cash.values()) == 0


def test_a_financing_moves_the_price_and_leaves_the_sum_of_cash_alone() -> None:
    books, account = opened()
    bank, fees_to = member("bank", Part.BANK), member("agent", Part.SETTLEMENT_BANK)
    books.credit(bank, "CNY", 1_000)
    books.finance("CNY", account.bill.seller, bank, 900, 20, fees_to)
    held = {party.name: amount for party, _, amount in books.balances()}
    assert held == {"bank": 100, "seller": 880, "agent": 20}
    assert books.totals["CNY"].cash_credited == 1_000
    assert books.financings == 1
