"""Every rule of the catalogue refuses what it is about, and only that, at the right place, in both languages.

`DOCUMENTS` has a case for each rule about a document; those about a file are in test_source.py.
"""

import pytest
from lxml import etree

from api.invoices.reading import InvoiceRefused, read_invoice
from api.invoices.reading.catalogue import RULES
from api.invoices.reading.refusals import REFUSALS_MAX
from api.invoices.reading.tree import NAMESPACES
from domain.invoice import InvoiceRefusal
from tests.support.invoices import (
    BUYER,
    SELLER,
    LineText,
    PartyText,
    cii_invoice,
    ubl_credit_note,
    ubl_invoice,
)

PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"


def refusals_of(data: bytes) -> tuple[InvoiceRefusal, ...]:
    with pytest.raises(InvoiceRefused) as refused:
        read_invoice(data)
    return refused.value.refusals


def without(data: bytes, start: str, end: str) -> bytes:
    """The document with everything from `start` to `end` cut out."""
    head, _, rest = data.decode().partition(start)
    return (head + rest.partition(end)[2]).encode()


def changed(data: bytes, old: str, new: str) -> bytes:
    assert old in data.decode()
    return data.replace(old.encode(), new.encode(), 1)


UBL, CII = ubl_invoice(), cii_invoice()
SWEDE = PartyText(name="Bolaget AB", country="SE", registration=("0007", "5566778899"))

TOTAL = "/ubl:Invoice/cac:LegalMonetaryTotal"
LINE = "/ubl:Invoice/cac:InvoiceLine"
SELLER_AT = "/ubl:Invoice/cac:AccountingSupplierParty/cac:Party"
BUYER_AT = "/ubl:Invoice/cac:AccountingCustomerParty/cac:Party"
ALLOWED = ubl_invoice(allowance_minor=100, lines=(LineText(allowance_minor=200),))
CHARGED = ubl_invoice(charge_minor=100, lines=(LineText(charge_minor=200),))

