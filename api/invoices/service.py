"""What other folders ask of invoices, and invoices as one caller may see them."""

from collections.abc import Sequence

from api.auth.visibility import may_see, require_visible
from api.http.pagination import cut
from api.invoices import repository
from api.invoices.models import Invoice
from api.invoices.schemas import InvoiceDetail, InvoiceView
from api.invoices.standing import standing
from api.parties.refs import names_of
from api.work import Reading
from domain.ids import PartyAddress
from domain.invoice import InvoiceState


async def detail(reading: Reading, invoice_id: str) -> InvoiceDetail:
    """An invoice for its seller, for its buyer once it is submitted, and for auditors. Raises `not-found`."""
    invoice = await repository.get(reading.session, invoice_id)
    require_visible(reading.caller, _concerned(invoice), "invoice")
    return await detail_of(reading, invoice)


async def detail_of(reading: Reading, invoice: Invoice) -> InvoiceDetail:
    """The same of a row at hand."""
    names = await names_of(reading.session, invoice.seller, invoice.buyer)
    return InvoiceDetail.of(invoice, await standing(reading, invoice), names)


async def page(
    reading: Reading, *, role: str | None, state: InvoiceState | None, after: str | None, limit: int
) -> tuple[list[InvoiceView], str | None]:
    """Invoices of the caller and the next page's cursor; a filtered page may be shorter than the limit."""
    stored = () if state is None else _stored_states(state)
    rows = await repository.visible(
        reading.session, reading.caller, role=role, states=stored, after=after, limit=limit + 1
    )
    shown, next_cursor = cut(rows, limit, lambda row: row.id)
    names = await names_of(reading.session, *(row.seller for row in shown), *(row.buyer for row in shown))
    views = [InvoiceView.of(row, await standing(reading, row), names) for row in shown]
    return [view for view in views if state in (None, view.state)], next_cursor


async def numbers_of_receivable(reading: Reading, receivable_id: int) -> dict[str, tuple[str, str]]:
    """(invoice id, number) by fingerprint, of the invoices behind a receivable that the caller may see."""
    rows = await repository.of_receivable(reading.session, receivable_id)
    return {row.fingerprint: (row.id, row.number) for row in rows if may_see(reading.caller, _concerned(row))}


def _concerned(invoice: Invoice) -> Sequence[PartyAddress]:
    if invoice.state == InvoiceState.DRAFT or invoice.buyer is None:
        return [PartyAddress(invoice.seller)]
    return [PartyAddress(invoice.seller), PartyAddress(invoice.buyer)]


def _stored_states(state: InvoiceState) -> list[InvoiceState]:
    """Under which stored states such an invoice may be found: signatures move it on from `checked`."""
    if state in (InvoiceState.CONFIRMED, InvoiceState.ACCEPTED):
        return [InvoiceState.CHECKED]
    if state in (InvoiceState.DECLINED, InvoiceState.EXPIRED):
        return [InvoiceState.CHECKED, state]
    return [state]
