"""The same invoice in another spelling is still the same invoice to whoever reads it carefully."""

from collections.abc import Callable

import pytest

from api.invoices.reading import read_invoice
from domain.parties import canonical_value
from scripts.story.variants import respelled, respelled_number
from tests.support.invoices import cii_invoice, ubl_invoice


@pytest.mark.parametrize("number", ["NBHS-2026-0412", "08/00355", "a b 7", "第9号"])
def test_another_spelling_differs_and_has_the_same_canonical_form(number: str) -> None:
    other = respelled_number(number)
    assert other != number
    assert canonical_value(other) == canonical_value(number)


@pytest.mark.parametrize("make", [ubl_invoice, cii_invoice], ids=["ubl", "cii"])
def test_only_the_number_of_the_file_changes(make: Callable[..., bytes]) -> None:
    content = make(number="NBHS-2026-0412")
    other = respelled(content, "NBHS-2026-0412")
    assert other is not None
    before, after = read_invoice(content), read_invoice(other)
    assert canonical_value(after.number) == canonical_value(before.number)
    assert after.number != before.number
    assert after.totals == before.totals
    assert after.seller == before.seller


def test_a_number_that_the_file_does_not_spell_out_has_no_variant() -> None:
    assert respelled(b"<Invoice/>", "1") is None