DOCUMENTS: dict[str, tuple[bytes, str]] = {
    "not-unique": (changed(UBL, "</cbc:ID>", "</cbc:ID><cbc:ID>2</cbc:ID>"), "/ubl:Invoice/cbc:ID[2]"),
    "not-unique (group)": (
        changed(UBL, "</cac:LegalMonetaryTotal>", "</cac:LegalMonetaryTotal><cac:LegalMonetaryTotal/>"),
        f"{TOTAL}[2]",
    ),
    "not-unique (VAT number)": (
        changed(
            ubl_invoice(seller=PartyText(name="A", country="DE", vat="DE1")),
            "<cac:PartyTaxScheme>",
            "<cac:PartyTaxScheme><cbc:CompanyID>DE2</cbc:CompanyID>"
            "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme><cac:PartyTaxScheme>",
        ),
        f"{SELLER_AT}/cac:PartyTaxScheme[2]/cbc:CompanyID",
    ),
    "not-unique (VAT total)": (
        changed(
            UBL,
            "<cac:TaxTotal>",
            '<cac:TaxTotal><cbc:TaxAmount currencyID="CNY">1300.00</cbc:TaxAmount></cac:TaxTotal>'
            "<cac:TaxTotal>",
        ),
        "/ubl:Invoice/cac:TaxTotal[1]/cbc:TaxAmount",
    ),
    "unexpected-content": (changed(UBL, "DH-2026-0001", "DH<x/>1"), "/ubl:Invoice/cbc:ID"),
    "too-long": (ubl_invoice(number="7" * 101), "/ubl:Invoice/cbc:ID"),
    "too-long (text)": (ubl_invoice(notes=("x" * 20_001,)), "/ubl:Invoice/cbc:Note"),
    "invalid-date": (ubl_invoice(issued_on="2026-02-30"), "/ubl:Invoice/cbc:IssueDate"),
    "invalid-date (form)": (ubl_invoice(due_on="30.08.2026"), "/ubl:Invoice/cbc:DueDate"),
    "malformed-amount": (ubl_invoice(totals={"payable": "1.13e4"}), f"{TOTAL}/cbc:PayableAmount"),
    "malformed-amount (comma)": (ubl_invoice(totals={"payable": "11.300,00"}), f"{TOTAL}/cbc:PayableAmount"),
    "malformed-number": (
        changed(UBL, '"EA">1<', '"EA">one<'),
        f"{LINE}/cbc:InvoicedQuantity",
    ),
    "malformed-indicator": (
        changed(ALLOWED, "false</cbc:ChargeIndicator>", "no</cbc:ChargeIndicator>"),
        "/ubl:Invoice/cac:AllowanceCharge/cbc:ChargeIndicator",
    ),
    "too-many-decimals": (ubl_invoice(totals={"payable": "11300.000"}), f"{TOTAL}/cbc:PayableAmount"),
    "amount-too-large": (ubl_invoice(totals={"payable": "1" + "0" * 17}), f"{TOTAL}/cbc:PayableAmount"),
    "unknown-currency": (ubl_invoice(currency="XYZ"), "/ubl:Invoice/cbc:DocumentCurrencyCode"),
    "currency-mismatch": (
        changed(UBL, 'PayableAmount currencyID="CNY"', 'PayableAmount currencyID="EUR"'),
        f"{TOTAL}/cbc:PayableAmount",
    ),
    "malformed-identifier": (
        ubl_invoice(seller=PartyText(name="A", country="SE", registration=("0007", "--"))),
        f"{SELLER_AT}/cac:PartyLegalEntity/cbc:CompanyID",
    ),
    "malformed-identifier (name)": (
        ubl_invoice(buyer=PartyText(name="A" * 200, country="SE")),
        f"{BUYER_AT}/cac:PartyLegalEntity/cbc:RegistrationName",
    ),
    "number-unusable": (ubl_invoice(number="--/--"), "/ubl:Invoice/cbc:ID"),
    "BR-01": (ubl_invoice(specification=""), "/ubl:Invoice/cbc:CustomizationID"),
    "BR-02": (changed(UBL, "<cbc:ID>DH-2026-0001</cbc:ID>", ""), "/ubl:Invoice/cbc:ID"),
    "BR-03": (ubl_invoice(issued_on=""), "/ubl:Invoice/cbc:IssueDate"),
    "BR-04": (ubl_invoice(type_code=""), "/ubl:Invoice/cbc:InvoiceTypeCode"),
    "BR-05": (
        changed(UBL, "<cbc:DocumentCurrencyCode>CNY</cbc:DocumentCurrencyCode>", ""),
        "/ubl:Invoice/cbc:DocumentCurrencyCode",
    ),
    "BR-06": (changed(UBL, SELLER.name, " "), f"{SELLER_AT}/cac:PartyLegalEntity/cbc:RegistrationName"),
    "BR-07": (changed(UBL, BUYER.name, " "), f"{BUYER_AT}/cac:PartyLegalEntity/cbc:RegistrationName"),
    "BR-08": (without(UBL, "<cac:PostalAddress>", "</cac:PostalAddress>"), f"{SELLER_AT}/cac:PostalAddress"),
    "BR-09": (
        without(UBL, "<cac:Country>", "</cac:Country>"),
        f"{SELLER_AT}/cac:PostalAddress/cac:Country/cbc:IdentificationCode",
    ),
    "BR-10": (
        ubl_invoice(buyer=SWEDE).replace(
            b"<cac:PostalAddress>\n<cbc:CityName>\xe5\xae\x81\xe6\xb3\xa2</cbc:CityName>\n<cac:Country>\n"
            b"<cbc:IdentificationCode>SE</cbc:IdentificationCode>\n</cac:Country>\n</cac:PostalAddress>\n",
            b"",
        ),
        f"{BUYER_AT}/cac:PostalAddress",
    ),
    "BR-11": (
        changed(ubl_invoice(buyer=SWEDE), "<cbc:IdentificationCode>SE</cbc:IdentificationCode>", ""),
        f"{BUYER_AT}/cac:PostalAddress/cac:Country/cbc:IdentificationCode",
    ),
    "BR-12": (ubl_invoice(totals={"lines": None}), f"{TOTAL}/cbc:LineExtensionAmount"),
    "BR-13": (ubl_invoice(totals={"without_tax": None}), f"{TOTAL}/cbc:TaxExclusiveAmount"),
    "BR-14": (ubl_invoice(totals={"with_tax": None}), f"{TOTAL}/cbc:TaxInclusiveAmount"),
    "BR-15": (ubl_invoice(totals={"payable": None}), f"{TOTAL}/cbc:PayableAmount"),
    "BR-16": (ubl_invoice(lines=()), LINE),
    "BR-17": (ubl_invoice(payee=PartyText(name="")), "/ubl:Invoice/cac:PayeeParty/cac:PartyName/cbc:Name"),
    "BR-21": (changed(UBL, "<cbc:ID>1</cbc:ID>", ""), f"{LINE}/cbc:ID"),
    "BR-22": (
        without(UBL, "<cbc:InvoicedQuantity", "</cbc:InvoicedQuantity>"),
        f"{LINE}/cbc:InvoicedQuantity",
    ),
    "BR-24": (
        changed(
            UBL,
            '<cbc:LineExtensionAmount currencyID="CNY">10000.00</cbc:LineExtensionAmount>\n<cac:Item>',
            "<cac:Item>",
        ),
        f"{LINE}/cbc:LineExtensionAmount",
    ),
    "BR-25": (ubl_invoice(lines=(LineText(name=""),), order="x"), f"{LINE}/cac:Item/cbc:Name"),
    "BR-26": (without(UBL, "<cac:Price>", "</cac:Price>"), f"{LINE}/cac:Price/cbc:PriceAmount"),
    "BR-27": (
        ubl_invoice(lines=(LineText(quantity=-1, price_minor=-1_000_000),)),
        f"{LINE}/cac:Price/cbc:PriceAmount",
    ),
    "BR-31": (
        changed(ALLOWED, '<cbc:Amount currencyID="CNY">1.00</cbc:Amount>', ""),
        "/ubl:Invoice/cac:AllowanceCharge/cbc:Amount",
    ),
    "BR-36": (
        changed(CHARGED, '<cbc:Amount currencyID="CNY">1.00</cbc:Amount>', ""),
        "/ubl:Invoice/cac:AllowanceCharge/cbc:Amount",
    ),
    "BR-41": (
        changed(ALLOWED, '<cbc:Amount currencyID="CNY">2.00</cbc:Amount>', ""),
        f"{LINE}/cac:AllowanceCharge/cbc:Amount",
    ),
    "BR-43": (
        changed(CHARGED, '<cbc:Amount currencyID="CNY">2.00</cbc:Amount>', ""),
        f"{LINE}/cac:AllowanceCharge/cbc:Amount",
    ),
    "BR-45": (
        ubl_invoice(totals={"taxable": None}),
        "/ubl:Invoice/cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount",
    ),
    "BR-46": (
        ubl_invoice(totals={"tax_part": None}),
        "/ubl:Invoice/cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount",
    ),
    "BR-CO-10": (ubl_invoice(lines=(LineText(net="9999.99"),)), f"{TOTAL}/cbc:LineExtensionAmount"),
    "BR-CO-11": (
        ubl_invoice(allowance_minor=100, totals={"allowances": None, "without_tax": "9999.00"}),
        f"{TOTAL}/cbc:AllowanceTotalAmount",
    ),
    "BR-CO-12": (
        changed(
            CHARGED, 'ChargeTotalAmount currencyID="CNY">1.00', 'ChargeTotalAmount currencyID="CNY">1.01'
        ),
        f"{TOTAL}/cbc:ChargeTotalAmount",
    ),
    "BR-CO-13": (ubl_invoice(totals={"without_tax": "10000.01"}), f"{TOTAL}/cbc:TaxExclusiveAmount"),
    "BR-CO-14": (ubl_invoice(totals={"tax": "1300.01"}), "/ubl:Invoice/cac:TaxTotal/cbc:TaxAmount"),
    "BR-CO-15": (ubl_invoice(totals={"with_tax": "11300.01"}), f"{TOTAL}/cbc:TaxInclusiveAmount"),
    "BR-CO-16": (ubl_invoice(totals={"payable": "11300.01"}), f"{TOTAL}/cbc:PayableAmount"),
    "BR-CO-17": (
        ubl_invoice(
            totals={"tax": "1301.01", "tax_part": "1301.01", "with_tax": "11301.01", "payable": "11301.01"}
        ),
        "/ubl:Invoice/cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount",
    ),
    "BR-CO-18": (
        without(UBL, "<cac:TaxSubtotal>", "</cac:TaxSubtotal>"),
        f"{TOTAL}/cbc:TaxExclusiveAmount",
    ),
    "BR-CO-25": (ubl_invoice(due_on="", terms=""), "/ubl:Invoice/cbc:DueDate"),
    "BR-CO-26": (
        ubl_invoice(seller=PartyText(name="A", country="SE")),
        f"{SELLER_AT}/cac:PartyLegalEntity/cbc:CompanyID",
    ),
    "BR-CL-01": (ubl_invoice(type_code="999"), "/ubl:Invoice/cbc:InvoiceTypeCode"),
    "PEPPOL-EN16931-R120": (
        changed(ubl_invoice(specification=PEPPOL), '"EA">1<', '"EA">2<'),
        f"{LINE}/cbc:LineExtensionAmount",
    ),
    "credit-note": (ubl_credit_note(), "/cn:CreditNote/cbc:CreditNoteTypeCode"),
    "credit-note (as an invoice)": (ubl_invoice(type_code="381"), "/ubl:Invoice/cbc:InvoiceTypeCode"),
    "prepayment": (ubl_invoice(type_code="386"), "/ubl:Invoice/cbc:InvoiceTypeCode"),
    "prepayment (by its words)": (
        ubl_invoice(lines=(LineText(name="设备预付款 30 %"),)),
        f"{LINE}/cac:Item/cbc:Name",
    ),
    "already-assigned": (ubl_invoice(type_code="393"), "/ubl:Invoice/cbc:InvoiceTypeCode"),
    "already-assigned (by a note)": (
        ubl_invoice(notes=("本应收账款已转让给光大保理有限公司。",)),
        "/ubl:Invoice/cbc:Note",
    ),
    "corrective-invoice": (ubl_invoice(type_code="384"), "/ubl:Invoice/cbc:InvoiceTypeCode"),
    "not-an-invoice": (ubl_invoice(type_code="325"), "/ubl:Invoice/cbc:InvoiceTypeCode"),
    "not-final": (ubl_invoice(type_code="326"), "/ubl:Invoice/cbc:InvoiceTypeCode"),
    "payable-not-positive": (ubl_invoice(prepaid_minor=1_130_000), f"{TOTAL}/cbc:PayableAmount"),
    "already-paid": (
        ubl_invoice(payment_means=("48",)),
        "/ubl:Invoice/cac:PaymentMeans/cbc:PaymentMeansCode",
    ),
    "due-before-issue": (ubl_invoice(due_on="2026-05-31"), "/ubl:Invoice/cbc:DueDate"),
    "same-party": (ubl_invoice(buyer=SELLER), f"{BUYER_AT}/cac:PartyLegalEntity/cbc:RegistrationName"),
}

