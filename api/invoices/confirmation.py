"""The buyer's answer: the `Issue` that makes the invoice a receivable, to be signed by both sides, or a
rejection.
"""

from datetime import date
from typing import Any

from api.http.problems import NOT_FOUND
from api.http.translation import contract_refusal
from api.ids import now_ms
from api.intents import service as intents
from api.intents.models import IntentRecord, IntentState
from api.intents.schemas import SummaryLine
from api.invoices import repository
from api.invoices.identity import document_of
from api.invoices.models import Invoice
from api.invoices.problems import INVOICE_STATE, NOT_YOUR_INVOICE
from api.invoices.schemas import DeliveryEvidence, RejectionBody
from api.invoices.standing import after, standing
from api.invoices.submission import check_rules, require_unused
from api.parties.refs import names_of
from api.receivables.money import in_words
from api.receivables.title import require_active
from api.salt import new_salt, secret_salt
from api.work import UnitOfWork
from domain.calendar import due_instant
from domain.commitments import commitment
from domain.ids import ZERO_DIGEST, Digest, Fingerprint, PartyAddress
from domain.intents import InvoiceUse, Issue
from domain.invoice import InvoiceState, InvoiceStep
from domain.money import currency_of, format_amount
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
    evidence = DeliveryEvidence(**invoice.delivery_evidence) if invoice.delivery_evidence else None
    check_rules(work, document_of(invoice), due_on, evidence)
    await require_unused(work, Fingerprint(invoice.fingerprint), invoice.payable_minor)
    terms = _terms(work, invoice, due_on)
    record = await intents.prepare(
        work,
        intent=_issue(work, invoice, due_on, commitment(terms)),
        required=[(work.caller.party, Power.CONFIRM), (PartyAddress(invoice.seller), Power.ACCEPT)],
        subject_ref=f"invoice:{invoice.id}",
        summary=await _summary(work, invoice, due_on),
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


def _issue(work: UnitOfWork, invoice: Invoice, due_on: date, terms_hash: Digest) -> Issue:
    use = InvoiceUse(
        fingerprint=Fingerprint(invoice.fingerprint),
        total=invoice.payable_minor,
        amount=invoice.payable_minor,
        issued_at=due_instant(invoice.issued_on),
    )
    return Issue(
        debtor=work.caller.party,
        creditor=PartyAddress(invoice.seller),
        face=invoice.payable_minor,
        due=due_instant(due_on),
        currency=currency_of(invoice.currency).numeric,
        terms_hash=terms_hash,
        delivered_at=due_instant(_delivered_on(invoice)),
        extension=ZERO_DIGEST,
        invoices=(use,),
        deadline=work.now_s + intents.LIFETIME_MAX_S,
        salt=new_salt(),
    )


def _delivered_on(invoice: Invoice) -> date:
    """The day of delivery by the paper, else by the evidence beside it, else that of the invoice."""
    evidence = DeliveryEvidence(**invoice.delivery_evidence) if invoice.delivery_evidence else None
    by_evidence = evidence.delivered_on if evidence else None
    return document_of(invoice).delivery_on or by_evidence or invoice.issued_on


def _terms(work: UnitOfWork, invoice: Invoice, due_on: date) -> dict[str, Any]:
    """The terms behind `terms_hash`; the salt keeps them from being guessed from the digest on the ledger."""
    return {
        "kind": "tallystick.terms.v1",
        "debtor": work.caller.party,
        "creditor": invoice.seller,
        "face": format_amount(invoice.payable_minor, invoice.currency),
        "currency": invoice.currency,
        "due_on": due_on.isoformat(),
        "invoice_sha256": invoice.sha256,
        "delivery_evidence": invoice.delivery_evidence,
        "rule_set": work.policy.rules.profile,
        "salt": secret_salt(),
    }


async def _summary(work: UnitOfWork, invoice: Invoice, due_on: date) -> list[SummaryLine]:
    names = await names_of(work.session, work.caller.party, invoice.seller)
    face = in_words(invoice.payable_minor, currency_of(invoice.currency).numeric)
    lines = [
        SummaryLine(label="Debtor", label_zh="债务人", value=names[work.caller.party]),
        SummaryLine(label="Creditor", label_zh="债权人", value=names[invoice.seller]),
        SummaryLine(label="Face", label_zh="面额", value=face),
        SummaryLine(label="Due date", label_zh="到期日", value=due_on.isoformat()),
        SummaryLine(label="Invoice", label_zh="发票", value=f"{invoice.number} {invoice.issued_on}"),
    ]
    payee = document_of(invoice).payee
    if payee is not None:
        # Whoever signs has to see that the paper names somebody else to be paid than the seller.
        lines.append(SummaryLine(label="Payee on paper", label_zh="发票载明收款人", value=payee.name))
    return lines
