"""Random well-formed invoices, written in both syntaxes, come back as they were meant."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.invoices.reading import InvoiceRefused, read_invoice
from domain.invoice import InvoiceDocument, OriginalText
from domain.parties import PartyIdentifier
from tests.support.invoices import BUYER, InvoiceText, LineText, PartyText, cii_invoice, ubl_invoice

WRITERS = {"UBL": ubl_invoice, "CII": cii_invoice}
DAYS = st.dates(date(2000, 1, 1), date(2099, 1, 1))
# No control characters, which XML cannot carry, and none of the words the reader looks for.
TEXT = st.text(st.characters(codec="utf-8", categories=("Lu", "Ll", "Nd", "Lo")), min_size=1, max_size=30)
LINES = st.lists(
    st.builds(
        LineText,
        name=st.sampled_from(["铸件", "Räffld trådspik, 5 tum", 'Cable <3"> & plug', "轴承"]),
        description=st.sampled_from(["", "图号 B-320", "Größe 4"]),
        quantity=st.integers(1, 9999),
        price_minor=st.integers(1, 10**9),
        allowance_minor=st.integers(0, 1),
        charge_minor=st.integers(0, 10**6),
    ),
    min_size=1,
    max_size=6,
)


@st.composite
def invoices(draw: st.DrawFn) -> dict[str, object]:
    issued_on = draw(DAYS)
    return {
        "number": draw(TEXT),
        "issued_on": issued_on.isoformat(),
        "due_on": (issued_on + timedelta(days=draw(st.integers(0, 365)))).isoformat(),
        "currency": draw(st.sampled_from(["CNY", "EUR", "SEK", "USD"])),
        "type_code": draw(st.sampled_from(["380", "388", "389", "331"])),
        "seller": PartyText(name=draw(TEXT), country="SE", registration=("0007", "5566778899")),
        "buyer": PartyText(name=draw(TEXT), country="DE", vat="DE123456789"),
        "lines": tuple(draw(LINES)),
        "tax_percent": draw(st.sampled_from([0, 3, 6, 9, 13, 25])),
        "allowance_minor": draw(st.integers(0, 1)),
        "charge_minor": draw(st.integers(0, 10**6)),
        "rounding_minor": draw(st.integers(-1, 49)),
        "prepaid_minor": 0,
    }


@pytest.mark.parametrize("syntax", WRITERS)
@given(changes=invoices())
def test_what_is_written_is_what_is_read(syntax: str, changes: dict[str, object]) -> None:
    meant = InvoiceText(**changes)  # type: ignore[arg-type]
    amounts = meant.amounts()
    if str(amounts["payable"]).startswith("-") or amounts["payable"] == "0.00":
        return
    document = read_invoice(WRITERS[syntax](**changes))
    assert document.syntax == syntax
    assert document.number == meant.number
    assert (document.issued_on.isoformat(), str(document.due_on)) == (meant.issued_on, meant.due_on)
    assert (document.currency, document.type_code) == (meant.currency, meant.type_code)
    assert (document.seller.name, document.buyer.name) == (meant.seller.name, meant.buyer.name)
    assert document.payable_minor == int(str(amounts["payable"]).replace(".", ""))
    assert document.totals.tax_minor == int(str(amounts["tax"]).replace(".", ""))
    assert [(line.name, line.quantity, line.net_minor) for line in document.lines] == [
        (line.name, Decimal(line.quantity), line.net_minor) for line in meant.lines
    ]


@given(changes=invoices())
def test_both_syntaxes_say_the_same(changes: dict[str, object]) -> None:
    changes |= {"tax_percent": 13, "rounding_minor": 0}

    def facts(document: InvoiceDocument) -> dict[str, object]:
        return document.as_dict() | {"syntax": "", "originals": []}

    assert facts(read_invoice(ubl_invoice(**changes))) == facts(read_invoice(cii_invoice(**changes)))


@pytest.mark.parametrize("syntax", WRITERS)
def test_references_delivery_terms_and_means_are_kept(syntax: str) -> None:
    document = read_invoice(WRITERS[syntax](notes=("一", "二")))
    assert (document.references.order, document.references.contract) == ("PO-7781", "HT-2026-15")
    assert document.references.despatch == "SH-0099"
    assert document.delivery_on == date(2026, 5, 28)
    assert document.terms_text == "90 天"
    assert document.notes == ("一", "二")
    assert document.payment_means == ("30",)
    assert document.specification == "urn:cen.eu:en16931:2017"


@pytest.mark.parametrize("syntax", WRITERS)
def test_without_a_due_date_the_terms_stand_alone(syntax: str) -> None:
    document = read_invoice(WRITERS[syntax](due_on="", terms="货到 60 天"))
    assert document.due_on is None
    assert document.terms_text == "货到 60 天"


@pytest.mark.parametrize("syntax", WRITERS)
def test_a_document_becomes_plain_json(syntax: str) -> None:
    plain = json.loads(json.dumps(read_invoice(WRITERS[syntax](payable="12345.67")).as_dict()))
    assert plain["totals"]["payable_minor"] == 1234567
    assert plain["issued_on"] == "2026-06-01"
    assert plain["lines"][0]["quantity"] == "1"
    assert plain["seller"]["registration"] == {
        "scheme": "USCC",
        "value": "91330203MA2AFX7T0B",
        "country": "CN",
    }


def test_a_spelling_that_is_not_ours_is_kept_beside_the_value() -> None:
    data = ubl_invoice().replace(b">DH-2026-0001<", b">\n  DH-2026-0001 <").replace(b">11300.00<", b">11300<")
    document = read_invoice(data)
    total = "/ubl:Invoice/cac:LegalMonetaryTotal"
    assert document.number == "DH-2026-0001"
    assert document.originals == (
        OriginalText("/ubl:Invoice/cbc:ID", "\n  DH-2026-0001 "),
        OriginalText(f"{total}/cbc:TaxInclusiveAmount", "11300"),
        OriginalText(f"{total}/cbc:PayableAmount", "11300"),
    )


def test_white_space_inside_a_number_is_the_suppliers_and_stays() -> None:
    assert read_invoice(ubl_invoice(number="A  1")).number == "A  1"


def test_a_payee_is_kept_for_the_debtor_and_the_bank_to_see() -> None:
    payee = PartyText(name="集团财务公司", others=(("0088", "7350053850019"), ("", "K-1")))
    document = read_invoice(ubl_invoice(payee=payee))
    assert document.payee is not None
    assert document.payee.name == "集团财务公司"
    assert document.payee.identifiers == (PartyIdentifier("GLN", "7350053850019", "ZZ"),)


@pytest.mark.parametrize("syntax", WRITERS)
def test_identifiers_keep_their_scheme(syntax: str) -> None:
    seller = PartyText(
        name="Bolaget AB",
        country="SE",
        vat="SE556677889901",
        registration=("0007", "5566778899"),
        others=(("0088", "7350000001204"), ("", "Bilateral-7")),
        endpoint=("EM", "ap@bolaget.example"),
    )
    document = read_invoice(WRITERS[syntax](seller=seller))
    assert [found.canonical() for found in document.seller.identifiers] == [
        "VAT:SE:556677889901",
        "0007:5566778899",
        "GLN:7350000001204",
        "OTHER:SE:BILATERAL7",
        "EM:APBOLAGETEXAMPLE",
    ]


@pytest.mark.parametrize(
    "buyer",
    [
        PartyText(name="甲", registration=("", "913100001322001155")),
        PartyText(name="甲", vat="CN913100001322001155"),
        PartyText(name="甲", vat="CN913100001322001155", registration=("", "913100001322001155")),
    ],
)
def test_a_chinese_company_has_one_number_however_it_is_given(buyer: PartyText) -> None:
    identifier = read_invoice(ubl_invoice(buyer=buyer)).buyer.primary_identifier
    assert identifier.canonical() == "USCC:913100001322001155"


def test_a_chinese_number_with_a_wrong_check_digit_is_no_credit_code() -> None:
    buyer = PartyText(name="甲", registration=("", "913100001322001156"))
    assert read_invoice(ubl_invoice(buyer=buyer)).buyer.primary_identifier.scheme == "NATIONAL"


def test_a_foreign_vat_number_keeps_its_own_country() -> None:
    buyer = PartyText(name="Bolaget AB", country="SE", vat="DE123456789")
    assert read_invoice(ubl_invoice(buyer=buyer)).buyer.primary_identifier.canonical() == "VAT:DE:123456789"


def test_a_partners_own_numbers_may_be_equal_without_the_parties_being_the_same() -> None:
    seller = PartyText(name="A", country="SE", registration=("0007", "5566778899"), others=(("", "1001"),))
    buyer = PartyText(name="B", country="SE", registration=("0007", "9988776655"), others=(("", "1001"),))
    assert read_invoice(ubl_invoice(seller=seller, buyer=buyer)).buyer.name == "B"


def test_parties_that_only_an_equal_number_names_cannot_be_told_apart() -> None:
    seller, buyer = (PartyText(name=name, country="SE", others=(("", "1001"),)) for name in "AB")
    with pytest.raises(InvoiceRefused) as refused:
        read_invoice(ubl_invoice(seller=seller, buyer=buyer))
    assert [found.rule for found in refused.value.refusals] == ["same-party"]


def test_the_sample_parties_differ() -> None:
    assert read_invoice(ubl_invoice()).buyer.name == BUYER.name
