"""Dated parameters and rule sets: which value held on which day, and where it comes from.

A rule set is data. `plain` holds what the ledger needs on any network; `cn` adds the rules of the People's
Republic of China. What the rules check is in `domain.gates`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, IntEnum

from domain.calendar import CHINA, DAY_SECONDS, WEEKENDS, Calendar
from domain.errors import NoRuleInForce, UnknownRuleSet


class LedgerParameter(IntEnum):
    """Parameters in the Rulebook contract, under its numbers."""

    MAX_TERM_DAYS = 1
    MAX_DEPTH = 2
    MAX_LOTS = 3
    MIN_LOT_MINOR = 4
    LATE_RATE_PPM_PER_DAY = 5
    GRACE_DAYS = 6
    CLOSE_WINDOW_SECONDS = 7
    STATUTORY_TERM_DAYS = 8


class Policy(Enum):
    """Parameters of rules that are checked before anything reaches the ledger."""

    MAX_TERM_MONTHS = "max_term_months"
    REASON_TERM_MONTHS = "reason_term_months"
    REGISTRATION_REQUIRED = "registration_required"
    NOTICE_REQUIRED = "notice_required"


Parameter = LedgerParameter | Policy

BEGINNING = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value in force from 00:00 UTC of `effective` on, until a later one, with the source that sets it."""

    value: int
    effective: date
    source: str


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A profile: its business days and, for each parameter it knows, the values in order of their days."""

    profile: str
    calendar: Calendar
    parameters: Mapping[Parameter, tuple[DatedValue, ...]]

    def dated(self, parameter: Parameter, day: date) -> DatedValue | None:
        """The value in force on a day with its source, or None where the profile has none then."""
        in_force = [dated for dated in self.parameters.get(parameter, ()) if dated.effective <= day]
        return in_force[-1] if in_force else None

    def value(self, parameter: Parameter, day: date) -> int:
        """The value in force on a day; NoRuleInForce where there is none."""
        dated = self.dated(parameter, day)
        if dated is None:
            values = {"parameter": parameter.name, "day": day.isoformat()}
            raise NoRuleInForce(
                f"{self.profile} has no {parameter.name} then", place="parameter", values=values
            )
        return dated.value

    def amended(self, parameter: Parameter, value: DatedValue) -> "RuleSet":
        """The rule set with one more dated value: scheduled by governance, or only considered."""
        known = self.parameters.get(parameter, ())
        ordered = tuple(sorted((*known, value), key=lambda dated: dated.effective))
        return replace(self, parameters={**self.parameters, parameter: ordered})

    def ledger_values(self, day: date) -> dict[LedgerParameter, int]:
        """What the Rulebook contract has to hold on a day."""
        return {parameter: self.value(parameter, day) for parameter in LedgerParameter}

    def ledger_changes(self, after: date) -> tuple[tuple[LedgerParameter, DatedValue], ...]:
        """What the Rulebook contract has to be told about the days after one, in order for each parameter."""
        return tuple(
            (parameter, dated)
            for parameter in LedgerParameter
            for dated in self.parameters.get(parameter, ())
            if dated.effective > after
        )


def _always(value: int, source: str) -> tuple[DatedValue, ...]:
    return (DatedValue(value, BEGINNING, source),)


_DESIGN = "network default"
_NO_77 = "银发〔2025〕77号 Yinfa [2025] No. 77"
_ORDER_802 = "国务院令第802号 State Council Order 802"
_CIVIL_CODE = "民法典 Civil Code 764, 768"

_NO_77_SINCE = date(2025, 6, 15)
_ORDER_802_SINCE = date(2025, 6, 1)
_CIVIL_CODE_SINCE = date(2021, 1, 1)

_LEDGER_DEFAULTS: dict[Parameter, tuple[DatedValue, ...]] = {
    LedgerParameter.MAX_TERM_DAYS: _always(1_830, _DESIGN),
    LedgerParameter.MAX_DEPTH: _always(20, _DESIGN),
    LedgerParameter.MAX_LOTS: _always(10_000, _DESIGN),
    LedgerParameter.MIN_LOT_MINOR: _always(100, _DESIGN),
    LedgerParameter.LATE_RATE_PPM_PER_DAY: _always(500, _DESIGN),
    LedgerParameter.GRACE_DAYS: _always(30, _DESIGN),
    LedgerParameter.CLOSE_WINDOW_SECONDS: _always(DAY_SECONDS, _DESIGN),
    LedgerParameter.STATUTORY_TERM_DAYS: _always(0, _DESIGN),
}

PLAIN = RuleSet("plain", WEEKENDS, _LEDGER_DEFAULTS)

CN = RuleSet(
    "cn",
    CHINA,
    {
        **_LEDGER_DEFAULTS,
        # Twelve months have at most 366 days: the ledger counts days and must not refuse what is allowed.
        LedgerParameter.MAX_TERM_DAYS: (
            *_LEDGER_DEFAULTS[LedgerParameter.MAX_TERM_DAYS],
            DatedValue(366, _NO_77_SINCE, _NO_77),
        ),
        LedgerParameter.LATE_RATE_PPM_PER_DAY: (
            *_LEDGER_DEFAULTS[LedgerParameter.LATE_RATE_PPM_PER_DAY],
            DatedValue(500, _ORDER_802_SINCE, _ORDER_802),
        ),
        LedgerParameter.STATUTORY_TERM_DAYS: (
            *_LEDGER_DEFAULTS[LedgerParameter.STATUTORY_TERM_DAYS],
            DatedValue(60, _ORDER_802_SINCE, _ORDER_802),
        ),
        Policy.MAX_TERM_MONTHS: (DatedValue(12, _NO_77_SINCE, _NO_77),),
        Policy.REASON_TERM_MONTHS: (DatedValue(6, _NO_77_SINCE, _NO_77),),
        Policy.REGISTRATION_REQUIRED: (DatedValue(1, _NO_77_SINCE, _NO_77),),
        Policy.NOTICE_REQUIRED: (DatedValue(1, _CIVIL_CODE_SINCE, _CIVIL_CODE),),
    },
)

RULE_SETS: dict[str, RuleSet] = {rule_set.profile: rule_set for rule_set in (PLAIN, CN)}


def rule_set_of(profile: str) -> RuleSet:
    """The rule set of a profile name, `cn` or `plain`."""
    found = RULE_SETS.get(profile)
    if found is None:
        raise UnknownRuleSet(f"no rule set {profile!r}", place="profile", values={"profile": profile})
    return found
