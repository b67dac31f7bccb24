"""The arithmetic of EN 16931, with its tolerances and not a cent more."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.invoices.reading import InvoiceRefused, read_invoice
from domain.money import AMOUNT_MAX_MINOR
from tests.support.invoices import InvoiceText, LineText, amount, cii_invoice, ubl_invoice

PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
WRITERS = {"UBL": ubl_invoice, "CII": cii_invoice}


def rules_of(data: bytes) -> list[str]:
    try:
        read_invoice(data)
    except InvoiceRefused as refused:
        return [refusal.rule for refusal in refused.refusals]
    return []


def minor(text: str | None) -> int:
    return int(str(text).replace(".", ""))


@pytest.mark.parametrize("syntax", WRITERS)
@given(
    name=st.sampled_from(["lines", "without_tax", "tax", "with_tax", "payable"]),
    off=st.integers(-500, 500).filter(bool),
)
def test_one_total_off_by_a_cent_is_refused(syntax: str, name: str, off: int) -> None:
    right = InvoiceText().amounts()
    totals = {name: amount(minor(right[name]) + off)}
    assert rules_of(WRITERS[syntax](totals=totals))


@pytest.mark.parametrize(
    ("off", "refused"), [(0, False), (99, False), (100, False), (101, True), (-100, False), (-101, True)]
)
@pytest.mark.parametrize("syntax", WRITERS)
def test_vat_may_be_off_by_one_unit_of_the_currency(syntax: str, off: int, *, refused: bool) -> None:
    tax, total = amount(130_000 + off), amount(1_130_000 + off)
    totals = {"tax": tax, "tax_part": tax, "with_tax": total, "payable": total}
    assert rules_of(WRITERS[syntax](totals=totals)) == (["BR-CO-17"] if refused else [])


def test_vat_at_the_rate_zero_is_zero() -> None:
    totals = {"tax": "0.01", "tax_part": "0.01", "with_tax": "10000.01", "payable": "10000.01"}
    assert rules_of(ubl_invoice(tax_percent=0, totals=totals)) == ["BR-CO-17"]


@pytest.mark.parametrize(("off", "refused"), [(2, False), (-2, False), (3, True), (-3, True)])
def test_a_line_of_a_peppol_invoice_may_be_off_by_two_cents(off: int, *, refused: bool) -> None:
    net = 1_000_000 + off
    totals = {"lines": amount(net), "without_tax": amount(net), "taxable": amount(net)}
    with_tax = amount(net + 130_000)
    data = ubl_invoice(
        specification=PEPPOL,
        lines=(LineText(net=amount(net)),),
        totals=totals | {"with_tax": with_tax, "payable": with_tax},
    )
    assert rules_of(data) == (["PEPPOL-EN16931-R120"] if refused else [])


def test_price_times_quantity_is_no_rule_of_the_standard_itself() -> None:
    assert rules_of(ubl_invoice().replace(b'"EA">1<', b'"EA">1000<')) == []


def test_a_price_for_a_thousand_is_divided_by_its_base() -> None:
    data = ubl_invoice(specification=PEPPOL).replace(b'"EA">1<', b'"EA">250<')
    data = data.replace(
        b">10000.00</cbc:PriceAmount>",
        b">40000.00</cbc:PriceAmount><cbc:BaseQuantity>1000</cbc:BaseQuantity>",
    )
    assert rules_of(data) == []


def test_a_base_of_zero_divides_nothing() -> None:
    data = ubl_invoice(specification=PEPPOL).replace(
        b"</cbc:PriceAmount>", b"</cbc:PriceAmount><cbc:BaseQuantity>0</cbc:BaseQuantity>"
    )
    assert rules_of(data) == []


@given(st.integers(1, 10**15))
def test_any_payable_amount_is_read_to_the_cent(payable: int) -> None:
    assert read_invoice(ubl_invoice(payable=amount(payable))).payable_minor == payable


def test_the_largest_amount_of_the_ledger_is_read_and_the_next_is_not() -> None:
    def data(payable: int) -> bytes:
        lines = (LineText(price_minor=payable),)
        return ubl_invoice(lines=lines, tax_percent=0, rounding_minor=0)

    assert read_invoice(data(AMOUNT_MAX_MINOR)).payable_minor == AMOUNT_MAX_MINOR
    assert set(rules_of(data(AMOUNT_MAX_MINOR + 1))) == {"amount-too-large"}


def test_vat_in_an_accounting_currency_takes_no_part() -> None:
    data = ubl_invoice().replace(
        b"<cac:TaxTotal>",
        b'<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">160.00</cbc:TaxAmount></cac:TaxTotal><cac:TaxTotal>',
    )
    assert read_invoice(data).totals.tax_minor == 130_000


def test_vat_by_category_without_a_total_of_it_is_refused() -> None:
    assert rules_of(cii_invoice(totals={"tax": None, "with_tax": "10000.00", "payable": "10000.00"})) == [
        "BR-CO-14"
    ]


def test_without_any_vat_the_total_of_it_may_be_missing() -> None:
    assert rules_of(cii_invoice(tax_percent=0, totals={"tax": None})) == []


def test_no_float_is_near_the_money() -> None:
    import api.invoices.reading as room  # noqa: PLC0415 - only its place is wanted

    source = "".join(path.read_text() for path in Path(str(room.__file__)).parent.glob("*.py"))
    assert "float(" not in source
