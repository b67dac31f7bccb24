"""Check digits of identifiers: a note, never a change."""

import pytest

from api.parties.checks import check
from api.parties.service import legal_id
from domain.parties import CheckResult, PartyIdentifier


@pytest.mark.parametrize(
    ("scheme", "value", "country", "expected"),
    [
        ("VAT", "DE136695976", "DE", CheckResult.VALID),
        ("VAT", "DE136695978", "DE", CheckResult.INVALID),
        ("VAT", "136 695 976", "DE", CheckResult.VALID),
        ("VAT", "NO 974760673 MVA", "NO", CheckResult.VALID),
        ("VAT", "12345", "ZZ", CheckResult.UNCHECKED),
        ("0192", "974760673", "", CheckResult.VALID),
        ("0192", "974760674", "", CheckResult.INVALID),
        ("0184", "DK13585628", "", CheckResult.VALID),
        ("GLN", "4012345500004", "", CheckResult.VALID),
        ("GLN", "4012345500005", "", CheckResult.INVALID),
        ("NATIONAL", "whatever", "CN", CheckResult.UNCHECKED),
        ("0088", "4012345500004", "", CheckResult.VALID),
        ("9957", "anything", "", CheckResult.UNCHECKED),
    ],
)
def test_identifiers_are_checked_where_a_rule_is_known(
    scheme: str, value: str, country: str, expected: CheckResult
) -> None:
    assert check(PartyIdentifier(scheme, value, country)) is expected


def test_the_legal_id_hides_the_number_and_does_not_depend_on_its_spelling() -> None:
    one = legal_id(b"secret of sixteen", PartyIdentifier("VAT", "DE136695976", "DE"))
    assert one == legal_id(b"secret of sixteen", PartyIdentifier("VAT", "de 136 695 976", "DE"))
    assert one != legal_id(b"another secret...", PartyIdentifier("VAT", "DE136695976", "DE"))
    assert "136695976" not in one
