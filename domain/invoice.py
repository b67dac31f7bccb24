"""The invoice as read, whatever syntax it came in, and its life before it is a receivable on the ledger.

Terms follow EN 16931-1 (BT and BG numbers); amounts are integers of minor units of the invoice's currency.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from domain.errors import LifecycleError
from domain.ids import CurrencyCode
from domain.parties import PartyIdentifier

Syntax = Literal["UBL", "CII"]


@dataclass(frozen=True, slots=True)
class InvoiceParty:
    """Seller (BG-4) or buyer (BG-7), with every identifier under the scheme the invoice gave it.

    `country` is ISO 3166 alpha-2. `tax_registration` (BT-32) is a local statement such as "Godkänd för
    F-skatt", which many companies share, so it never identifies a party.
    """

    name: str
    country: str
    vat: PartyIdentifier | None = None
    registration: PartyIdentifier | None = None
    others: tuple[PartyIdentifier, ...] = ()
    endpoint: PartyIdentifier | None = None
    trading_name: str | None = None
    tax_registration: str | None = None
    address: tuple[str, ...] = ()

    @property
    def identifiers(self) -> tuple[PartyIdentifier, ...]:
        """All identifiers, the most telling first, each once; never empty.

        Order: unified social credit code (in China the company and the tax number are this one number), VAT
        number, legal registration under a named scheme, GLN, legal registration without a scheme, other
        identifiers in the order of the document, electronic address. The name, with the country, only where
        there is nothing else.
        """
        registered = (self.registration,) if self.registration else ()
        ranked = (
            *(found for found in registered if found.scheme == "USCC"),
            *((self.vat,) if self.vat else ()),
            *(found for found in registered if found.scheme != "NATIONAL"),
            *(found for found in self.others if found.scheme == "GLN"),
            *registered,
            *self.others,
            *((self.endpoint,) if self.endpoint else ()),
        )
        once: dict[str, PartyIdentifier] = {}
        for found in ranked:
            once.setdefault(found.canonical(), found)
        return tuple(once.values()) or (PartyIdentifier("NAME", self.name, self.country),)

    @property
    def primary_identifier(self) -> PartyIdentifier:
        """The identifier a party is admitted under: the first of `identifiers`, so the same file gives the
        same one.
        """
        return self.identifiers[0]


@dataclass(frozen=True, slots=True)
class InvoicePayee:
    """Who is to be paid when that is not the seller (BG-10): a treasury, a collector or a factor."""

    name: str
    identifiers: tuple[PartyIdentifier, ...] = ()


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line (BG-25); `net_minor` is without VAT and negative on a returned or deducted item."""

    number: str
    name: str
    description: str | None
    quantity: Decimal
    unit_code: str
    unit_price: Decimal
    net_minor: int
    order_line: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class InvoiceTotals:
    """Document totals (BG-22), BT-106 to BT-115 in this order; an absent optional total is 0."""

    lines_minor: int
    allowances_minor: int
    charges_minor: int
    without_tax_minor: int
    tax_minor: int
    with_tax_minor: int
    prepaid_minor: int
    rounding_minor: int
    payable_minor: int


@dataclass(frozen=True, slots=True)
class InvoiceReferences:
    """Documents of the same trade that the invoice names: the evidence for order, delivery and acceptance."""

    buyer_reference: str | None = None
    order: str | None = None
    sales_order: str | None = None
    contract: str | None = None
    project: str | None = None
    despatch: str | None = None
    receipt: str | None = None
    preceding_invoices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OriginalText:
    """A value as the file spells it (`place` is an XPath), kept where ours is spelt otherwise."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """An invoice that may become a receivable: final, arithmetically right, with something left to pay.

    `due_on` is None when the invoice names no day; `terms_text` is then given (BR-CO-25) and whoever submits
    the invoice has to state the day. A `payee` is a warning to the debtor and the bank, see `InvoicePayee`.
    """

    syntax: Syntax
    specification: str
    type_code: str
    number: str
    issued_on: date
    due_on: date | None
    terms_text: str | None
    currency: CurrencyCode
    totals: InvoiceTotals
    seller: InvoiceParty
    buyer: InvoiceParty
    payee: InvoicePayee | None
    lines: tuple[InvoiceLine, ...]
    references: InvoiceReferences = field(default_factory=InvoiceReferences)
    delivery_on: date | None = None
    notes: tuple[str, ...] = ()
    payment_means: tuple[str, ...] = ()
    originals: tuple[OriginalText, ...] = ()

    @property
    def payable_minor(self) -> int:
        """Amount due for payment (BT-115): the face of the receivable."""
        return self.totals.payable_minor

    @property
    def prepaid_minor(self) -> int:
        """Amount paid in advance (BT-113)."""
        return self.totals.prepaid_minor

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON: ISO dates, decimals as text, amounts as integers of minor units."""
        return {part.name: _plain(getattr(self, part.name)) for part in fields(self)}


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@dataclass(frozen=True, slots=True)
class InvoiceRefusal:
    """Why an invoice cannot be read as one that becomes a receivable.

    `rule` is a rule of EN 16931-1 (BR-…), of Peppol BIS (PEPPOL-…) or one of ours; `place` an XPath with the
    prefixes ubl, cn, cac, cbc, rsm, ram, udt and `line` its line in the file (0 where there is none).
    """

    rule: str
    place: str
    line: int
    message_en: str
    message_zh: str
    values: Mapping[str, str] = field(default_factory=dict)


