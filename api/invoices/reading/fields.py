"""What both syntaxes are brought to before anything is judged: unread leaves that know their place."""

from dataclasses import dataclass

from api.invoices.reading.tree import Element, Field
from domain.invoice import Syntax


@dataclass(frozen=True, slots=True)
class PartyFields:
    """BG-4 or BG-7. `address` is None when the group is missing; `address_lines` are the parts that are
    given.
    """

    name: Field
    trading_name: Field
    vat: Field
    tax_registration: Field
    registration: Field
    others: tuple[Field, ...]
    endpoint: Field
    country: Field
    address: Field
    address_lines: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class PayeeFields:
    """BG-10."""

    name: Field
    registration: Field
    others: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class AllowanceFields:
    """An allowance or a charge, of the document (BG-20, BG-21) or of a line (BG-27, BG-28)."""

    is_charge: Field
    amount: Field


@dataclass(frozen=True, slots=True)
class TaxFields:
    """One VAT category (BG-23)."""

    taxable: Field
    tax: Field
    rate: Field


@dataclass(frozen=True, slots=True)
class TotalFields:
    """BG-22; `taxes` are the VAT totals (BT-110, BT-111), each with its own currency."""

    lines: Field
    allowances: Field
    charges: Field
    without_tax: Field
    taxes: tuple[Field, ...]
    with_tax: Field
    prepaid: Field
    rounding: Field
    payable: Field


@dataclass(frozen=True, slots=True)
class LineFields:
    """BG-25."""

    number: Field
    note: tuple[Field, ...]
    name: Field
    description: Field
    quantity: Field
    price: Field
    price_base: Field
    net: Field
    order_line: Field
    allowances: tuple[AllowanceFields, ...]


@dataclass(frozen=True, slots=True)
class ReferenceFields:
    """BT-10 to BT-16 and BG-3."""

    buyer_reference: Field
    order: Field
    sales_order: Field
    contract: Field
    project: Field
    despatch: Field
    receipt: Field
    preceding: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class InvoiceFields:
    """The whole document; `lines_at` is where the first line would be."""

    root: Element
    syntax: Syntax
    specification: Field
    number: Field
    type_code: Field
    issued_on: Field
    due_on: Field
    terms: tuple[Field, ...]
    notes: tuple[Field, ...]
    currency: Field
    tax_currency: Field
    seller: PartyFields
    buyer: PartyFields
    payee: PayeeFields | None
    delivery_on: Field
    payment_means: tuple[Field, ...]
    allowances: tuple[AllowanceFields, ...]
    taxes: tuple[TaxFields, ...]
    totals: TotalFields
    lines: tuple[LineFields, ...]
    lines_at: Field
    references: ReferenceFields
