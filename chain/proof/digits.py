"""Hexadecimal text of a node, read strictly: two different texts never become the same bytes unnoticed."""

from binascii import Error as NotHexadecimal
from binascii import a2b_hex
from typing import Final

from chain.errors import ProofMalformed

ADDRESS_DIGITS: Final = 40
WORD_DIGITS: Final = 64


def integer(quantity: str) -> int:
    """A JSON-RPC quantity: a number is hashed as what it is, however it is spelled. Raises ProofMalformed."""
    try:
        number = int(quantity, 16)
    except ValueError as error:
        raise ProofMalformed(f"{quantity[:80]!r} is no quantity") from error
    if number < 0:
        raise ProofMalformed(f"{quantity[:80]!r} is below zero")
    return number


def digits_of(text: str, count: int) -> str:
    """The digits behind 0x, of which there have to be `count`. Raises ProofMalformed."""
    digits = text.removeprefix("0x")
    if len(digits) != count:
        raise ProofMalformed(f"{text[:80]!r} is not 0x and {count} digits")
    return digits


def data_digits(text: str) -> str:
    """The digits behind 0x, as many as there are, two for each byte. Raises ProofMalformed."""
    if len(text) & 1 or not text.startswith("0x"):
        raise ProofMalformed(f"{text[:80]!r} is no data")
    return text[2:]


def from_digits(digits: str) -> bytes:
    """Bytes of hexadecimal digits and nothing else, not even a space. Raises ProofMalformed."""
    try:
        return a2b_hex(digits)
    except (NotHexadecimal, ValueError) as error:
        raise ProofMalformed(f"text that is not hexadecimal: {error}") from error


def word(text: str) -> bytes:
    """32 bytes of 0x text. Raises ProofMalformed."""
    return from_digits(digits_of(text, WORD_DIGITS))


def address(text: str) -> bytes:
    """20 bytes of 0x text. Raises ProofMalformed."""
    return from_digits(digits_of(text, ADDRESS_DIGITS))


def data(text: str) -> bytes:
    """The bytes of 0x text. Raises ProofMalformed."""
    return from_digits(data_digits(text))


def block_name(number: str) -> str:
    """How messages name a block: by its number, as people write it."""
    try:
        return f"block {integer(number)}"
    except ProofMalformed:
        return f"block {number[:80]!r}"
