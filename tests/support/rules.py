"""The announced cut of the longest term from twelve months to six, as governance would schedule it."""

from datetime import date
from typing import Final

from domain.rules import CN, DatedValue, LedgerParameter, Policy, RuleSet

CAP_SINCE: Final = date(2026, 10, 1)
CAP_SOURCE: Final = "announced, one press source, 2026-09-14"

SIX_MONTHS_CAP: Final[RuleSet] = CN.amended(
    Policy.MAX_TERM_MONTHS, DatedValue(6, CAP_SINCE, CAP_SOURCE)
).amended(
    # Six months have at most 184 days.
    LedgerParameter.MAX_TERM_DAYS,
    DatedValue(184, CAP_SINCE, CAP_SOURCE),
)
