"""What an invoice is to become, under which rules, and the documents that the signed `Issue` commits to."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.http.translation import contract_refusal
from api.invoices.identity import document_of
from api.invoices.models import Invoice
from api.invoices.problems import EXTENSION_IN_FUTURE
from api.invoices.schemas import DeliveryEvidence, ExtensionBody
from api.rules import refuse_breaches
from api.salt import secret_salt
from api.work import Reading, UnitOfWork
from domain.calendar import date_of
from domain.gates import IssueFacts, issue_breaches
from domain.ids import PartyAddress
from domain.invoice import InvoiceDocument
from domain.money import currency_of, format_amount
from domain.parties import Role
from indexer import queries


@dataclass(frozen=True, slots=True)
class Proposal:
    """A receivable as its supplier proposes it; `extended`: it agrees in writing to be paid later."""

    document: InvoiceDocument
    debtor: PartyAddress
    creditor: PartyAddress
    due_on: date
    evidence: DeliveryEvidence | None
    extended: bool

    @classmethod
    def of(cls, invoice: Invoice, debtor: PartyAddress, due_on: date) -> "Proposal":
        """The same of an invoice that was submitted."""
        given = invoice.delivery_evidence
        return cls(
            document=document_of(invoice),
            debtor=debtor,
            creditor=PartyAddress(invoice.seller),
            due_on=due_on,
            evidence=DeliveryEvidence(**given) if given else None,
            extended=invoice.extension is not None,
        )

    @property
    def stated_delivery_on(self) -> date | None:
        """The day of delivery by the paper, else by the evidence beside it."""
        return self.document.delivery_on or (self.evidence.delivered_on if self.evidence else None)

    @property
    def delivered_on(self) -> date:
        """The day that is signed: where none is stated that of the invoice, which is no earlier."""
        return self.stated_delivery_on or self.document.issued_on


async def check_rules(work: UnitOfWork, proposal: Proposal) -> None:
    """Refuse what the rule set of the network refuses today.

    Raises `rules-breached`, `LedgerUnknownCurrency`.
    """
    numeric = currency_of(proposal.document.currency).numeric
    if numeric not in work.book.cash:
        raise contract_refusal("LedgerUnknownCurrency", currency=numeric)
    today = date_of(work.now_s)
    facts = IssueFacts(
        issue_date=today,
        due_date=proposal.due_on,
        invoice_dates=(proposal.document.issued_on,),
        delivered_on=proposal.stated_delivery_on,
        debtor_is_large=await _is(work, proposal.debtor, Role.LARGE_BUYER),
        creditor_is_small=await _is(work, proposal.creditor, Role.SMALL_SUPPLIER),
        extension_signed=proposal.extended,
    )
    refuse_breaches(issue_breaches(work.policy.rules, facts, today))


def extension_document(
    work: UnitOfWork, invoice: Invoice, proposal: Proposal, body: ExtensionBody
) -> dict[str, Any]:
    """The supplier's agreement to be paid later than the law has it, as its commitment is made from.

    Raises `extension-in-future`.
    """
    if body.agreed_on > date_of(work.now_s):
        raise EXTENSION_IN_FUTURE("an agreement comes before the invoice is submitted", place="agreed_on")
    text_sha256 = body.text_sha256 or hashlib.sha256((body.text or "").encode()).hexdigest()
    return {
        "kind": "tallystick.extension.v1",
        "debtor": proposal.debtor,
        "creditor": proposal.creditor,
        "invoice_sha256": invoice.sha256,
        "delivered_on": proposal.delivered_on.isoformat(),
        "due_on": proposal.due_on.isoformat(),
        "agreed_on": body.agreed_on.isoformat(),
        "text": body.text,
        "text_sha256": text_sha256,
        "salt": secret_salt(),
    }


def terms_document(work: UnitOfWork, invoice: Invoice, due_on: date) -> dict[str, Any]:
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


async def _is(reading: Reading, address: PartyAddress, role: Role) -> bool:
    party = await queries.party(reading.mirror, address)
    return party is not None and bool(party.roles & role)
