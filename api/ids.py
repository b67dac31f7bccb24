"""Opaque identifiers that sort by the time they were made."""

import secrets
import time
from typing import Final

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no letter reads like a digit
_DIGITS: Final = 26
_RANDOM_BITS: Final = 80


class _Clock:
    """Milliseconds and 80 random bits as one number that never goes back, so that a queue is in order."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        drawn = now_ms() << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
        self._last = max(drawn, self._last + 1)
        return self._last


def now_ms() -> int:
    """Wall clock, for audit columns only: business time is `api.clock`."""
    return time.time_ns() // 1_000_000


_CLOCK: Final = _Clock()


def new_id(prefix: str) -> str:
    """`prefix_` and 26 digits: milliseconds since 1970, then 80 random bits (the layout of a ULID)."""
    number = _CLOCK.next()
    digits = (_ALPHABET[number >> shift & 31] for shift in range(5 * (_DIGITS - 1), -1, -5))
    return f"{prefix}_{''.join(digits)}"
