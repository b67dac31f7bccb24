"""What makes a right invoice no receivable: its type, the words of an advance or an assignment, a card
payment.
"""

import re

import pytest

from api.invoices.reading import InvoiceRefused, read_invoice
from api.invoices.reading.type_codes import READABLE, REFUSED, refusal_of
from api.invoices.reading.wording import advance_word, assignment_word
from tests.support.invoices import LineText, PartyText, cii_invoice, ubl_invoice

# The code list of EN 16931 for BT-3 (UNTDID 1001, invoices and credit notes).
INVOICE_CODES = re.findall(
    r"[0-9]+",
    "71 80 81 82 83 84 102 130 202 203 204 211 218 219 261 262 295 296 308 325 326 331 380 381 "
    "382 383 384 385 386 387 388 389 390 393 394 395 396 420 456 457 458 471 472 473 500 501 502 "
    "503 527 532 553 575 623 633 751 780 817 870 875 876 877 935 ",
)


def rules_of(data: bytes) -> list[str]:
    try:
        read_invoice(data)
    except InvoiceRefused as refused:
        return [refusal.rule for refusal in refused.refusals]
    return []


def test_every_type_of_the_standard_is_decided_once() -> None:
    decided = [*READABLE, *(code for codes in REFUSED.values() for code in codes)]
    assert sorted(decided) == sorted(set(decided))
    assert set(decided) == set(INVOICE_CODES)


@pytest.mark.parametrize("code", INVOICE_CODES)
@pytest.mark.parametrize("write", [ubl_invoice, cii_invoice])
def test_a_type_is_read_or_refused_as_the_table_says(write: object, code: str) -> None:
    found = refusal_of(code)
    assert rules_of(write(type_code=code)) == ([found[0]] if found else [])  # type: ignore[operator]


@pytest.mark.parametrize("code", ["", "0", "999", "38", "3800", "ABC"])
def test_a_type_outside_the_standard_is_no_invoice(code: str) -> None:
    assert refusal_of(code) == ("BR-CL-01", "it is no invoice type of EN 16931")


@pytest.mark.parametrize(
    "text",
    [
        "Förskott för produktionsmaterialkostnad",
        "FORUDBETALING 50 %",
        "Forskudd",
        "Ennakkomaksu",
        "Advance payment, order 7781",
        "Down payment 30 %",
        "Down-payment",
        "Prepayment",
        "Pre-payment for tooling",
        "Anzahlung 30 % gem. Vertrag",
        "1. Vorauszahlung",
        "Acompte 40 % à la commande",
        "Paiement anticipé",
        "Pago anticipado",
        "Acconto 30%",
        "Adiantamento",
        "Aanbetaling order 12",
        "Zaliczka na dostawę",
        "Záloha 50 %",
        "设备预付款",
        "预付货款",
        "预收款",
        "合同定金",
        "定金 30%",
        "订金",
        "前払金",
        "手付金",
    ],
)
def test_an_advance_is_known_by_its_words(text: str) -> None:
    assert advance_word(text)
    assert rules_of(ubl_invoice(lines=(LineText(name=text),))) == ["prepayment"]
    assert rules_of(cii_invoice(lines=(LineText(name="项目", description=text),))) == ["prepayment"]


@pytest.mark.parametrize(
    "text",
    [
        "Prepaid SIM card 10 GB",
        "预付费电表 DDSY-102",
        "预付卡",
        "固定金具 JGP-3",
        "稳定金属膜电阻",
        "特定金额礼品券",
        "签订金额",
        "Advanced computing book",
        "Statiegeld",
        "Deposit bottle crate",
        "Betalningspåminnelse",
        "Payment terminal",
        "Vorschub-Getriebemotor",
        "Vorschubmotor",
        "Accounting services",
        "Förskottsränta",
        "Landing gear, down lock",
    ],
)
def test_goods_whose_names_look_like_an_advance_are_goods(text: str) -> None:
    assert advance_word(text) is None


def test_a_final_invoice_that_takes_off_the_amount_paid_is_no_advance() -> None:
    lines = (LineText(name="Maskin"), LineText(name="Förskott enligt faktura 12", price_minor=100_000))
    assert rules_of(ubl_invoice(lines=lines, prepaid_minor=113_000)) == []


