"""Whether a right invoice may also become a receivable: it must be a final claim that the seller still owns.

Three judgements that the standard leaves open:

* An advance is looked for in the names and descriptions of lines. What counts is what is left of it: lines
  that take an earlier advance off, and the amount already paid (BT-113), are set against lines that charge
  one. A final invoice that settles an advance is therefore read, an invoice for an advance is not, nor one
  that also charges an advance.
* A payee other than the seller (BG-10) may be a treasury or a collector, so alone it is no refusal; it is
  kept in the document for the debtor and the bank to see. With a note that speaks of a factor, or a note that
  says the claim has been assigned, the seller has nothing left to assign: financing it would be financing it
  twice.
* Card payment (BG-18) is made when the invoice is issued, so nothing is left for maturity. A card issuer's
  monthly invoice to the card holder's employer is paid by transfer and is an ordinary claim of the issuer.
"""

from collections.abc import Iterator
from datetime import date

from api.invoices.reading import ubl
from api.invoices.reading.fields import InvoiceFields
from api.invoices.reading.figures import Figures, Line
from api.invoices.reading.tree import Field, Tree
from api.invoices.reading.type_codes import REFUSED, refusal_of
from api.invoices.reading.values import Values
from api.invoices.reading.wording import advance_word, assignment_word
from domain.money import format_amount
from domain.parties import canonical_value

CARD_MEANS = frozenset(("48", "54", "55"))
"""UNTDID 4461: bank card, credit card, debit card."""


def check_eligible(tree: Tree, values: Values, invoice: InvoiceFields, figures: Figures) -> None:
    """Refuse what cannot become a receivable."""
    _check_type(tree, invoice)
    _check_number(tree, invoice.number)
    _check_payable(tree, values, figures)
    _check_due(tree, invoice, figures)
    _check_advance(tree, figures)
    _check_assigned(tree, invoice)
    _check_card(tree, invoice.payment_means)


def check_days(tree: Tree, invoice: InvoiceFields, issued_on: date | None, due_on: date | None) -> None:
    """A claim cannot fall due before it exists. Missing days are the business of the mandatory terms."""
    if issued_on and due_on and due_on < issued_on:
        tree.refuse("due-before-issue", invoice.due_on, value=due_on, issued=issued_on)


def _check_type(tree: Tree, invoice: InvoiceFields) -> None:
    code = invoice.type_code.text
    if invoice.root.tag == ubl.CREDIT_NOTE:
        reason = REFUSED["credit-note"]["381"]
        tree.refuse("credit-note", invoice.type_code, code=code or "CreditNote", reason=reason)
    elif code and (found := refusal_of(code)):
        rule, reason = found
        tree.refuse(rule, invoice.type_code, code=code, reason=reason, found=f"type {code}: {reason}")


def _check_number(tree: Tree, number: Field) -> None:
    if number.text and not canonical_value(number.text):
        tree.refuse("number-unusable", number, value=number.text)


def _check_payable(tree: Tree, values: Values, figures: Figures) -> None:
    payable = figures.totals.payable
    if payable.minor is not None and payable.minor <= 0 and values.currency:
        tree.refuse(
            "payable-not-positive", payable.field, value=format_amount(payable.minor, values.currency)
        )


def _check_due(tree: Tree, invoice: InvoiceFields, figures: Figures) -> None:
    """A positive amount is due on a day or on terms; EN 16931 asks neither of a credit note."""
    owed = (figures.totals.payable.minor or 0) > 0 and invoice.root.tag != ubl.CREDIT_NOTE
    if owed and not invoice.due_on.text and not any(term.text for term in invoice.terms):
        tree.refuse("BR-CO-25", invoice.due_on)


def _check_advance(tree: Tree, figures: Figures) -> None:
    worded = [(line, field, word) for line in figures.lines for field, word in _advance_words(line)]
    lines = {id(line): line for line, _, _ in worded}.values()
    charged = sum(line.net.minor or 0 for line in lines)
    if charged <= (figures.totals.prepaid.or_zero or 0):
        return
    for line, field, word in worded:
        if (line.net.minor or 0) > 0:
            tree.refuse("prepayment", field, found=word)


def _advance_words(line: Line) -> Iterator[tuple[Field, str]]:
    for field in (line.fields.name, line.fields.description):
        word = advance_word(field.text)
        if word:
            yield field, word


def _check_assigned(tree: Tree, invoice: InvoiceFields) -> None:
    other_payee = invoice.payee is not None and invoice.payee.name.text != invoice.seller.name.text
    for field in (*invoice.notes, *invoice.terms):
        words = assignment_word(field.text, other_payee=other_payee)
        if words:
            tree.refuse("already-assigned", field, found=words)


def _check_card(tree: Tree, means: tuple[Field, ...]) -> None:
    codes = {field.text for field in means}
    if codes and codes <= CARD_MEANS:
        tree.refuse("already-paid", means[0], code=means[0].text)
