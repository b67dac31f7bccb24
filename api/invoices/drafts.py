"""From the bytes of a file to a draft: read, checked to be the caller's, and found to be new."""

import asyncio
import hashlib

from api.http.problems import Problem
from api.ids import new_id, now_ms
from api.invoices.identity import ends_of, fingerprint_of, require_unknown
from api.invoices.models import Invoice
from api.invoices.problems import INVOICE_REFUSED
from api.invoices.reading import InvoiceRefused, read_invoice
from api.work import UnitOfWork
from domain.invoice import InvoiceDocument


async def import_draft(work: UnitOfWork, content: bytes) -> Invoice:
    """A draft of the file, unchanged in every figure.

    Raises `invoice-refused` with every rule and place, `not-your-invoice` and `invoice-duplicate`. The buyer
    may be unknown yet: it is asked for at submission.
    """
    document = await _read(content)
    ends = await ends_of(work, document)
    mark = await fingerprint_of(work, document, ends)
    await require_unknown(work, mark)
    now = now_ms()
    invoice = Invoice(
        id=new_id("inv"),
        seller=ends.seller,
        buyer=ends.buyer,
        number=document.number,
        issued_on=document.issued_on,
        due_on=document.due_on,
        currency=document.currency,
        payable_minor=document.payable_minor,
        fingerprint=mark,
        sha256=hashlib.sha256(content).hexdigest(),
        document=document.as_dict(),
        created_ms=now,
        updated_ms=now,
    )
    work.session.add(invoice)
    await work.session.flush()
    return invoice


async def _read(content: bytes) -> InvoiceDocument:
    try:
        # A large file takes a while: the loop goes on answering others meanwhile.
        return await asyncio.to_thread(read_invoice, content)
    except InvoiceRefused as error:
        raise _refusal(error) from error


def _refusal(error: InvoiceRefused) -> Problem:
    refusals = [
        {
            "rule": refusal.rule,
            "place": refusal.place,
            "line": refusal.line,
            "message": refusal.message_en,
            "message_zh": refusal.message_zh,
        }
        for refusal in error.refusals
    ]
    return INVOICE_REFUSED(error.message, refusals=refusals)
