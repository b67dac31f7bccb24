"""Hostile and mistaken files: refused under their own rule, quickly, and without touching anything else."""

import time
import tracemalloc
from pathlib import Path

import pytest

from api.invoices.reading import SIZE_MAX_BYTES, InvoiceRefused, read_invoice
from api.invoices.reading.source import DEPTH_MAX, TAGS_MAX
from tests.support.invoices import ubl_invoice

UBL = ubl_invoice()


def rule_of(data: bytes) -> str:
    with pytest.raises(InvoiceRefused) as refused:
        read_invoice(data)
    assert len(refused.value.refusals) == 1
    return refused.value.refusals[0].rule


def with_prolog(prolog: str, number: str = "DH-2026-0001") -> bytes:
    """The invoice with something between the XML declaration and the root element."""
    return UBL.replace(b"?>", b"?>" + prolog.encode(), 1).replace(b"DH-2026-0001", number.encode())


FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", ""),
    "empty (white space)": (b" \n\t ", ""),
    "too-large": (b"<" * (SIZE_MAX_BYTES + 1), ""),
    "encoding (declared)": (UBL.replace(b"UTF-8", b"ISO-8859-1"), ""),
    "encoding (bytes)": (UBL.decode().encode("gb18030"), ""),
    "encoding (UTF-16)": (UBL.decode().encode("utf-16"), ""),
    "json-not-xml": (b'{"invoice": 1}', ""),
    "not-xml": (b"%PDF-1.7", ""),
    "not-xml (NUL)": (UBL.replace(b"PO-7781", b"PO\x007781"), ""),
    "malformed-xml": (UBL[:-20], ""),
    "dtd-forbidden": (UBL.replace(b"?>", b"?><!DOCTYPE Invoice>", 1), ""),
    "too-deep": (b"<a>" * 40 + b"</a>" * 40, ""),
    "too-many-elements": (b"<a>" + b"<b/>" * 200_001 + b"</a>", ""),
    "unknown-root": (b"<Order xmlns='urn:x'/>", "/*[local-name()='Order']"),
    "unknown-namespace": (UBL.replace(b"xsd:Invoice-2", b"xsd:Invoice-9"), "/*[local-name()='Invoice']"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_is_no_invoice_is_refused_under_its_own_rule(case: str) -> None:
    data, place = FILES[case]
    with pytest.raises(InvoiceRefused) as refused:
        read_invoice(data)
    assert [(found.rule, found.place) for found in refused.value.refusals] == [
        (case.partition(" (")[0], place)
    ]


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert read_invoice(b"\xef\xbb\xbf" + UBL) == read_invoice(UBL)


def test_billion_laughs_is_refused_before_anything_expands() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = with_prolog(f'<!DOCTYPE Invoice [<!ENTITY l0 "lol">{entities}]>', "&l9;")
    started = time.perf_counter()
    assert rule_of(bomb) == "dtd-forbidden"
    assert time.perf_counter() - started < 0.5


def test_quadratic_blowup_is_refused() -> None:
    bomb = with_prolog(f'<!DOCTYPE Invoice [<!ENTITY a "{"a" * 50_000}">]>', "&a;" * 1000)
    assert rule_of(bomb) == "dtd-forbidden"


def test_an_external_entity_reads_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("swordfish")
    stealing = with_prolog(f'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "{secret.as_uri()}">]>', "&x;")
    with pytest.raises(InvoiceRefused) as refused:
        read_invoice(stealing)
    assert [found.rule for found in refused.value.refusals] == ["dtd-forbidden"]
    assert "swordfish" not in str(refused.value.refusals)


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE Invoice SYSTEM "http://localhost:1/x.dtd">',
        '<!DOCTYPE Invoice [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>',
        "<!-- a comment --><!DOCTYPE Invoice>",
        "<?target with > inside ?>\n<!-- <Invoice> -->\n<!DOCTYPE Invoice>",
    ],
)
def test_a_declaration_hides_behind_nothing(prolog: str) -> None:
    assert rule_of(with_prolog(prolog)) == "dtd-forbidden"


def test_the_words_of_a_declaration_in_a_comment_are_no_declaration() -> None:
    assert read_invoice(with_prolog("<!-- <!DOCTYPE Invoice> -->")) == read_invoice(UBL)


def test_an_undeclared_entity_is_not_well_formed() -> None:
    assert rule_of(UBL.replace(b"DH-2026-0001", b"&x;")) == "malformed-xml"


def test_fifty_megabytes_are_refused_without_being_looked_at() -> None:
    data = bytes(50_000_000)
    tracemalloc.start()
    started = time.perf_counter()
    assert rule_of(data) == "too-large"
    seconds, (_, peak) = time.perf_counter() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 0.1
    assert peak < 1_000_000


def test_the_largest_file_allowed_is_read() -> None:
    padding = b" " * (SIZE_MAX_BYTES - len(UBL))
    assert read_invoice(UBL + padding) == read_invoice(UBL)
    assert rule_of(UBL + padding + b" ") == "too-large"


@pytest.mark.parametrize("depth", [DEPTH_MAX + 1, 255, 300, TAGS_MAX // 2 - 1])
def test_deep_nesting_is_refused_and_overflows_no_stack(depth: int) -> None:
    assert rule_of(b"<a>" * depth + b"</a>" * depth) == "too-deep"


def test_as_deep_as_allowed_is_not_too_deep() -> None:
    assert rule_of(b"<a>" * DEPTH_MAX + b"</a>" * DEPTH_MAX) == "unknown-root"


def test_a_comment_inside_a_value_does_not_cut_it_in_two() -> None:
    assert read_invoice(UBL.replace(b"DH-2026-0001", b"DH-2026<!-- -->-0001")) == read_invoice(UBL)


def test_a_processing_instruction_inside_a_value_does_not_cut_it_in_two() -> None:
    assert read_invoice(UBL.replace(b"DH-2026-0001", b"DH-2026<?x y?>-0001")) == read_invoice(UBL)


def test_character_data_sections_are_text() -> None:
    assert read_invoice(UBL.replace(b"DH-2026-0001", b"<![CDATA[DH-2026-0001]]>")) == read_invoice(UBL)


def test_included_files_are_not_included(tmp_path: Path) -> None:
    part = tmp_path / "part.xml"
    part.write_text("<x>swordfish</x>")
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{part.as_uri()}"/>'
    with pytest.raises(InvoiceRefused) as refused:
        read_invoice(UBL.replace(b"DH-2026-0001", include.encode()))
    assert "swordfish" not in str(refused.value.refusals)


def test_the_line_of_broken_xml_is_named() -> None:
    with pytest.raises(InvoiceRefused) as refused:
        read_invoice(UBL.replace(b"</cbc:IssueDate>", b"</cbc:IssueDat>"))
    (refusal,) = refused.value.refusals
    assert refusal.line == UBL[: UBL.index(b"</cbc:IssueDate>")].count(b"\n") + 1