# What necessarily is wrong as well when the rule is broken in this way.
IMPLIED: dict[str, set[str]] = {
    "BR-16": {"payable-not-positive"},
    # A wrong total makes the next one wrong that is computed from it.
    "BR-CO-11": {"BR-CO-13"},
    "BR-CO-12": {"BR-CO-13"},
    "BR-CO-13": {"BR-CO-15"},
    "BR-CO-14": {"BR-CO-15"},
    "BR-CO-15": {"BR-CO-16"},
}

FILE_RULES = {
    "empty",
    "too-large",
    "encoding",
    "json-not-xml",
    "not-xml",
    "malformed-xml",
    "dtd-forbidden",
    "too-deep",
    "too-many-elements",
    "unknown-root",
    "unknown-namespace",
}


@pytest.mark.parametrize("case", DOCUMENTS)
def test_the_rule_refuses_at_its_place_and_nothing_else_is_refused(case: str) -> None:
    data, place = DOCUMENTS[case]
    rule = case.partition(" (")[0]
    found = refusals_of(data)
    assert (rule, place) in [(refusal.rule, refusal.place) for refusal in found]
    assert {refusal.rule for refusal in found} == {rule} | IMPLIED.get(case, set())


@pytest.mark.parametrize("case", DOCUMENTS)
def test_the_place_is_an_xpath_into_the_file_and_the_line_is_right(case: str) -> None:
    data, _ = DOCUMENTS[case]
    root = etree.fromstring(data)
    for refusal in refusals_of(data):
        found = root.xpath(refusal.place, namespaces=dict(NAMESPACES))
        assert len(found) <= 1, refusal.place
        if found:
            assert found[0].sourceline == refusal.line
        else:
            assert 1 <= refusal.line <= data.count(b"\n") + 1


