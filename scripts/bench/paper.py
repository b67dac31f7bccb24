"""Invoices for measuring: one of the samples under another number and with other dates."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from api.invoices.reading import read_invoice
from scripts.story.cast import Bill
from scripts.story.papers import Paper

TERM_DAYS: Final = 90


def fresh_bill(model: Bill, number: str, today: date) -> Bill:
    """The same trade again, invoiced today, due in 90 days. The model is UBL, which writes dates as ISO."""
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
    fresh = read_invoice(content)
    return replace(model, paper=Paper(f"{number}.xml", content, fresh), document=fresh)
