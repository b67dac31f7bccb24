"""Invoices: upload, submission, confirmation, rejection."""

from typing import Annotated, Any, Final, Literal

from fastapi import Query, Request

from api.auth.caller import Scope
from api.deps import Read, Work, needs
from api.http.pagination import PAGE_DEFAULT, CursorQuery, LimitQuery, PageView, page_view
from api.http.routing import router
from api.intents import service as intents
from api.intents.schemas import IntentView
from api.invoices import confirmation, drafts, service, submission
from api.invoices.samples import INVOICE_XML
from api.invoices.schemas import ConfirmationBody, InvoiceDetail, InvoiceView, RejectionBody, SubmissionBody
from domain.invoice import InvoiceState

ROUTER: Final = router("/invoices", "invoices")

_XML: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            media_type: {"schema": {"type": "string"}, "example": INVOICE_XML}
            for media_type in ("application/xml", "text/xml")
        },
    }
}
_READERS: Final = needs(Scope.READ, Scope.SUBMIT, Scope.CONFIRM, Scope.AUDIT)


@ROUTER.post("", status_code=201, openapi_extra=_XML, dependencies=[needs(Scope.SUBMIT)])
async def upload_invoice(request: Request, work: Work) -> InvoiceDetail:
    """Bring in an e-invoice (UBL 2.1 or CII, EN 16931) as a draft; the caller's party must be its seller."""
    invoice = await drafts.import_draft(work, await request.body())
    return await service.detail_of(work, invoice)


@ROUTER.get("", dependencies=[_READERS])
async def list_invoices(
    read: Read,
    request: Request,
    role: Annotated[
        Literal["seller", "buyer"] | None, Query(description="As what; both if left out.")
    ] = None,
    state: InvoiceState | None = None,
    cursor: CursorQuery = None,
    limit: LimitQuery = PAGE_DEFAULT,
) -> PageView[InvoiceView]:
    """The invoices of the caller's party, oldest first; a filtered page may be shorter than the limit."""
    views, next_cursor = await service.page(read, role=role, state=state, after=cursor, limit=limit)
    return page_view(request, views, next_cursor)


@ROUTER.get("/{invoice_id}", dependencies=[_READERS])
async def get_invoice(invoice_id: str, read: Read) -> InvoiceDetail:
    """An invoice with its document as it was read."""
    return await service.detail(read, invoice_id)


@ROUTER.post("/{invoice_id}/submission", dependencies=[needs(Scope.SUBMIT)])
async def submit_invoice(invoice_id: str, body: SubmissionBody, work: Work) -> InvoiceDetail:
    """Put an invoice before its buyer, once the rules of the network have been asked."""
    return await service.detail_of(work, await submission.submit(work, invoice_id, body))


@ROUTER.post("/{invoice_id}/confirmation", status_code=201, dependencies=[needs(Scope.CONFIRM)])
async def confirm_invoice(invoice_id: str, _body: ConfirmationBody, work: Work) -> IntentView:
    """Confirm what is owed: an intent that the buyer's signers and then the seller sign."""
    return await intents.view(work, await confirmation.confirm(work, invoice_id))


@ROUTER.post("/{invoice_id}/rejection", dependencies=[needs(Scope.CONFIRM)])
async def reject_invoice(invoice_id: str, body: RejectionBody, work: Work) -> InvoiceDetail:
    """Send an invoice back with a reason."""
    return await service.detail_of(work, await confirmation.reject(work, invoice_id, body))
