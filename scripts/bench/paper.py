"""Invoices for measuring: one of the samples under another number and with other dates."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from api.invoices.reading import read_invoice
from scripts.story.cast import Bill
from scripts.story.papers import Paper

TERM_DAYS: Final = 90


def fresh_bill(model: Bill, number: str, today: date) -> Bill:
    """The same trade again, invoiced today and due in 90 days. The model is a UBL file: it writes dates as ISO does."""
    document = model.document
    content = model.paper.content.replace(document.number.encode(), number.encode())
    days = {
        document.issued_on: today,
        document.due_on: today + timedelta(days=TERM_DAYS),
        document.delivery_on: today,
    }
    for old, new in days.items():
        if old is not None:
            content = content.replace(old.isoformat().encode(), new.isoformat().encode())
    paper = Paper(f"{number}.xml", content, read_invoice(content))
    assert paper.document is not None
    return replace(model, paper=paper, document=paper.document)