def test_every_rule_of_the_catalogue_has_a_case() -> None:
    assert {case.partition(" (")[0] for case in DOCUMENTS} | FILE_RULES == set(RULES)


@pytest.mark.parametrize("case", DOCUMENTS)
def test_messages_are_filled_in_both_languages(case: str) -> None:
    for refusal in refusals_of(DOCUMENTS[case][0]):
        assert refusal.message_en.endswith(".")
        assert refusal.message_zh.endswith("。")
        assert "{" not in refusal.message_en + refusal.message_zh


def test_everything_that_is_wrong_is_said_at_once() -> None:
    data = ubl_invoice(
        number="",
        due_on="2026-05-31",
        lines=(LineText(name="预付款"),),
        totals={"payable": "1.00", "with_tax": "2.00"},
    ).replace(b"<cbc:ID></cbc:ID>", b"")
    assert {refusal.rule for refusal in refusals_of(data)} == {
        "BR-02",
        "due-before-issue",
        "prepayment",
        "BR-CO-15",
        "BR-CO-16",
    }


def test_refusals_are_bounded_and_their_values_are_short() -> None:
    lines = tuple(LineText(name="预付款" + "长" * 200) for _ in range(REFUSALS_MAX + 50))
    found = refusals_of(ubl_invoice(lines=lines, number="--" + "-" * 5000))
    assert len(found) == REFUSALS_MAX
    assert max(len(value) for refusal in found for value in refusal.values.values()) <= 120


