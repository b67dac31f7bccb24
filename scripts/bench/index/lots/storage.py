"""What the contracts would have in their storage for rows of the mirror: slots and words.

The places are those of `contracts/snapshots/storage.json`, which `make drift` holds against the compiler, the
words those of Slots.sol and LotWords.sol. A word that is put wrongly here is a difference in the check.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from chain.keccak import keccak
from chain.text import address_bytes, word_bytes
from domain.ids import lot_index

RECEIVABLE_COUNT: Final = 0
HOLDER_COUNT: Final = 6

_RECEIVABLES: Final = 1
_LOTS: Final = 2
_HOLDERS: Final = 5
_USES: Final = 19
_SUPPLY: Final = 24
_BALANCES: Final = 25

Word = tuple[int, int]
"""A slot and what is in it."""


class Holders:
    """The ledger numbers those who hold lots, from 1."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def number(self, holder: str) -> int:
        """Of somebody who may be new."""
        return self.numbers.setdefault(holder, len(self.numbers) + 1)

    def words(self) -> Iterator[Word]:
        """All of them, and how many."""
        yield HOLDER_COUNT, len(self.numbers)
        for holder, number in self.numbers.items():
            yield _at(number, _HOLDERS), int.from_bytes(address_bytes(holder))


def receivable(row: Mapping[str, Any]) -> Iterator[Word]:
    """Its six words; nobody was ever late with interest in these lives."""
    base = _at(row["id"], _RECEIVABLES)
    yield (
        base,
        row["lot_count"]
        | row["max_lots"] << 24
        | row["max_depth"] << 48
        | row["due_s"] << 56
        | row["issued_s"] << 96
        | row["close_window_seconds"] << 136
        | row["min_lot_minor"] << 168,
    )
    yield (
        base + 1,
        row["face_minor"]
        | row["paid_minor"] << 53
        | row["claimed_minor"] << 106
        | row["installments"] << 170
        | row["state"] << 186
        | row["currency"] << 196
        | row["grace_days"] << 212
        | row["late_rate_ppm_per_day"] << 228,
    )
    yield base + 2, int.from_bytes(address_bytes(row["debtor"]))
    yield base + 3, int.from_bytes(address_bytes(row["creditor"]))
    yield base + 4, int.from_bytes(word_bytes(row["terms_hash"]))
    yield base + 5, int.from_bytes(word_bytes(row["invoice_set"]))


def lot(row: Mapping[str, Any], holders: Holders) -> Word:
    """Its one word (ADR 0013)."""
    return (
        _at(row["id"], _LOTS),
        holders.number(row["owner"])
        | row["first_serial"] << 32
        | row["amount_minor"] << 85
        | lot_index(row["parent"]) << 138
        | row["depth"] << 162
        | row["seq"] << 170
        | row["claimed_through"] << 194
        | row["since_s"] << 210
        | row["flags"] << 250,
    )


def invoice(row: Mapping[str, Any]) -> Word:
    """How much of an invoice is used, in the register of invoices."""
    return _at(int.from_bytes(word_bytes(row["fingerprint"])), _USES), row["total_minor"] | row[
        "used_minor"
    ] << 64


def balance(holder: str, amount_minor: int) -> Word:
    """In a cash token."""
    return _at(int.from_bytes(address_bytes(holder)), _BALANCES), amount_minor


def supply(amount_minor: int) -> Word:
    """Of a cash token."""
    return _SUPPLY, amount_minor


def _at(key: int, mapping: int) -> int:
    return int.from_bytes(keccak(key.to_bytes(32) + mapping.to_bytes(32)))