def test_a_final_invoice_with_a_line_that_takes_the_advance_off_is_no_advance() -> None:
    lines = (LineText(name="Maschine"), LineText(name="Abzug Anzahlung", quantity=-1, price_minor=300_000))
    assert rules_of(ubl_invoice(lines=lines)) == []


def test_an_advance_of_which_a_part_is_paid_is_still_an_advance() -> None:
    lines = (LineText(name="Anzahlung 30 %", price_minor=1_000_000),)
    assert rules_of(ubl_invoice(lines=lines, prepaid_minor=1)) == ["prepayment"]


def test_an_advance_among_goods_is_refused_at_its_line() -> None:
    lines = (LineText(), LineText(name="下批货物预付款"))
    with pytest.raises(InvoiceRefused) as refused:
        read_invoice(ubl_invoice(lines=lines))
    assert refused.value.place == "/ubl:Invoice/cac:InvoiceLine[2]/cac:Item/cbc:Name"


@pytest.mark.parametrize("note", ["Advance payments were settled.", "已扣除预付款 200,000.00 元。"])
def test_an_advance_in_the_notes_only_is_history(note: str) -> None:
    assert rules_of(ubl_invoice(notes=(note,), terms=note)) == []


@pytest.mark.parametrize(
    "note",
    [
        "Denna faktura har överlåtits och kan med bindande verkat betalas till part",
        "This invoice has been assigned to Northern Factors Ltd.",
        "All receivables are assigned to Bank plc",
        "Die Forderung ist an die Muster Factoring GmbH abgetreten.",
        "Unsere Forderungen haben wir im Rahmen eines Factoringvertrages an die X Bank abgetreten",
        "La créance a été cédée à BNX Factor",
        "El crédito ha sido cedido a Factor SA",
        "Il credito è stato ceduto a Factor SpA",
        "本应收账款已转让给光大保理有限公司",
        "债权已质押",
    ],
)
def test_an_assignment_is_known_by_its_words(note: str) -> None:
    assert assignment_word(note, other_payee=False)
    assert rules_of(ubl_invoice(notes=(note,))) == ["already-assigned"]
    assert rules_of(cii_invoice(terms=note)) == ["already-assigned"]


@pytest.mark.parametrize(
    "note",
    [
        "This invoice may not be assigned.",
        "The claim has not been assigned.",
        "Die Forderung darf nicht abgetreten werden.",
        "Die Forderung ist nicht abgetreten.",
        "未经同意不得转让。",
        "应收账款未转让",
        "Power factor correction unit",
        "Delivered to assigned gate 4.",
    ],
)
def test_a_note_that_denies_or_does_not_mean_an_assignment_is_none(note: str) -> None:
    assert rules_of(ubl_invoice(notes=(note,))) == []


def test_a_factor_counts_only_with_another_payee() -> None:
    note = "Betalning till vår factor."
    assert rules_of(ubl_invoice(notes=(note,))) == []
    assert rules_of(ubl_invoice(notes=(note,), payee=PartyText(name="Likviditet AB"))) == ["already-assigned"]


def test_another_payee_alone_is_no_refusal() -> None:
    assert rules_of(cii_invoice(payee=PartyText(name="集团财务公司", country=""))) == []


@pytest.mark.parametrize("code", ["48", "54", "55"])
def test_what_a_card_has_paid_leaves_nothing_to_assign(code: str) -> None:
    assert rules_of(ubl_invoice(payment_means=(code,))) == ["already-paid"]


@pytest.mark.parametrize("means", [(), ("30",), ("58", "30"), ("48", "30"), ("49",), ("1",)])
def test_other_means_of_payment_are_no_refusal(means: tuple[str, ...]) -> None:
    assert rules_of(ubl_invoice(payment_means=means)) == []


@pytest.mark.parametrize(("prepaid", "rules"), [(1_130_000, 1), (1_130_001, 1), (1_129_999, 0)])
def test_a_cent_that_is_owed_is_a_claim_and_none_is_not(prepaid: int, rules: int) -> None:
    assert rules_of(ubl_invoice(prepaid_minor=prepaid)) == ["payable-not-positive"] * rules


def test_due_on_the_day_of_issue_is_allowed() -> None:
    assert rules_of(ubl_invoice(due_on="2026-06-01")) == []