CII_TRADE = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction"
CII_SUM = (
    f"{CII_TRADE}/ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
)


@pytest.mark.parametrize(
    ("rule", "data", "place"),
    [
        ("BR-02", cii_invoice(number=""), "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:ID"),
        ("BR-CO-16", cii_invoice(totals={"payable": "1.00"}), f"{CII_SUM}/ram:DuePayableAmount"),
        ("BR-CO-10", cii_invoice(lines=(LineText(net="1.00"),)), f"{CII_SUM}/ram:LineTotalAmount"),
        (
            "not-an-invoice",
            cii_invoice(type_code="325"),
            "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:TypeCode",
        ),
        (
            "invalid-date",
            cii_invoice().replace(b">20260601<", b">20261301<"),
            "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString",
        ),
        (
            "prepayment",
            cii_invoice(lines=(LineText(description="Anzahlung 30 %"),)),
            f"{CII_TRADE}/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedTradeProduct/ram:Description",
        ),
        (
            "already-paid",
            cii_invoice(payment_means=("54",)),
            f"{CII_TRADE}/ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeSettlementPaymentMeans/ram:TypeCode",
        ),
    ],
)
def test_cii_is_judged_by_the_same_rules(rule: str, data: bytes, place: str) -> None:
    assert [(refusal.rule, refusal.place) for refusal in refusals_of(data)] == [(rule, place)]


def test_a_refusal_is_a_domain_error_that_names_its_rules() -> None:
    with pytest.raises(InvoiceRefused) as refused:
        read_invoice(ubl_invoice(type_code="386"))
    assert refused.value.code == "invoice.refused"
    assert refused.value.values == {"rules": ["prepayment"]}
    assert refused.value.place == "/ubl:Invoice/cbc:InvoiceTypeCode"
