"""The arithmetic of EN 16931-1 over figures already read, the same for both syntaxes.

Sums of amounts are exact integers. Two rules allow a difference, because the standard's own validation does:
VAT per category (BR-CO-17) may be off by less than one unit of the currency, a line (Peppol R120) by 0.02.
Price times quantity is held against the line only for documents that claim Peppol BIS Billing 3: EN 16931 has
no rule for it, and invoices that pass its validation break it (price per a thousand, levies inside the line).
"""

from decimal import Decimal
from fractions import Fraction

from api.invoices.reading.figures import Allowances, Figures, Line, Tax, Totals, add
from api.invoices.reading.tree import Field, Tree
from api.invoices.reading.values import Amount
from domain.ids import CurrencyCode
from domain.money import CURRENCIES, format_amount, round_half_up

PEPPOL_BIS_3 = "urn:fdc:peppol.eu:2017:poacc:billing:3.0"
LINE_TOLERANCE = Fraction(2, 100)


class TotalsCheck:
    """Checks the figures of one invoice and notes each equation that does not hold."""

    def __init__(self, tree: Tree, currency: CurrencyCode) -> None:
        self._tree = tree
        self._currency = currency
        self._unit_minor = 10 ** CURRENCIES[currency].exponent

    def run(self, figures: Figures, specification: str) -> None:
        """All equations; one with an unreadable part is left out, for that part has been refused."""
        totals = figures.totals
        self._equal("BR-CO-10", totals.lines, add([line.net.minor for line in figures.lines]))
        self._check_allowances(totals, figures.allowances)
        self._check_totals(totals)
        self._check_tax(totals, figures.taxes)
        for line in figures.lines:
            self._check_price(line)
            if PEPPOL_BIS_3 in specification:
                self._check_line(line)

    def _check_allowances(self, totals: Totals, parts: Allowances) -> None:
        if parts.any_allowance or not totals.allowances.is_missing:
            self._equal("BR-CO-11", totals.allowances, parts.allowances, missing_is_wrong=True)
        if parts.any_charge or not totals.charges.is_missing:
            self._equal("BR-CO-12", totals.charges, parts.charges, missing_is_wrong=True)

    def _check_totals(self, totals: Totals) -> None:
        less = _negative(totals.allowances.or_zero)
        self._equal("BR-CO-13", totals.without_tax, add([totals.lines.minor, less, totals.charges.or_zero]))
        tax = totals.tax.minor if totals.tax else 0
        self._equal("BR-CO-15", totals.with_tax, add([totals.without_tax.minor, tax]))
        paid = _negative(totals.prepaid.or_zero)
        self._equal("BR-CO-16", totals.payable, add([totals.with_tax.minor, paid, totals.rounding.or_zero]))

    def _check_tax(self, totals: Totals, taxes: tuple[Tax, ...]) -> None:
        if totals.tax_count > 1 and totals.tax:
            self._tree.refuse(
                "not-unique", totals.tax.field, name=totals.tax.field.name, count=totals.tax_count
            )
        breakdown = add([part.tax.minor for part in taxes])
        if totals.tax and taxes:
            self._equal("BR-CO-14", totals.tax, breakdown)
        elif breakdown:  # VAT by category and no total of it: what is owed would leave the VAT out
            self._refuse("BR-CO-14", totals.with_tax.field, 0, breakdown)
        for part in taxes:
            self._check_rate(part)

    def _check_rate(self, part: Tax) -> None:
        if part.taxable.minor is None or part.tax.minor is None:
            return
        rate = Fraction(part.rate or 0)
        exact = part.taxable.minor * rate / 100
        expected = round_half_up(exact.numerator, exact.denominator)
        allowed = self._unit_minor if rate else 0
        if abs(part.tax.minor - expected) > allowed:
            self._refuse("BR-CO-17", part.tax.field, part.tax.minor, expected)

    def _check_price(self, line: Line) -> None:
        if line.price is not None and line.price < 0:
            self._tree.refuse("BR-27", line.fields.price, given=line.price)

    def _check_line(self, line: Line) -> None:
        parts = line.allowances
        if line.net.minor is None or line.quantity is None or line.price is None:
            return
        if parts.charges is None or parts.allowances is None:
            return
        base = line.price_base or Decimal(1)
        exact = Fraction(line.quantity) * Fraction(line.price) / Fraction(base) * self._unit_minor
        exact += parts.charges - parts.allowances
        if abs(exact - line.net.minor) > LINE_TOLERANCE * self._unit_minor:
            expected = round_half_up(exact.numerator, exact.denominator)
            self._refuse("PEPPOL-EN16931-R120", line.fields.net, line.net.minor, expected)

    def _equal(
        self, rule: str, amount: Amount, expected: int | None, *, missing_is_wrong: bool = False
    ) -> None:
        given = 0 if missing_is_wrong and amount.is_missing else amount.minor
        if (
            expected is None
            or given is None
            or (given == expected and not (missing_is_wrong and amount.is_missing))
        ):
            return
        self._refuse(rule, amount.field, given, expected)

    def _refuse(self, rule: str, field: Field, given: int, expected: int) -> None:
        shown = {"given": self._shown(given), "expected": self._shown(expected)}
        self._tree.refuse(rule, field, **shown)

    def _shown(self, minor: int) -> str:
        return format_amount(minor, self._currency)


def _negative(minor: int | None) -> int | None:
    return None if minor is None else -minor
