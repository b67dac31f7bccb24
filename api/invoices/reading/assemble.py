"""Putting the document together once nothing is left to refuse."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from api.invoices.reading.fields import InvoiceFields, ReferenceFields
from api.invoices.reading.figures import Figures, Line, Totals
from api.invoices.reading.tree import Field
from api.invoices.reading.values import Amount
from domain.ids import CurrencyCode
from domain.invoice import (
    InvoiceDocument,
    InvoiceLine,
    InvoiceParty,
    InvoicePayee,
    InvoiceReferences,
    InvoiceTotals,
    OriginalText,
)
from domain.money import format_amount


@dataclass(frozen=True, slots=True)
class Facts:
    """What the checks have established: present and readable."""

    currency: CurrencyCode
    issued_on: date
    due_on: date | None
    delivery_on: date | None
    seller: InvoiceParty
    buyer: InvoiceParty
    payee: InvoicePayee | None


def assemble(invoice: InvoiceFields, figures: Figures, facts: Facts) -> InvoiceDocument:
    """The document; call it only after every check has passed."""
    return InvoiceDocument(
        syntax=invoice.syntax,
        specification=invoice.specification.text,
        type_code=invoice.type_code.text,
        number=invoice.number.text,
        issued_on=facts.issued_on,
        due_on=facts.due_on,
        terms_text="\n".join(term.text for term in invoice.terms if term.text) or None,
        currency=facts.currency,
        totals=_totals(figures.totals),
        seller=facts.seller,
        buyer=facts.buyer,
        payee=facts.payee,
        lines=tuple(_line(line) for line in figures.lines),
        references=_references(invoice.references),
        delivery_on=facts.delivery_on,
        notes=tuple(note.text for note in invoice.notes if note.text),
        payment_means=tuple(means.text for means in invoice.payment_means),
        originals=tuple(_originals(invoice, figures.totals, facts)),
    )


def _totals(totals: Totals) -> InvoiceTotals:
    return InvoiceTotals(
        lines_minor=_minor(totals.lines),
        allowances_minor=_minor(totals.allowances),
        charges_minor=_minor(totals.charges),
        without_tax_minor=_minor(totals.without_tax),
        tax_minor=_minor(totals.tax) if totals.tax else 0,
        with_tax_minor=_minor(totals.with_tax),
        prepaid_minor=_minor(totals.prepaid),
        rounding_minor=_minor(totals.rounding),
        payable_minor=_minor(totals.payable),
    )


def _minor(amount: Amount) -> int:
    return amount.or_zero or 0


def _line(line: Line) -> InvoiceLine:
    fields = line.fields
    return InvoiceLine(
        number=fields.number.text,
        name=fields.name.text,
        description=fields.description.text or None,
        quantity=line.quantity or Decimal(0),
        unit_code=fields.quantity.attribute("unitCode"),
        unit_price=line.price or Decimal(0),
        net_minor=_minor(line.net),
        order_line=fields.order_line.text or None,
        note="\n".join(note.text for note in fields.note if note.text) or None,
    )


def _references(references: ReferenceFields) -> InvoiceReferences:
    return InvoiceReferences(
        buyer_reference=references.buyer_reference.text or None,
        order=references.order.text or None,
        sales_order=references.sales_order.text or None,
        contract=references.contract.text or None,
        project=references.project.text or None,
        despatch=references.despatch.text or None,
        receipt=references.receipt.text or None,
        preceding_invoices=tuple(field.text for field in references.preceding if field.text),
    )


def _originals(invoice: InvoiceFields, totals: Totals, facts: Facts) -> Iterator[OriginalText]:
    """Header values whose spelling in the file is not the one we hold: white space, date form, left-out
    decimals.
    """
    texts = (invoice.number, invoice.type_code, invoice.currency, invoice.seller.name, invoice.buyer.name)
    held: list[tuple[Field, str]] = [(field, field.text) for field in texts]
    days = ((invoice.issued_on, facts.issued_on), (invoice.due_on, facts.due_on))
    held += [(field, day.isoformat()) for field, day in days if day]
    amounts = (totals.lines, totals.without_tax, totals.with_tax, totals.prepaid, totals.payable)
    held += [
        (one.field, format_amount(one.minor, facts.currency)) for one in amounts if one.minor is not None
    ]
    for field, ours in held:
        if field.node is not None and field.raw != ours:
            yield OriginalText(field.place, field.raw)
