"""A supplier stands by its invoice: the buyer is named, the due date fixed, the network's rules are asked."""

from datetime import date

from api.http.problems import NOT_FOUND
from api.http.translation import contract_refusal
from api.ids import now_ms
from api.invoices import repository
from api.invoices.identity import Ends, document_of, ends_of, fingerprint_of, require_unknown
from api.invoices.models import Invoice
from api.invoices.problems import BUYER_NOT_ADMITTED, DUE_ON_DIFFERS, DUE_ON_MISSING
from api.invoices.schemas import SubmissionBody
from api.invoices.standing import after
from api.invoices.terms import Proposal, check_rules, extension_document
from api.receivables.title import require_active
from api.work import UnitOfWork
from domain.ids import Fingerprint, PartyAddress
from domain.invoice import InvoiceDocument, InvoiceStep
from indexer import queries


async def submit(work: UnitOfWork, invoice_id: str, body: SubmissionBody) -> Invoice:
    """The invoice, checked and in front of its buyer; every check comes before the first change."""
    invoice = await repository.get_for_update(work.session, invoice_id)
    if invoice.seller != work.caller.party:
        raise NOT_FOUND("no such invoice")
    document = document_of(invoice)
    state = await after(work, invoice, InvoiceStep.SUBMIT, InvoiceStep.PASS_CHECKS)
    await require_active(work, work.caller.party)
    due_on = _due_on(document, body.due_on)
    ends = await ends_of(work, document)
    buyer = _require_buyer(ends, document)
    evidence, extended = body.delivery_evidence, body.extension is not None
    proposal = Proposal(document, buyer, ends.seller, due_on, evidence, extended)
    await check_rules(work, proposal)
    extension = extension_document(work, invoice, proposal, body.extension) if body.extension else None
    mark = await fingerprint_of(work, document, ends)
    await require_unknown(work, mark, but=invoice.id)
    await require_unused(work, mark, document.payable_minor)
    invoice.state, invoice.due_on, invoice.buyer, invoice.fingerprint = state, due_on, buyer, mark
    invoice.delivery_evidence = evidence.model_dump(mode="json") if evidence else None
    invoice.extension = extension
    invoice.intent_digest = invoice.terms = invoice.problem = None
    invoice.reason_code = invoice.reason_text = None
    invoice.updated_ms = now_ms()
    await work.session.flush()
    return invoice


async def require_unused(work: UnitOfWork, mark: Fingerprint, amount_minor: int) -> None:
    """Refuse an invoice that backs receivables already, whoever carried them. Raises `InvoicesOverused`."""
    use = await queries.invoice_use(work.mirror, mark)
    if use is not None and use.used_minor + amount_minor > use.total_minor:
        raise contract_refusal(
            "InvoicesOverused",
            fingerprint=mark,
            total=use.total_minor,
            used=use.used_minor,
            amount=amount_minor,
        )


def _require_buyer(ends: Ends, document: InvoiceDocument) -> PartyAddress:
    if ends.buyer is None:
        named = [identifier.canonical() for identifier in document.buyer.identifiers]
        raise BUYER_NOT_ADMITTED("nobody is admitted under these", place="buyer", identifiers=named)
    if ends.buyer == ends.seller:
        raise contract_refusal("IssuanceSameParty", party=ends.buyer)
    return ends.buyer


def _due_on(document: InvoiceDocument, stated: date | None) -> date:
    if document.due_on is None:
        if stated is None:
            raise DUE_ON_MISSING("the invoice names no day", place="due_on", terms=document.terms_text)
        return stated
    if stated not in (None, document.due_on):
        named = document.due_on.isoformat()
        raise DUE_ON_DIFFERS("leave it out or state the same", place="due_on", due_on=named)
    return document.due_on
