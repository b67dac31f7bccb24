"""The sample invoices that come with the project: readable ones for the story, and three that have to be
refused.
"""

from pathlib import Path

import pytest

from api.invoices.reading import InvoiceRefused, read_invoice
from domain.invoice import InvoiceDocument
from domain.parties import CheckResult

SAMPLES = sorted((Path(__file__).parents[4] / "scripts" / "samples").glob("*.xml"))
REFUSED = {
    "refused-arithmetic.xml": {"BR-CO-16"},
    "refused-credit-note.xml": {"credit-note"},
    "refused-prepayment.xml": {"prepayment"},
}


def readable() -> list[InvoiceDocument]:
    return [read_invoice(path.read_bytes()) for path in SAMPLES if path.name not in REFUSED]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_is_read_or_refused_as_its_name_says(path: Path) -> None:
    if path.name not in REFUSED:
        assert read_invoice(path.read_bytes()).due_on is not None
        return
    with pytest.raises(InvoiceRefused) as refused:
        read_invoice(path.read_bytes())
    assert {refusal.rule for refusal in refused.value.refusals} == REFUSED[path.name]


def test_the_samples_have_what_the_story_needs() -> None:
    documents = readable()
    assert len(documents) == 10
    assert {document.syntax for document in documents} == {"UBL", "CII"}
    assert {document.currency for document in documents} == {"CNY", "EUR"}
    assert {document.buyer.name for document in documents} == {"东海重工股份有限公司", "华岳汽车有限公司"}
    assert sum(_days(document) >= 60 for document in documents) >= 3
    assert all(30 <= _days(document) <= 90 for document in documents)
    assert min(document.payable_minor for document in documents) == 1_000_001


def test_the_chinese_companies_carry_right_credit_codes() -> None:
    for document in readable():
        for party in (document.seller, document.buyer):
            if party.country == "CN":
                assert party.primary_identifier.scheme == "USCC"
                assert party.primary_identifier.check() is CheckResult.VALID


def _days(document: InvoiceDocument) -> int:
    assert document.due_on is not None
    return (document.due_on - document.issued_on).days
