"""When an invoice is submitted and when it is due, as people read it off the paper."""

from datetime import date
from pathlib import Path

import pytest

from api.invoices.reading import read_invoice
from scripts.exits import ExitCode, Failure
from scripts.story.papers import due_day, read_folder, submission_day, term_days
from scripts.story.play import genesis
from scripts.story.timeline import instant
from tests.support.invoices import ubl_invoice


@pytest.mark.parametrize(
    ("delivered_on", "submitted"),
    [("2026-05-28", date(2026, 6, 1)), ("2026-06-09", date(2026, 6, 9)), ("", date(2026, 6, 1))],
    ids=["delivered before", "delivered after", "delivery not stated"],
)
def test_an_invoice_is_submitted_when_it_is_no_prepayment_any_more(
    delivered_on: str, submitted: date
) -> None:
    document = read_invoice(ubl_invoice(issued_on="2026-06-01", delivered_on=delivered_on))
    assert submission_day(document) == submitted


def test_where_no_due_date_is_named_thirty_days_are_stated() -> None:
    document = read_invoice(ubl_invoice(issued_on="2026-06-01", delivered_on="2026-06-01", due_on=""))
    assert (due_day(document), term_days(document)) == (date(2026, 7, 1), 30)


def test_a_folder_is_read_by_name_and_what_is_no_invoice_has_no_document(tmp_path: Path) -> None:
    (tmp_path / "b.xml").write_bytes(ubl_invoice(issued_on="2026-06-01"))
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.xml").write_text("<Invoice")
    (tmp_path / "notes.txt").write_text("no invoice")
    papers = read_folder(tmp_path)
    assert [paper.name for paper in papers] == ["b.xml", "sub/a.xml"]
    assert [paper.document is None for paper in papers] == [False, True]
    assert genesis(papers) < instant(date(2026, 6, 1), 0)


def test_a_missing_folder_is_bad_use(tmp_path: Path) -> None:
    with pytest.raises(Failure) as failed:
        read_folder(tmp_path / "nowhere")
    assert failed.value.code == ExitCode.BAD_USE
