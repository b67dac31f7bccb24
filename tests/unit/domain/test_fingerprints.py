"""The fingerprint finds the same invoice again however it is spelt, and tells every other invoice apart."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.fingerprints import EmptyFingerprintPart, WeakFingerprintSecret, fingerprint
from domain.parties import PartyIdentifier, canonical_value

SELLER = PartyIdentifier("USCC", "91330203MA2AFX7T0B")
BUYER = PartyIdentifier("USCC", "913100001322001155")
SECRET = b"a consortium secret of 32 bytes!"
TEXT = st.text(max_size=40)
NUMBER = st.from_regex(r"[A-Z0-9]{1,12}(-[A-Z0-9]{1,6})?", fullmatch=True)
NOISE = st.sampled_from(["", " ", "\u200b", "\u3000", "-", "/", "\ufeff", "\u00ad", "\t", "\x00", "\u2060"])


@dataclass(frozen=True)
class Key:
    country: str = "CN"
    seller: PartyIdentifier = SELLER
    buyer: PartyIdentifier = BUYER
    number: str = "INV-2026-001"
    issued_on: date = date(2026, 6, 1)
    currency: str = "CNY"
    invoice_code: str = ""

    def fingerprint(self, secret: bytes = SECRET) -> str:
        return fingerprint(secret, **vars(self))


@given(TEXT)
def test_canonical_is_idempotent(text: str) -> None:
    assert canonical_value(canonical_value(text)) == canonical_value(text)


@given(TEXT)
def test_case_does_not_count(text: str) -> None:
    assert canonical_value(text.lower()) == canonical_value(text.upper()) == canonical_value(text)


@given(TEXT)
def test_normal_forms_do_not_count(text: str) -> None:
    forms = {canonical_value(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert forms == {canonical_value(text)}


@pytest.mark.parametrize(
    "spelling",
    [
        "inv-2026-001",
        "ＩＮＶ２０２６００１",
        "INV 2026 001",
        "I\u200bNV\u00ad2026\u2060001",
        "INV/2026.001",
        "INV_2026\x00001",
    ],
)
def test_the_same_number_spelt_otherwise_is_the_same_invoice(spelling: str) -> None:
    assert replace(Key(), number=spelling).fingerprint() == Key().fingerprint()


def test_invisible_letters_do_not_make_another_invoice() -> None:
    assert canonical_value("AB\u3164C\u115f1\uffa0") == "ABC1"


@given(NUMBER, st.data())
def test_case_width_and_noise_give_the_same_fingerprint(number: str, data: st.DataObject) -> None:
    signs = []
    for sign in number:
        wide = chr(ord(sign) + 0xFEE0)
        signs.append(data.draw(st.sampled_from([sign, sign.lower(), wide, wide.lower()])) + data.draw(NOISE))
    spelt = replace(Key(), number="".join(signs))
    assert spelt.fingerprint() == replace(Key(), number=number).fingerprint()


@given(NUMBER, NUMBER)
def test_another_number_gives_another_fingerprint(one: str, other: str) -> None:
    assume(one.replace("-", "") != other.replace("-", ""))
    assert replace(Key(), number=one).fingerprint() != replace(Key(), number=other).fingerprint()


@pytest.mark.parametrize(
    "change",
    [
        {"country": "HK"},
        {"seller": PartyIdentifier("USCC", "91320583MA1WQ7LN4K")},
        {"buyer": PartyIdentifier("USCC", "91340100MA2UYT7C9N")},
        {"number": "INV-2026-002"},
        {"issued_on": date(2026, 6, 2)},
        {"currency": "EUR"},
        {"invoice_code": "033002100111"},
        {"seller": Key().buyer, "buyer": Key().seller},
        {"number": "26001", "invoice_code": "INV20"},
    ],
)
def test_any_other_part_gives_another_fingerprint(change: dict[str, object]) -> None:
    assert Key(**(vars(Key()) | change)).fingerprint() != Key().fingerprint()


def test_letters_do_not_wander_from_the_code_into_the_number() -> None:
    one, other = (
        replace(Key(), invoice_code="12", number="345"),
        replace(Key(), invoice_code="123", number="45"),
    )
    assert one.fingerprint() != other.fingerprint()


def test_another_secret_gives_another_fingerprint() -> None:
    assert Key().fingerprint(b"another secret of 32 bytes long!") != Key().fingerprint()


def test_a_number_without_letter_or_digit_is_refused() -> None:
    with pytest.raises(EmptyFingerprintPart) as refused:
        replace(Key(), number="--- /").fingerprint()
    assert refused.value.place == "number"


def test_a_short_secret_is_refused_and_not_shown() -> None:
    with pytest.raises(WeakFingerprintSecret) as refused:
        Key().fingerprint(b"short secret")
    assert "short secret" not in str(refused.value)


def test_a_fingerprint_is_a_word_of_the_ledger() -> None:
    found = Key().fingerprint()
    assert len(found) == 66
    assert found.startswith("0x")
    assert found == "0x" + bytes.fromhex(found[2:]).hex()
