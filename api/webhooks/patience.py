"""How long we try: soon at first, hourly in the end, and not for ever."""

import random
from typing import Final

PAUSE_FIRST_MS: Final = 1_000
PAUSE_MAX_MS: Final = 3_600_000
DAY_MS: Final = 86_400_000
_DOUBLINGS_MAX: Final = 12


def pause_ms(failures: int) -> int:
    """Until the next attempt after so many failures in a row; half of it by chance, so that receivers that
    come back are not met by everybody at once.
    """
    longest = min(PAUSE_FIRST_MS << min(failures - 1, _DOUBLINGS_MAX), PAUSE_MAX_MS)
    return longest // 2 + random.randrange(longest // 2 + 1)  # noqa: S311  # nothing to guess here


def has_had_enough(failing_since_ms: int, at_ms: int, give_up_days: int) -> bool:
    """Whether the receiver has failed for so long that its owner has to look."""
    return at_ms - failing_since_ms >= give_up_days * DAY_MS
