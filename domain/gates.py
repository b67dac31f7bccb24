"""What a rule set refuses, before issue and before financing, each breach in both languages.

A gate looks at facts and a day. With the day of the deed it decides; with another day, or an amended rule
set, it answers "what would this rule have refused".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from domain.calendar import add_months
from domain.ids import ZERO_DIGEST, Digest
from domain.rules import LedgerParameter, Policy, RuleSet

Facts = TypeVar("Facts")


@dataclass(frozen=True, slots=True)
class RuleBreach:
    """One rule that would be broken: its stable id, the field it is about, why, and the rule's source."""

    rule: str
    place: str
    message_en: str
    message_zh: str
    source: str


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """What the gates know about a receivable to be issued.

    `delivered_on` is None where the delivery date is not known; `extension_signed` says that the supplier
    signs a payment term beyond the statutory one. The classes are those of Order 802: `debtor_is_large` for a
    large enterprise or a public body, `creditor_is_small` for a small or medium enterprise.
    """

    issue_date: date
    due_date: date
    invoice_dates: tuple[date, ...]
    delivered_on: date | None = None
    debtor_is_large: bool = False
    creditor_is_small: bool = False
    extension_signed: bool = False


@dataclass(frozen=True, slots=True)
class FinancingFacts:
    """What the gates know about a financing; `reason_code` explains an unusual term, empty if none."""

    issue_date: date
    due_date: date
    face_minor: int
    registration_ref: Digest
    notice_ref: Digest
    reason_code: str = ""


def issue_breaches(rules: RuleSet, facts: IssueFacts, day: date) -> list[RuleBreach]:
    """Everything that keeps the receivable from being issued under the rules in force on `day`."""
    checked = (
        _due_in_past(facts),
        _term_days(rules, facts, day),
        _term_months(rules, facts, day),
        _prepayment(facts),
        _statutory_term(rules, facts, day),
    )
    return [breach for breach in checked if breach is not None]


def financing_breaches(rules: RuleSet, facts: FinancingFacts, day: date) -> list[RuleBreach]:
    """Everything that keeps the lot from being financed under the rules in force on `day`."""
    checked = (
        _term_reason(rules, facts, day),
        _smallest_lot(rules, facts, day),
        _registration(rules, facts, day),
        _notice(rules, facts, day),
    )
    return [breach for breach in checked if breach is not None]


def would_refuse(
    gate: Callable[[RuleSet, Facts, date], list[RuleBreach]], rules: RuleSet, past: Sequence[Facts], day: date
) -> dict[int, list[RuleBreach]]:
    """Which of the past facts the rules of `day` would have refused: position in the list, breaches."""
    return {position: found for position, facts in enumerate(past) if (found := gate(rules, facts, day))}


def _due_in_past(facts: IssueFacts) -> RuleBreach | None:
    if facts.due_date >= facts.issue_date:
        return None
    return RuleBreach(
        "issue.due-in-past",
        "due_date",
        f"the due date {facts.due_date} is before the day of issue {facts.issue_date}",
        f"到期日 {facts.due_date} 早于开立日 {facts.issue_date}",
        "ledger",
    )


def _term_days(rules: RuleSet, facts: IssueFacts, day: date) -> RuleBreach | None:
    limit = rules.value(LedgerParameter.MAX_TERM_DAYS, day)
    term = (facts.due_date - facts.issue_date).days
    if term <= limit:
        return None
    return RuleBreach(
        "issue.term-days",
        "due_date",
        f"the term is {term} days, the ledger takes at most {limit}",
        f"期限为 {term} 天,账本最长允许 {limit} 天",
        "ledger",
    )


def _term_months(rules: RuleSet, facts: IssueFacts, day: date) -> RuleBreach | None:
    limit = rules.dated(Policy.MAX_TERM_MONTHS, day)
    if limit is None or facts.due_date <= add_months(facts.issue_date, limit.value):
        return None
    return RuleBreach(
        "issue.term-months",
        "due_date",
        f"the due date is more than {limit.value} months after issue",
        f"付款期限超过 {limit.value} 个月",
        limit.source,
    )


def _prepayment(facts: IssueFacts) -> RuleBreach | None:
    delivered = () if facts.delivered_on is None else (facts.delivered_on,)
    latest = max((*facts.invoice_dates, *delivered), default=facts.issue_date)
    if latest <= facts.issue_date:
        return None
    return RuleBreach(
        "issue.prepayment",
        "invoice_dates",
        f"an invoice or delivery is dated {latest}, after the issue on {facts.issue_date}",
        f"发票或交付日期 {latest} 晚于开立日 {facts.issue_date}，属于预付款",
        "ledger",
    )


def _statutory_term(rules: RuleSet, facts: IssueFacts, day: date) -> RuleBreach | None:
    if not (facts.debtor_is_large and facts.creditor_is_small) or facts.extension_signed:
        return None
    limit = rules.dated(LedgerParameter.STATUTORY_TERM_DAYS, day)
    # Without a known delivery the last invoice stands in for it: delivery comes before the invoice, so
    # what is too long from the invoice is too long from the delivery.
    start = facts.delivered_on or max(facts.invoice_dates, default=None)
    if limit is None or limit.value == 0 or start is None:
        return None
    latest = start + timedelta(days=limit.value)
    if facts.due_date <= latest:
        return None
    return RuleBreach(
        "issue.statutory-term",
        "due_date",
        f"a large buyer pays a small supplier within {limit.value} days of delivery, here by {latest}, "
        "or the supplier signs an extension",
        f"大型企业应自交付之日起 {limit.value} 日内（不晚于 {latest}）向中小企业付款，除非供应商签署延期同意",
        limit.source,
    )


def _term_reason(rules: RuleSet, facts: FinancingFacts, day: date) -> RuleBreach | None:
    limit = rules.dated(Policy.REASON_TERM_MONTHS, day)
    if limit is None or facts.reason_code or facts.due_date <= add_months(facts.issue_date, limit.value):
        return None
    return RuleBreach(
        "financing.term-reason",
        "reason_code",
        f"a term beyond {limit.value} months needs a reason before it is financed",
        f"付款期限超过 {limit.value} 个月，融资前须说明理由",
        limit.source,
    )


def _smallest_lot(rules: RuleSet, facts: FinancingFacts, day: date) -> RuleBreach | None:
    limit = rules.value(LedgerParameter.MIN_LOT_MINOR, day)
    if facts.face_minor >= limit:
        return None
    return RuleBreach(
        "financing.smallest-lot",
        "amount",
        f"the smallest lot has {limit} minor units",
        f"最小凭证段为 {limit} 个最小货币单位",
        "ledger",
    )


def _registration(rules: RuleSet, facts: FinancingFacts, day: date) -> RuleBreach | None:
    required = rules.dated(Policy.REGISTRATION_REQUIRED, day)
    if required is None or facts.registration_ref != ZERO_DIGEST:
        return None
    return RuleBreach(
        "financing.registration",
        "registration_ref",
        "the assignment must be registered before it is paid for",
        "放款前须在动产融资统一登记公示系统（中登网）办理转让登记",
        required.source,
    )


def _notice(rules: RuleSet, facts: FinancingFacts, day: date) -> RuleBreach | None:
    required = rules.dated(Policy.NOTICE_REQUIRED, day)
    if required is None or facts.notice_ref != ZERO_DIGEST:
        return None
    return RuleBreach(
        "financing.notice",
        "notice_ref",
        "the debtor must be notified of the assignment",
        "须将转让事实通知债务人",
        required.source,
    )
