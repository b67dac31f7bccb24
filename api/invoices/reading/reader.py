"""Reading an e-invoice: bytes in, a checked document out, or everything that is wrong with it at once."""

from collections.abc import Callable, Mapping

from lxml import etree

from api.invoices.reading import cii, ubl
from api.invoices.reading.assemble import Facts, assemble
from api.invoices.reading.eligibility import check_days, check_eligible
from api.invoices.reading.fields import InvoiceFields
from api.invoices.reading.figures import read_figures
from api.invoices.reading.mandatory import check_mandatory
from api.invoices.reading.parties import PartyReader
from api.invoices.reading.refusals import Refusals
from api.invoices.reading.source import parse
from api.invoices.reading.totals import TotalsCheck
from api.invoices.reading.tree import Element, Tree, place_of
from api.invoices.reading.values import Values
from domain.invoice import InvoiceDocument

_SYNTAXES: Mapping[str, Callable[[Tree], InvoiceFields]] = {
    ubl.INVOICE: ubl.read_fields,
    ubl.CREDIT_NOTE: ubl.read_fields,
    cii.INVOICE: cii.read_fields,
}
_ROOT_NAMES = frozenset(etree.QName(tag).localname for tag in _SYNTAXES)


def read_invoice(data: bytes) -> InvoiceDocument:
    """Read a UBL 2.1 or CII D16B invoice of EN 16931.

    Raises InvoiceRefused with every refusal found. Nothing outside `data` is read and nothing in it is
    repaired; at most `SIZE_MAX_BYTES` are looked at.
    """
    refusals = Refusals()
    tree = Tree(parse(data), refusals)
    read_fields = _syntax(tree.root, refusals)
    invoice = read_fields(tree)
    values = Values(tree, invoice)
    check_mandatory(tree, invoice)
    figures = read_figures(tree, values, invoice)
    if values.currency:
        TotalsCheck(tree, values.currency).run(figures, invoice.specification.text)
    check_eligible(tree, values, invoice, figures)
    facts = _facts(tree, values, invoice)
    refusals.raise_if_any()
    if facts is None:
        raise AssertionError("a fact is missing and nothing was refused")
    return assemble(invoice, figures, facts)


def _syntax(root: Element, refusals: Refusals) -> Callable[[Tree], InvoiceFields]:
    name = etree.QName(root)
    if name.text not in _SYNTAXES:
        rule = "unknown-namespace" if name.localname in _ROOT_NAMES else "unknown-root"
        refusals.add(rule, place_of(root), root.sourceline or 0, found=name.text)
        refusals.raise_if_any()
    return _SYNTAXES[name.text]


def _facts(tree: Tree, values: Values, invoice: InvoiceFields) -> Facts | None:
    """Days and parties, each refused where it is wrong; None when one that must be there is missing."""
    parties = PartyReader(tree)
    issued_on, due_on = values.day(invoice.issued_on), values.day(invoice.due_on)
    delivery_on = values.day(invoice.delivery_on)
    check_days(tree, invoice, issued_on, due_on)
    seller, buyer = parties.party(invoice.seller), parties.party(invoice.buyer)
    payee = parties.payee(invoice.payee) if invoice.payee else None
    if seller and buyer:
        parties.check_different(seller, buyer, invoice.buyer.name)
    if not (values.currency and issued_on and seller and buyer):
        return None
    return Facts(values.currency, issued_on, due_on, delivery_on, seller, buyer, payee)
