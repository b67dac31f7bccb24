"""References of registrations and notices on the ledger."""

from api.financing.quotes import reference
from domain.ids import ZERO_DIGEST


def test_no_reference_is_the_zero_word() -> None:
    assert reference("registration", None) == ZERO_DIGEST


def test_a_reference_is_known_by_its_kind_and_its_text() -> None:
    words = {reference(kind, text) for kind in ("registration", "notice") for text in ("A-1", "A-2")}
    assert len(words) == 4
    assert ZERO_DIGEST not in words
