"""Who takes part in a story, from the invoices of a folder."""

from datetime import date, timedelta
from itertools import count

import pytest

from api.invoices.reading import read_invoice
from chain.signers import LocalSigner
from domain.parties import Power
from scripts.story.cast import Cast, assemble
from scripts.story.papers import Paper
from scripts.story.people import Part
from tests.support.invoices import LineText, PartyText, ubl_invoice

_NUMBERS = count(1)
ISSUED_ON = date(2026, 1, 5)
DEBTORS = [PartyText(name=f"debtor {index}", vat=f"CN{index:09d}") for index in range(1, 4)]
SELLERS = [PartyText(name=f"seller {index}", vat=f"CN{index:09d}") for index in range(11, 14)]


def paper(*, seller: int = 0, debtor: int = 0, payable: int = 100_000, term_days: int = 60) -> Paper:
    number = f"N-{next(_NUMBERS):03d}"
    content = ubl_invoice(
        number=number,
        seller=SELLERS[seller],
        buyer=DEBTORS[debtor],
        lines=(LineText(price_minor=payable),),
        tax_percent=0,
        issued_on=ISSUED_ON.isoformat(),
        delivered_on=ISSUED_ON.isoformat(),
        due_on=(ISSUED_ON + timedelta(days=term_days)).isoformat(),
    )
    return Paper(f"{number}.xml", content, read_invoice(content))


def cast_of(*papers: Paper) -> Cast:
    return assemble(papers, lambda _name: LocalSigner.generate())


def amounts(cast: Cast) -> list[int]:
    return [bill.document.payable_minor for bill in cast.main]


def test_the_main_invoices_are_the_largest_of_the_two_largest_debtors_and_then_the_next_largest() -> None:
    cast = cast_of(
        paper(debtor=0, payable=900),
        paper(debtor=0, payable=800),
        paper(debtor=1, payable=700),
        paper(debtor=2, payable=600),
        paper(debtor=1, payable=500),
    )
    assert amounts(cast) == [900, 700, 800]
    assert {bill.buyer.name for bill in cast.main} == {"debtor 1", "debtor 2"}


def test_an_invoice_with_a_short_term_is_not_followed_closely() -> None:
    cast = cast_of(paper(payable=900, term_days=19), paper(payable=800, term_days=20))
    assert amounts(cast) == [800]


def test_the_same_invoice_in_two_files_is_followed_once() -> None:
    once = paper(payable=900)
    cast = cast_of(once, Paper("copy.xml", once.content, once.document))
    assert len(cast.main) == 1
    assert len(cast.bills) == 2


def test_core_enterprises_confirm_with_maker_and_checker_and_other_debtors_do_not() -> None:
    cast = cast_of(paper(debtor=0, payable=900), paper(debtor=1, payable=800), paper(debtor=2, payable=700))
    core, other = cast.all(Part.CORE), cast.all(Part.DEBTOR)
    assert [member.name for member in core] == ["debtor 1", "debtor 2"]
    assert [member.name for member in other] == ["debtor 3"]
    assert all(len(member.with_power(Power.CONFIRM)) == 2 and member.checks_confirming for member in core)
    assert len(other[0].with_power(Power.CONFIRM)) == 1
    assert len({person.signer.address for member in core for person in member.people}) == 6


@pytest.mark.parametrize(
    ("part", "number"),
    [(Part.TIER_2, 2), (Part.TIER_3, 2), (Part.BANK, 2), (Part.AUDITOR, 1), (Part.SETTLEMENT_BANK, 1)],
)
def test_the_house_fills_the_parts_that_no_invoice_names(part: Part, number: int) -> None:
    assert len(cast_of(paper()).all(part)) == number


def test_one_identifier_under_two_names_is_one_party_and_both_names_are_known() -> None:
    first, second = paper(seller=0), paper(seller=0)
    content = second.content.replace(b"seller 11", b"seller eleven")
    cast = cast_of(first, Paper("b.xml", content, read_invoice(content)))
    (seller,) = cast.all(Part.TIER_1)
    assert (seller.name, seller.other_names) == ("seller 11", ["seller eleven"])


def test_a_file_that_cannot_be_read_brings_nobody_in() -> None:
    cast = cast_of(paper(), Paper("broken.xml", b"<Invoice", None))
    assert len(cast.bills) == 1
