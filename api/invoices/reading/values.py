"""Reading the text of a field as an amount, a number or a day; what cannot be read is refused where it
stands.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from api.invoices.reading.fields import InvoiceFields
from api.invoices.reading.tree import Field, Tree
from domain.errors import AmountOutOfRange, AmountTooPrecise, MalformedAmount
from domain.ids import CurrencyCode
from domain.invoice import Syntax
from domain.money import CURRENCIES, parse_amount

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})")
_DAY = {
    "UBL": (re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"), "YYYY-MM-DD"),
    "CII": (re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"), "YYYYMMDD (format 102)"),
}
_INDICATORS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in minor units and where it stands; `minor` is None when it is missing or unreadable."""

    field: Field
    minor: int | None

    @property
    def is_missing(self) -> bool:
        """The invoice does not give it, which is not the same as giving something unreadable."""
        return not self.field.text

    @property
    def or_zero(self) -> int | None:
        """The amount with a missing one as 0; None only when it is given and unreadable."""
        return 0 if self.is_missing else self.minor


class Values:
    """Reads the fields of one invoice, whose currency decides how its amounts are written."""

    def __init__(self, tree: Tree, invoice: InvoiceFields) -> None:
        self._tree = tree
        self._syntax: Syntax = invoice.syntax
        self.currency = self._currency(invoice.currency)

    def amount(self, field: Field) -> Amount:
        """An amount in the currency of the invoice."""
        stated = field.attribute("currencyID")
        if field.text and stated and self.currency and stated != self.currency:
            self._tree.refuse("currency-mismatch", field, value=stated, currency=self.currency)
            return Amount(field, None)
        if not field.text or not self.currency:
            return Amount(field, None)
        try:
            return Amount(field, parse_amount(field.text, self.currency))
        except MalformedAmount:
            self._tree.refuse("malformed-amount", field, value=field.text)
        except AmountTooPrecise:
            decimals = CURRENCIES[self.currency].exponent
            values = {"value": field.text, "decimals": decimals, "currency": self.currency}
            self._tree.refuse("too-many-decimals", field, **values)
        except AmountOutOfRange:
            self._tree.refuse("amount-too-large", field, value=field.text)
        return Amount(field, None)

    def decimal(self, field: Field) -> Decimal | None:
        """A price, a quantity or a rate: an exact decimal, which unlike an amount may have any number of
        decimals.
        """
        if not field.text:
            return None
        if _NUMBER.fullmatch(field.text) is None:
            self._tree.refuse("malformed-number", field, value=field.text)
            return None
        return Decimal(field.text)

    def day(self, field: Field) -> date | None:
        """A day as the syntax writes it, without a time zone, which a business day has not."""
        if not field.text:
            return None
        pattern, form = _DAY[self._syntax]
        match = pattern.fullmatch(field.text)
        try:
            if match and field.attribute("format") in ("", "102"):
                return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            pass  # a day that the calendar does not have
        self._tree.refuse("invalid-date", field, value=field.text, form=form)
        return None

    def indicator(self, field: Field) -> bool | None:
        """Whether an allowance or charge is a charge."""
        found = _INDICATORS.get(field.text)
        if found is None:
            self._tree.refuse("malformed-indicator", field, value=field.text)
        return found

    def _currency(self, field: Field) -> CurrencyCode | None:
        code = next((known for known in CURRENCIES if known == field.text), None)
        if field.text and code is None:
            self._tree.refuse("unknown-currency", field, value=field.text)
        return code