class InvoiceState(StrEnum):
    """Where an invoice stands before and beside the ledger; what happens after `ISSUED` is the receivable's
    state.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHECKED = "checked"
    CONFIRMED = "confirmed"
    ACCEPTED = "accepted"
    ISSUED = "issued"
    REJECTED = "rejected"
    EXPIRED = "expired"
    DECLINED = "declined"
    DISPUTED = "disputed"
    CANCELLED = "cancelled"


class InvoiceStep(StrEnum):
    """What somebody does to an invoice: supplier, platform, debtor or creditor."""

    SUBMIT = "submit"
    PASS_CHECKS = "pass_checks"  # noqa: S105 - no password
    REJECT = "reject"
    DISPUTE = "dispute"
    SETTLE_DISPUTE = "settle_dispute"
    CONFIRM = "confirm"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    ISSUE = "issue"
    CANCEL = "cancel"


_A, _B = InvoiceStep, InvoiceState

STEPS: Mapping[InvoiceState, Mapping[InvoiceStep, InvoiceState]] = MappingProxyType(
    {
        _B.DRAFT: {_A.SUBMIT: _B.SUBMITTED, _A.CANCEL: _B.CANCELLED},
        _B.SUBMITTED: {_A.PASS_CHECKS: _B.CHECKED, _A.REJECT: _B.REJECTED, _A.CANCEL: _B.CANCELLED},
        _B.CHECKED: {
            _A.CONFIRM: _B.CONFIRMED,
            _A.REJECT: _B.REJECTED,
            _A.DISPUTE: _B.DISPUTED,
            _A.EXPIRE: _B.EXPIRED,
            _A.CANCEL: _B.CANCELLED,
        },
        _B.DISPUTED: {_A.SETTLE_DISPUTE: _B.CHECKED, _A.REJECT: _B.REJECTED, _A.CANCEL: _B.CANCELLED},
        # The debtor's word is irrevocable from here on, so neither side may cancel; its signature has a
        # deadline.
        _B.CONFIRMED: {_A.ACCEPT: _B.ACCEPTED, _A.DECLINE: _B.DECLINED, _A.EXPIRE: _B.EXPIRED},
        _B.ACCEPTED: {_A.ISSUE: _B.ISSUED, _A.EXPIRE: _B.EXPIRED},
        _B.ISSUED: {_A.CANCEL: _B.CANCELLED},
        _B.REJECTED: {_A.SUBMIT: _B.SUBMITTED},
        _B.EXPIRED: {_A.SUBMIT: _B.SUBMITTED},
        _B.CANCELLED: {_A.SUBMIT: _B.SUBMITTED},
        _B.DECLINED: {},
    }
)
"""Every step that may be taken; all others are refused. Source: design, rules 1 (life of a receivable)."""


class ForbiddenInvoiceStep(LifecycleError):
    """The invoice is not in a state in which this step exists."""

    code = "invoice.forbidden_step"


def next_state(state: InvoiceState, step: InvoiceStep) -> InvoiceState:
    """The state after a step; raises ForbiddenInvoiceStep for a step that `STEPS` does not list."""
    after = STEPS[state].get(step)
    if after is None:
        raise ForbiddenInvoiceStep(
            f"an invoice that is {state} cannot {step}", place="state", values={"state": state, "step": step}
        )
    return after
