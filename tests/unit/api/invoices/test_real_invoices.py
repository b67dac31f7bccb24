"""The public example invoices of EN 16931: which are read, and which are refused by which rule.

They are not part of the project; INVOICES names their folder, otherwise ../shared/invoices beside the project
is tried. All of them pass the standard's own validation, so no refusal here may be about arithmetic.
"""

import os
import time
from contextlib import suppress
from pathlib import Path
from statistics import median

import pytest

from api.invoices.reading import InvoiceRefused, read_invoice

ROOT = Path(__file__).parents[4]
FOLDER = Path(os.environ.get("INVOICES", ROOT.parent / "shared" / "invoices"))
FILES = sorted(FOLDER.rglob("*.xml"))

UBL, CN = "/ubl:Invoice", "/cn:CreditNote"
SETTLEMENT = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
REFUSED = {
    "cii/CII-BR-CO-10-RoundingIssue.xml": (
        "payable-not-positive",
        f"{SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:DuePayableAmount",
    ),
    "cii/XRechnung-O.xml": (
        "due-before-issue",
        f"{SETTLEMENT}/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString",
    ),
    "ubl-peppol/BIS_Billing_30-Factoring.xml": ("already-assigned", f"{UBL}/cbc:Note"),
    "ubl-peppol/BIS_Billing_30-Forskott__ej_moms_.xml": (
        "prepayment",
        f"{UBL}/cac:InvoiceLine/cac:Item/cbc:Name",
    ),
    "ubl-peppol/BIS_Billing_30-Kreditering_med_kreditnota.xml": (
        "credit-note",
        f"{CN}/cbc:CreditNoteTypeCode",
    ),
    "ubl-peppol/CreditNote-Max_content.xml": ("credit-note", f"{CN}/cbc:CreditNoteTypeCode"),
    "ubl-peppol/CreditNote-Min_content_without_VAT.xml": ("credit-note", f"{CN}/cbc:CreditNoteTypeCode"),
    "ubl/BIS3_Invoice_negativ.xml": (
        "payable-not-positive",
        f"{UBL}/cac:LegalMonetaryTotal/cbc:PayableAmount",
    ),
    # Both carry the VAT number HR46830600751.
    "ubl/sample-discount-price.xml": (
        "same-party",
        f"{UBL}/cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName",
    ),
}
READ = {
    "cii/CII_business_example_01.xml": ("NOK", 80178),
    "cii/CII_business_example_Z.xml": ("EUR", 1169387),
    "cii/CII_example1.xml": ("EUR", 25033),
    "cii/CII_example3.xml": ("DKK", 112500),
    "cii/CII_example4.xml": ("DKK", 467500),
    "cii/CII_example6.xml": ("DKK", 467500),
    "cii/CII_example7.xml": ("SEK", 320000),
    "cii/CII_example9.xml": ("EUR", 17787),
    "ubl-peppol/BIS_Billing_30-DataIT.xml": ("SEK", 1015800),
    "ubl-peppol/BIS_Billing_30-Elhandel.xml": ("SEK", 79200),
    "ubl-peppol/BIS_Billing_30-Hyrbil.xml": ("SEK", 57900),
    "ubl-peppol/BIS_Billing_30-Inkopskort.xml": ("SEK", 110000),
    "ubl-peppol/BIS_Billing_30-Kreditering__urspr_faktura_.xml": ("SEK", 1000000),
    "ubl-peppol/BIS_Billing_30-OmvandSkattskyldighet.xml": ("SEK", 14000000),
    "ubl-peppol/BIS_Billing_30-Rabatter_och_avgifter.xml": ("SEK", 22460000),
    "ubl-peppol/BIS_Billing_30-Rantefaktura_Saml.xml": ("SEK", 241600),
    "ubl-peppol/BIS_Billing_30-Resor_Bokning.xml": ("SEK", 109500),
    "ubl-peppol/BIS_Billing_30-Telefoni.xml": ("SEK", 103900),
    "ubl-peppol/BIS_Billing_30-Tjanster_Bevakning.xml": ("SEK", 3125000),
    "ubl-peppol/BIS_Billing_30-Valutor_i_faktura.xml": ("USD", 11500000),
    "ubl-peppol/Invoice-Max_content.xml": ("SEK", 1250000),
    "ubl-peppol/Invoice-Min_content_without_VAT.xml": ("SEK", 40000),
    "ubl-peppol/ubl-tc434-test-1.xml": ("NOK", 80178),
    "ubl/BIS3_Invoice_positive.xml": ("DKK", 78217943),
    "ubl/guide-example1.xml": ("EUR", 25033),
    "ubl/guide-example2.xml": ("NOK", 80178),
    "ubl/issue116.xml": ("SEK", 83000),
    "ubl/ubl-tc434-example1.xml": ("EUR", 25033),
    "ubl/ubl-tc434-example10.xml": ("EUR", 25033),
    "ubl/ubl-tc434-example3.xml": ("DKK", 200500),
    "ubl/ubl-tc434-example4.xml": ("DKK", 467500),
    "ubl/ubl-tc434-example6.xml": ("DKK", 467500),
    "ubl/ubl-tc434-example7.xml": ("SEK", 320000),
    "ubl/ubl-tc434-example9.xml": ("EUR", 17787),
}
WITHOUT_DUE_DATE = {
    "cii/CII_example7.xml",
    "ubl-peppol/Invoice-Min_content_without_VAT.xml",
    "ubl/ubl-tc434-example7.xml",
}
READING_MS_TYPICAL = 5.0

pytestmark = pytest.mark.skipif(
    not FILES, reason="the example invoices are not here; set INVOICES to their folder"
)


def name_of(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def test_every_expected_file_is_there() -> None:
    assert set(READ) | set(REFUSED) <= {name_of(path) for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_the_file_is_read_or_refused_as_expected(path: Path) -> None:
    name = name_of(path)
    if name in REFUSED:
        with pytest.raises(InvoiceRefused) as refused:
            read_invoice(path.read_bytes())
        assert [(found.rule, found.place) for found in refused.value.refusals] == [REFUSED[name]]
    elif name in READ:
        document = read_invoice(path.read_bytes())
        assert (document.currency, document.payable_minor) == READ[name]
        assert (document.due_on is None) == (name in WITHOUT_DUE_DATE)
    else:
        pytest.skip("not one of the files this table is about")


def test_reading_is_fast_enough() -> None:
    times_ms = []
    for path in FILES:
        data = path.read_bytes()
        started = time.perf_counter()
        with suppress(InvoiceRefused):
            read_invoice(data)
        times_ms.append((time.perf_counter() - started) * 1000)
    assert median(times_ms) < READING_MS_TYPICAL
