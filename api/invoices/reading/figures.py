"""The invoice's figures, read once, so that the arithmetic and the document use the same ones."""

from dataclasses import dataclass
from decimal import Decimal

from api.invoices.reading.fields import AllowanceFields, InvoiceFields, LineFields, TaxFields, TotalFields
from api.invoices.reading.tree import Field, Tree
from api.invoices.reading.values import Amount, Values


@dataclass(frozen=True, slots=True)
class Allowances:
    """Sums in minor units; None when one of the parts could not be read. `any_*`: whether there is one at
    all.
    """

    allowances: int | None
    charges: int | None
    any_allowance: bool
    any_charge: bool


@dataclass(frozen=True, slots=True)
class Tax:
    """One VAT category; `rate` in percent, None where no VAT applies."""

    taxable: Amount
    tax: Amount
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Totals:
    """BG-22. `tax` is the VAT total in the invoice's currency, `tax_count` how many such totals there are."""

    lines: Amount
    allowances: Amount
    charges: Amount
    without_tax: Amount
    tax: Amount | None
    tax_count: int
    with_tax: Amount
    prepaid: Amount
    rounding: Amount
    payable: Amount


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `price_base` is the quantity the price is for, 1 unless stated."""

    fields: LineFields
    net: Amount
    quantity: Decimal | None
    price: Decimal | None
    price_base: Decimal | None
    allowances: Allowances


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of the invoice."""

    totals: Totals
    allowances: Allowances
    taxes: tuple[Tax, ...]
    lines: tuple[Line, ...]


def read_figures(tree: Tree, values: Values, invoice: InvoiceFields) -> Figures:
    """Read every figure, refusing those that cannot be read or that a group must have and has not."""
    return Figures(
        totals=_totals(values, invoice.totals),
        allowances=_allowances(tree, values, invoice.allowances, ("BR-31", "BR-36")),
        taxes=tuple(_tax(tree, values, tax) for tax in invoice.taxes),
        lines=tuple(_line(tree, values, line) for line in invoice.lines),
    )


def _totals(values: Values, totals: TotalFields) -> Totals:
    # A VAT total in the accounting currency (BT-111) is for the tax office and takes no part in what is owed.
    own = [field for field in totals.taxes if field.attribute("currencyID") in ("", values.currency)]
    return Totals(
        lines=values.amount(totals.lines),
        allowances=values.amount(totals.allowances),
        charges=values.amount(totals.charges),
        without_tax=values.amount(totals.without_tax),
        tax=values.amount(own[0]) if own else None,
        tax_count=len(own),
        with_tax=values.amount(totals.with_tax),
        prepaid=values.amount(totals.prepaid),
        rounding=values.amount(totals.rounding),
        payable=values.amount(totals.payable),
    )


def _tax(tree: Tree, values: Values, tax: TaxFields) -> Tax:
    return Tax(
        taxable=_required(tree, values, tax.taxable, "BR-45"),
        tax=_required(tree, values, tax.tax, "BR-46"),
        rate=values.decimal(tax.rate),
    )


def _line(tree: Tree, values: Values, line: LineFields) -> Line:
    return Line(
        fields=line,
        net=_required(tree, values, line.net, "BR-24"),
        quantity=values.decimal(line.quantity),
        price=values.decimal(line.price),
        price_base=values.decimal(line.price_base),
        allowances=_allowances(tree, values, line.allowances, ("BR-41", "BR-43")),
    )


def _allowances(
    tree: Tree, values: Values, parts: tuple[AllowanceFields, ...], rules: tuple[str, str]
) -> Allowances:
    sums: dict[bool, list[int | None]] = {False: [], True: []}
    for part in parts:
        is_charge = values.indicator(part.is_charge)
        amount = _required(tree, values, part.amount, rules[bool(is_charge)])
        for side in (False, True) if is_charge is None else (is_charge,):
            sums[side].append(None if is_charge is None else amount.minor)
    return Allowances(
        allowances=add(sums[False]),
        charges=add(sums[True]),
        any_allowance=bool(sums[False]),
        any_charge=bool(sums[True]),
    )


def _required(tree: Tree, values: Values, field: Field, rule: str) -> Amount:
    if not field.text:
        tree.refuse(rule, field)
    return values.amount(field)


def add(parts: list[int | None]) -> int | None:
    """The sum, or None when a part is unknown."""
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None
