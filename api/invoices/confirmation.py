"""The buyer's answer: the `Issue` that makes the invoice a receivable, to be signed by both sides, or a
rejection.
"""

from typing import Any

from api.http.problems import NOT_FOUND
from api.http.translation import contract_refusal
from api.ids import now_ms
from api.intents import service as intents
from api.intents.models import IntentRecord, IntentState
from api.intents.schemas import SummaryLine
from api.invoices import repository
from api.invoices.models import Invoice
from api.invoices.problems import INVOICE_STATE, NOT_YOUR_INVOICE
from api.invoices.schemas import RejectionBody
from api.invoices.standing import after, standing
from api.invoices.submission import require_unused
from api.invoices.terms import Proposal, check_rules, terms_document
from api.parties.refs import names_of
from api.receivables.money import in_words
from api.receivables.title import require_active
from api.salt import new_salt
from api.work import UnitOfWork
from domain.calendar import due_instant
from domain.commitments import commitment
from domain.ids import ZERO_DIGEST, Digest, Fingerprint, PartyAddress
from domain.intents import InvoiceUse, Issue
from domain.invoice import InvoiceState, InvoiceStep
from domain.money import currency_of
from domain.parties import Power, Role
from indexer import queries


async def confirm(work: UnitOfWork, invoice_id: str) -> IntentRecord:
    """The `Issue` to sign: the same one while it is open, a new one when the last has lapsed.

    Raises `not-your-invoice`, `invoice-state`, `rules-breached` and the refusals of `Issuance` by their
    names.
    """
    invoice = await _of_buyer(work, invoice_id)
    pending = await _pending(work, invoice)
    if pending is not None:
        return pending
    state, due_on = await standing(work, invoice), invoice.due_on
    if state is not InvoiceState.CHECKED or due_on is None:
        raise INVOICE_STATE("only a checked invoice can be confirmed", state=state)
    await _check_parties(work, invoice)
    proposal = Proposal.of(invoice, work.caller.party, due_on)
    await check_rules(work, proposal)
    await require_unused(work, Fingerprint(invoice.fingerprint), invoice.payable_minor)
    terms = terms_document(work, invoice, due_on)
    record = await intents.prepare(
        work,
        intent=_issue(work, invoice, proposal, commitment(terms)),
        required=[(work.caller.party, Power.CONFIRM), (PartyAddress(invoice.seller), Power.ACCEPT)],
        subject_ref=f"invoice:{invoice.id}",
        summary=await _summary(work, invoice, proposal),
    )
    invoice.terms, invoice.intent_digest, invoice.updated_ms = terms, record.digest, now_ms()
    await work.session.flush()
    return record


async def reject(work: UnitOfWork, invoice_id: str, body: RejectionBody) -> Invoice:
    """The invoice, sent back with a reason; what was signed under an open `Issue` is void.

    Not once confirmed.
    """
    invoice = await _of_buyer(work, invoice_id)
    state = await after(work, invoice, InvoiceStep.REJECT)
    pending = await _pending(work, invoice)
    if pending is not None:
        await intents.withdraw(work, Digest(pending.digest))
    invoice.state, invoice.intent_digest, invoice.updated_ms = state, None, now_ms()
    invoice.reason_code, invoice.reason_text = body.reason_code, body.text
    await work.session.flush()
    return invoice


async def _of_buyer(work: UnitOfWork, invoice_id: str) -> Invoice:
    invoice = await repository.get_for_update(work.session, invoice_id)
    if invoice.seller == work.caller.party:
        raise NOT_YOUR_INVOICE("the buyer answers, not the seller")
    if invoice.buyer != work.caller.party or invoice.state == InvoiceState.DRAFT:
        raise NOT_FOUND("no such invoice")
    return invoice


async def _pending(work: UnitOfWork, invoice: Invoice) -> IntentRecord | None:
    if invoice.intent_digest is None:
        return None
    record = await intents.get(work.session, Digest(invoice.intent_digest))
    still = intents.state_of(record, work.now_s) in (IntentState.PREPARED, IntentState.COLLECTING)
    return record if still else None


async def _check_parties(work: UnitOfWork, invoice: Invoice) -> None:
    await require_active(work, work.caller.party, Role.DEBTOR)
    await require_active(work, PartyAddress(invoice.seller))
    debtor = await queries.party(work.mirror, work.caller.party)
    if debtor is not None and debtor.blocking:
        raise contract_refusal("IssuanceDebtorBlocked", debtor=debtor.address, blocking=debtor.blocking)


def _issue(work: UnitOfWork, invoice: Invoice, proposal: Proposal, terms_hash: Digest) -> Issue:
    use = InvoiceUse(
        fingerprint=Fingerprint(invoice.fingerprint),
        total=invoice.payable_minor,
        amount=invoice.payable_minor,
        issued_at=due_instant(invoice.issued_on),
    )
    return Issue(
        debtor=proposal.debtor,
        creditor=proposal.creditor,
        face=invoice.payable_minor,
        due=due_instant(proposal.due_on),
        currency=currency_of(invoice.currency).numeric,
        terms_hash=terms_hash,
        delivered_at=due_instant(proposal.delivered_on),
        extension=commitment(invoice.extension) if invoice.extension else ZERO_DIGEST,
        invoices=(use,),
        deadline=work.now_s + intents.LIFETIME_MAX_S,
        salt=new_salt(),
    )


async def _summary(work: UnitOfWork, invoice: Invoice, proposal: Proposal) -> list[SummaryLine]:
    names = await names_of(work.session, proposal.debtor, proposal.creditor)
    face = in_words(invoice.payable_minor, currency_of(invoice.currency).numeric)
    lines = [
        SummaryLine(label="Debtor", label_zh="债务人", value=names[proposal.debtor]),
        SummaryLine(label="Creditor", label_zh="债权人", value=names[proposal.creditor]),
        SummaryLine(label="Face", label_zh="面额", value=face),
        SummaryLine(label="Delivered on", label_zh="交付日", value=proposal.delivered_on.isoformat()),
        SummaryLine(label="Due date", label_zh="到期日", value=proposal.due_on.isoformat()),
        SummaryLine(label="Invoice", label_zh="发票", value=f"{invoice.number} {invoice.issued_on}"),
    ]
    if invoice.extension is not None:
        lines += _extension_lines(invoice.extension, proposal)
    payee = proposal.document.payee
    if payee is not None:
        # Whoever signs has to see that the paper names somebody else to be paid than the seller.
        lines.append(SummaryLine(label="Payee on paper", label_zh="发票载明收款人", value=payee.name))
    return lines


def _extension_lines(extension: dict[str, Any], proposal: Proposal) -> list[SummaryLine]:
    """The supplier signs that it will be paid later than the law has it, so it has to read that."""
    days = (proposal.due_on - proposal.delivered_on).days
    agreement = extension["text"] or f"SHA-256 {extension['text_sha256']}"
    return [
        SummaryLine(
            label="Supplier agrees to be paid beyond the statutory term, days after delivery",
            label_zh="供应商同意超过法定付款期限收款，自交付起天数",
            value=str(days),
        ),
        SummaryLine(label="Extension agreed on", label_zh="延期同意日期", value=extension["agreed_on"]),
        SummaryLine(label="Extension", label_zh="延期同意内容", value=agreement),
    ]
