import pytest

from chain.errors import ProofMalformed
from chain.proof import digits


@pytest.mark.parametrize(("quantity", "number"), [("0x0", 0), ("0x1f", 31), ("0x" + "f" * 64, 2**256 - 1)])
def test_quantities_are_numbers(quantity: str, number: int) -> None:
    assert digits.integer(quantity) == number


@pytest.mark.parametrize("text", ["", "0x", "x", "-0x1", "0x1.0", "0x1\0"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(ProofMalformed):
        digits.integer(text)


def test_words_addresses_and_data_are_bytes() -> None:
    assert digits.word("0x" + "ab" * 32) == b"\xab" * 32
    assert digits.address("0x" + "CD" * 20) == b"\xcd" * 20
    assert digits.data("0x") == b""


@pytest.mark.parametrize("text", ["ab" * 33, "0x" + "ab" * 31, "0x" + "ab" * 31 + " 1", "0x" + "g0" * 32, ""])
def test_what_is_no_word_is_refused(text: str) -> None:
    with pytest.raises(ProofMalformed):
        digits.word(text)


def test_a_block_is_named_by_its_number_even_when_that_is_none() -> None:
    assert digits.block_name("0x1f") == "block 31"
    assert digits.block_name("latest") == "block 'latest'"
