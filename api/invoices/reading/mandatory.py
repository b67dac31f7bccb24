"""What EN 16931-1 requires an invoice to say, under its own rule numbers, as far as the claim depends on it.

Left to a validator of the standard: codes that only the tax office needs (VAT categories, exemption reasons)
and electronic routing.
"""

from collections.abc import Iterator

from api.invoices.reading.fields import InvoiceFields, PartyFields
from api.invoices.reading.tree import Field, Tree

NAME_MAX = 500
NUMBER_MAX = 100


def check_mandatory(tree: Tree, invoice: InvoiceFields) -> None:
    """Refuse each term that is missing, at the place where it should be."""
    for rule, field in _required(invoice):
        if not field.text:
            tree.refuse(rule, field)
    _check_address(tree, invoice.seller, "BR-08", "BR-09")
    _check_address(tree, invoice.buyer, "BR-10", "BR-11")
    _check_groups(tree, invoice)
    _check_lengths(tree, invoice)


def _required(invoice: InvoiceFields) -> Iterator[tuple[str, Field]]:
    totals = invoice.totals
    yield "BR-01", invoice.specification
    yield "BR-02", invoice.number
    yield "BR-03", invoice.issued_on
    yield "BR-04", invoice.type_code
    yield "BR-05", invoice.currency
    yield "BR-06", invoice.seller.name
    yield "BR-07", invoice.buyer.name
    yield "BR-12", totals.lines
    yield "BR-13", totals.without_tax
    yield "BR-14", totals.with_tax
    yield "BR-15", totals.payable
    if invoice.payee:
        yield "BR-17", invoice.payee.name
    for line in invoice.lines:
        yield "BR-21", line.number
        yield "BR-22", line.quantity
        yield "BR-25", line.name
        yield "BR-26", line.price


def _check_address(tree: Tree, party: PartyFields, address_rule: str, country_rule: str) -> None:
    if party.address.node is None:
        tree.refuse(address_rule, party.address)
    elif not party.country.text:
        tree.refuse(country_rule, party.country)


def _check_groups(tree: Tree, invoice: InvoiceFields) -> None:
    if not invoice.lines:
        tree.refuse("BR-16", invoice.lines_at)
    if not invoice.taxes:
        tree.refuse("BR-CO-18", invoice.totals.without_tax)
    seller = invoice.seller
    if not any(field.text for field in (seller.vat, seller.registration, *seller.others)):
        tree.refuse("BR-CO-26", seller.registration)


def _check_lengths(tree: Tree, invoice: InvoiceFields) -> None:
    limits = (
        (invoice.number, NUMBER_MAX),
        (invoice.seller.name, NAME_MAX),
        (invoice.buyer.name, NAME_MAX),
        *((line.name, NAME_MAX) for line in invoice.lines),
    )
    for field, limit in limits:
        if len(field.text) > limit:
            tree.refuse("too-long", field, name=field.name, limit=limit)
