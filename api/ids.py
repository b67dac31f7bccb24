"""Opaque identifiers that sort by the time they were made."""

import secrets
import time
from typing import Final

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no letter reads like a digit
_TIME_DIGITS: Final = 10
_RANDOM_DIGITS: Final = 16


def new_id(prefix: str) -> str:
    """`prefix_` and 26 digits: 50 bits of milliseconds since 1970, then 80 random bits (the layout of a
    ULID).
    """
    return f"{prefix}_{_digits(now_ms(), _TIME_DIGITS)}{_digits(secrets.randbits(80), _RANDOM_DIGITS)}"


def now_ms() -> int:
    """Wall clock, for audit columns only: business time is `api.clock`."""
    return time.time_ns() // 1_000_000


def _digits(number: int, count: int) -> str:
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(5 * (count - 1), -1, -5))
