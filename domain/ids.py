"""Identifiers that cross a boundary, each a type of its own.

Addresses are written as checksummed hexadecimal (EIP-55); computing that checksum needs keccak-256, which the
standard library lacks, so `chain` makes `PartyAddress` values and `domain` only carries and compares them.
"""

import re
from typing import NewType

from domain.errors import LotIndexOutOfRange, MalformedHex

PartyAddress = NewType("PartyAddress", str)
ReceivableId = NewType("ReceivableId", int)
LotId = NewType("LotId", int)
Digest = NewType("Digest", str)
Fingerprint = NewType("Fingerprint", str)
CurrencyCode = NewType("CurrencyCode", str)

LOT_INDEX_BITS = 24
"""A lot id is `receivable * 2**24 + index`, index from 1 (ADR 0002)."""

LOT_INDEX_MAX = (1 << LOT_INDEX_BITS) - 1
RECEIVABLE_ID_MAX = (1 << (64 - LOT_INDEX_BITS)) - 1

ZERO_DIGEST = Digest("0x" + "00" * 32)
ZERO_ADDRESS = PartyAddress("0x" + "00" * 20)

_WORD = re.compile(r"0x[0-9a-f]{64}")


def lot_id(receivable: ReceivableId, index: int) -> LotId:
    """The id of the `index`-th lot (from 1) of a receivable."""
    for place, given, most in (
        ("index", index, LOT_INDEX_MAX),
        ("receivable", receivable, RECEIVABLE_ID_MAX),
    ):
        if not 1 <= given <= most:
            raise LotIndexOutOfRange(f"must be 1..{most}", place=place, values={"given": given})
    return LotId((receivable << LOT_INDEX_BITS) | index)


def receivable_of(lot: LotId) -> ReceivableId:
    """The receivable a lot is cut from."""
    return ReceivableId(lot >> LOT_INDEX_BITS)


def lot_index(lot: LotId) -> int:
    """The position of a lot in the order in which the lots of its receivable were cut, from 1."""
    return lot & LOT_INDEX_MAX


def parse_digest(text: str, place: str = "digest") -> Digest:
    """A 32-byte word as `0x` and 64 lower-case hexadecimal digits; other spellings are refused."""
    if _WORD.fullmatch(text) is None:
        raise MalformedHex("expected 0x and 64 lower-case hex digits", place=place, values={"given": text})
    return Digest(text)
