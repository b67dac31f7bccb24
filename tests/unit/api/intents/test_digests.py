import pytest

from api.http.problems import NOT_FOUND, Problem
from api.intents.repository import to_digest

DIGEST = "0x" + "5a" * 32


def test_a_digest_is_read_in_either_case() -> None:
    assert to_digest(DIGEST.upper().replace("0X", "0x")) == DIGEST


@pytest.mark.parametrize("text", ["", "0x", DIGEST[2:], DIGEST + "5a", "0x" + "zz" * 32, "0x" + "\0" * 64])
def test_what_is_no_digest_names_no_intent_and_never_reaches_the_database(text: str) -> None:
    with pytest.raises(Problem) as caught:
        to_digest(text)
    assert caught.value.kind is NOT_FOUND
