"""The same invoice in another spelling: what somebody does who wants to be paid twice for it."""

from typing import Final
from xml.sax.saxutils import escape

_FULL_WIDTH: Final = {ord(digit): ord(digit) - ord("0") + 0xFF10 for digit in "0123456789"}


def respelled_number(number: str) -> str:
    """Other case, spaces around, full-width digits."""
    return f" {number.swapcase().translate(_FULL_WIDTH)} "


def respelled(content: bytes, number: str) -> bytes | None:
    """The file with its invoice number spelt otherwise, all other bytes unchanged; None if it has none.

    Characters beyond ASCII are written as references, so that the file's encoding does not matter.
    """
    wanted = f">{escape(number)}<".encode()
    before, found, after = content.partition(wanted)
    if not found:
        return None
    spelled = escape(respelled_number(number)).encode("ascii", "xmlcharrefreplace")
    return before + b">" + spelled + b"<" + after
