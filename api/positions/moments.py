"""A time as clients ask for it: a day, whose end is meant, or an instant; never after the ledger's own."""

from datetime import date, datetime
from typing import Annotated, Final

from fastapi import Query

from api.http.problems import VALIDATION_FAILED
from domain.calendar import last_instant

_DAY: Final = r"\d{4}-\d{2}-\d{2}"

AsOfQuery = Annotated[
    str | None,
    Query(
        pattern=rf"^{_DAY}(T\d{{2}}:\d{{2}}:\d{{2}}(\.\d{{1,6}})?(Z|[+-]\d{{2}}:\d{{2}}))?$",
        description="A day, which means its end (UTC), or an instant (RFC 3339); now if left out.",
        examples=["2026-06-30"],
    ),
]


def moment_s(as_of: str | None, now_s: int) -> int:
    """Seconds since 1970; what is asked for the future is answered as of now. Raises `validation-failed`."""
    if as_of is None:
        return now_s
    try:
        asked = int(datetime.fromisoformat(as_of).timestamp()) if "T" in as_of else _end_of(as_of)
    except (ValueError, OverflowError) as error:
        raise VALIDATION_FAILED(f"as_of: {error}", place="as_of") from error
    return min(asked, now_s)


def _end_of(day: str) -> int:
    return last_instant(date.fromisoformat(day))
