from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.checkdigits import gln_is_valid, lei_is_valid, uscc_is_valid
from domain.errors import MalformedIdentifier, UnknownScheme
from domain.parties import (
    IDENTIFIER_LENGTH_MAX,
    SCHEMES,
    CheckResult,
    PartyIdentifier,
    Power,
    canonical_value,
    power_mask,
    powers_in,
    scheme_of,
)

USCC = "91350100M000100Y43"  # the example of GB 32100-2015
LEI = "5493001KJTIIGC8Y1R12"
GLN = "5790000435944"


@given(st.sets(st.sampled_from(Power)))
def test_a_mask_holds_exactly_its_powers(powers: set[Power]) -> None:
    assert set(powers_in(power_mask(*powers))) == powers


def test_a_mask_is_in_the_order_of_bits() -> None:
    assert power_mask(Power.PAY, Power.ISSUE) == 0b0100_0001
    assert powers_in(0b0100_0001) == (Power.ISSUE, Power.PAY)


@pytest.mark.parametrize(
    ("check", "value"), [(uscc_is_valid, USCC), (lei_is_valid, LEI), (gln_is_valid, GLN)]
)
def test_check_digits_catch_every_single_wrong_digit(check: Callable[[str], bool], value: str) -> None:
    assert check(value)
    for position, sign in enumerate(value):
        others = [other for other in "0123456789" if other != sign]
        wrong = [value[:position] + other + value[position + 1 :] for other in others]
        assert not any(check(candidate) for candidate in wrong if sign.isdigit())
    assert not check(value[:-1])
    assert not check(value + "0")
    assert not check("")


def test_letters_that_the_credit_code_leaves_out_are_invalid() -> None:
    assert not any(uscc_is_valid(USCC[:8] + letter + USCC[9:]) for letter in "IOSVZ")


def test_characters_that_only_look_like_digits_are_invalid() -> None:
    assert not gln_is_valid("٥٧٩٠٠٠٠٤٣٥٩٤٤")
    assert not lei_is_valid("５４９３００１KJTIIGC8Y1R12")


@pytest.mark.parametrize(
    ("identifier", "result"),
    [
        (PartyIdentifier("USCC", USCC), CheckResult.VALID),
        (PartyIdentifier("USCC", "91350100M000100Y44"), CheckResult.INVALID),
        (PartyIdentifier("LEI", LEI), CheckResult.VALID),
        (PartyIdentifier("0199", LEI.lower()), CheckResult.VALID),
        (PartyIdentifier("GLN", GLN), CheckResult.VALID),
        (PartyIdentifier("0088", "5790000435945"), CheckResult.INVALID),
        (PartyIdentifier("0007", "5560004755"), CheckResult.UNCHECKED),
        (PartyIdentifier("VAT", "DE123456789"), CheckResult.UNCHECKED),
        (PartyIdentifier("9999", "anything"), CheckResult.UNCHECKED),
    ],
)
def test_an_identifier_knows_what_its_check_digits_say(
    identifier: PartyIdentifier, result: CheckResult
) -> None:
    assert identifier.check() is result


def test_the_value_stays_as_it_was_written() -> None:
    identifier = PartyIdentifier("0088", " 5790-0004 35944")
    assert (identifier.scheme, identifier.value) == ("0088", " 5790-0004 35944")
    assert identifier.canonical() == "GLN:5790000435944"


@pytest.mark.parametrize(
    ("spellings", "canonical"),
    [
        ([("GLN", GLN, ""), ("0088", GLN, "DK"), ("0088", "5790000-435944", "")], f"GLN:{GLN}"),
        ([("USCC", USCC.lower(), "CN"), ("USCC", "９１350100M000100Y43", "")], f"USCC:{USCC}"),
        ([("VAT", "SE5560004755-01", ""), ("VAT", "556000475501", "se")], "VAT:SE:556000475501"),
        (
            [("VAT", "EL094259216", ""), ("VAT", "EL094259216", "GR"), ("VAT", "094259216", "GR")],
            "VAT:GR:094259216",
        ),
        ([("NATIONAL", "HRB 86891", "DE"), ("NATIONAL", "hrb\u200b86891", "de")], "NATIONAL:DE:HRB86891"),
        ([("9999", "a-1", "")], "9999:A1"),
    ],
)
def test_spellings_of_one_identifier_have_one_canonical_form(
    spellings: list[tuple[str, str, str]], canonical: str
) -> None:
    assert {PartyIdentifier(*spelling).canonical() for spelling in spellings} == {canonical}


def test_a_national_number_is_another_party_in_another_country() -> None:
    assert (
        PartyIdentifier("NATIONAL", "1", "SE").canonical()
        != PartyIdentifier("NATIONAL", "1", "NO").canonical()
    )


@given(st.text())
def test_canonical_values_are_stable(text: str) -> None:
    assert canonical_value(canonical_value(text)) == canonical_value(text)


@pytest.mark.parametrize("scheme", ["", "XYZ", "gln", "12", "12345", "００８８"])
def test_an_unknown_scheme_is_refused(scheme: str) -> None:
    with pytest.raises(UnknownScheme):
        PartyIdentifier(scheme, "1")


@pytest.mark.parametrize(
    ("scheme", "value", "country", "place"),
    [
        ("GLN", "", "", "value"),
        ("GLN", " - ", "", "value"),
        ("GLN", "1" * (IDENTIFIER_LENGTH_MAX + 1), "", "value"),
        ("NATIONAL", "1", "", "country"),
        ("NATIONAL", "1", "Sweden", "country"),
        ("VAT", "123", "", "country"),
        ("VAT", "SE", "", "value"),
    ],
)
def test_an_identifier_that_identifies_nobody_is_refused(
    scheme: str, value: str, country: str, place: str
) -> None:
    with pytest.raises(MalformedIdentifier) as refusal:
        PartyIdentifier(scheme, value, country)
    assert refusal.value.place == place


def test_every_scheme_has_a_name_in_both_languages_and_is_found_by_its_icd() -> None:
    for scheme in SCHEMES.values():
        assert scheme.name_en
        assert scheme.name_zh
        if scheme.icd:
            assert scheme_of(scheme.icd) is scheme
