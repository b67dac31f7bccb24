from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.errors import NoRuleInForce, UnknownRuleSet
from domain.gates import (
    FinancingFacts,
    IssueFacts,
    RuleBreach,
    financing_breaches,
    issue_breaches,
    would_refuse,
)
from domain.ids import ZERO_DIGEST, Digest
from domain.rules import CN, PLAIN, RULE_SETS, LedgerParameter, Policy, rule_set_of
from tests.support.rules import CAP_SINCE, CAP_SOURCE, SIX_MONTHS_CAP

TODAY = date(2026, 3, 2)
REF = Digest("0x" + "01" * 32)

ISSUE = IssueFacts(
    issue_date=TODAY,
    due_date=date(2026, 4, 20),
    invoice_dates=(date(2026, 2, 20), date(2026, 3, 1)),
    delivered_on=date(2026, 2, 25),
    debtor_is_large=True,
    creditor_is_small=True,
)
FINANCING = FinancingFacts(
    issue_date=TODAY, due_date=date(2026, 9, 2), face_minor=100, registration_ref=REF, notice_ref=REF
)


def rules_of(breaches: list[RuleBreach]) -> list[str]:
    return [breach.rule for breach in breaches]


def test_profiles_are_found_by_name() -> None:
    assert rule_set_of("cn") is CN
    assert rule_set_of("plain") is PLAIN
    with pytest.raises(UnknownRuleSet):
        rule_set_of("mars")


def test_a_rule_holds_from_its_day_on() -> None:
    assert CN.dated(Policy.MAX_TERM_MONTHS, date(2025, 6, 14)) is None
    in_force = CN.dated(Policy.MAX_TERM_MONTHS, date(2025, 6, 15))
    assert in_force is not None
    assert (in_force.value, in_force.source) == (12, "银发〔2025〕77号 Yinfa [2025] No. 77")
    with pytest.raises(NoRuleInForce):
        PLAIN.value(Policy.MAX_TERM_MONTHS, TODAY)


def test_every_profile_gives_the_ledger_all_its_parameters() -> None:
    for rules in RULE_SETS.values():
        assert set(rules.ledger_values(TODAY)) == set(LedgerParameter)
    assert CN.ledger_values(date(2025, 6, 14))[LedgerParameter.MAX_TERM_DAYS] == 1_830
    assert CN.ledger_values(TODAY)[LedgerParameter.MAX_TERM_DAYS] == 366


def test_changes_that_are_known_on_a_day_are_those_after_it() -> None:
    changes = CN.ledger_changes(date(2025, 5, 31))
    assert [(parameter, dated.value, dated.effective) for parameter, dated in changes] == [
        (LedgerParameter.MAX_TERM_DAYS, 366, date(2025, 6, 15)),
        (LedgerParameter.LATE_RATE_PPM_PER_DAY, 500, date(2025, 6, 1)),
        (LedgerParameter.STATUTORY_TERM_DAYS, 60, date(2025, 6, 1)),
    ]
    assert CN.ledger_changes(date(2025, 6, 15)) == ()
    assert PLAIN.ledger_changes(date(1970, 1, 1)) == ()


def test_an_ordinary_receivable_is_issued_and_financed() -> None:
    for rules in RULE_SETS.values():
        assert issue_breaches(rules, ISSUE, TODAY) == []
        assert financing_breaches(rules, FINANCING, TODAY) == []


@pytest.mark.parametrize(
    ("facts", "cn", "plain"),
    [
        (replace(ISSUE, due_date=date(2026, 3, 1)), ["issue.due-in-past"], ["issue.due-in-past"]),
        (replace(ISSUE, due_date=TODAY), [], []),
        (replace(ISSUE, due_date=date(2027, 3, 2), debtor_is_large=False), [], []),
        (replace(ISSUE, due_date=date(2027, 3, 3), debtor_is_large=False), ["issue.term-months"], []),
        (
            replace(ISSUE, due_date=date(2027, 4, 2), debtor_is_large=False),
            ["issue.term-days", "issue.term-months"],
            [],
        ),
        (
            replace(ISSUE, due_date=date(2031, 4, 2), extension_signed=True),
            ["issue.term-days", "issue.term-months"],
            ["issue.term-days"],
        ),
        (replace(ISSUE, invoice_dates=(date(2026, 3, 3),)), ["issue.prepayment"], ["issue.prepayment"]),
        (replace(ISSUE, delivered_on=date(2026, 3, 3)), ["issue.prepayment"], ["issue.prepayment"]),
        (replace(ISSUE, due_date=date(2026, 4, 26)), [], []),
        (replace(ISSUE, due_date=date(2026, 4, 27)), ["issue.statutory-term"], []),
        (replace(ISSUE, due_date=date(2026, 4, 27), extension_signed=True), [], []),
        (replace(ISSUE, due_date=date(2026, 4, 27), debtor_is_large=False), [], []),
        (replace(ISSUE, due_date=date(2026, 4, 27), creditor_is_small=False), [], []),
        (replace(ISSUE, due_date=date(2026, 4, 30), delivered_on=None), [], []),
        (replace(ISSUE, due_date=date(2026, 5, 1), delivered_on=None), ["issue.statutory-term"], []),
        (replace(ISSUE, delivered_on=None, invoice_dates=()), [], []),
    ],
)
def test_gates_before_issue(facts: IssueFacts, cn: list[str], plain: list[str]) -> None:
    assert rules_of(issue_breaches(CN, facts, TODAY)) == cn
    assert rules_of(issue_breaches(PLAIN, facts, TODAY)) == plain


@pytest.mark.parametrize(
    ("facts", "cn", "plain"),
    [
        (replace(FINANCING, due_date=date(2026, 9, 3)), ["financing.term-reason"], []),
        (replace(FINANCING, due_date=date(2026, 9, 3), reason_code="seasonal"), [], []),
        (replace(FINANCING, face_minor=99), ["financing.smallest-lot"], ["financing.smallest-lot"]),
        (replace(FINANCING, registration_ref=ZERO_DIGEST), ["financing.registration"], []),
        (replace(FINANCING, notice_ref=ZERO_DIGEST), ["financing.notice"], []),
    ],
)
def test_gates_before_financing(facts: FinancingFacts, cn: list[str], plain: list[str]) -> None:
    assert rules_of(financing_breaches(CN, facts, TODAY)) == cn
    assert rules_of(financing_breaches(PLAIN, facts, TODAY)) == plain


def test_no_national_rule_holds_before_its_day() -> None:
    early = replace(
        ISSUE, issue_date=date(2025, 5, 30), due_date=date(2027, 1, 1), invoice_dates=(), delivered_on=None
    )
    assert issue_breaches(CN, early, date(2025, 5, 31)) == []
    assert rules_of(issue_breaches(CN, early, date(2025, 6, 15))) == ["issue.term-days", "issue.term-months"]


def test_a_breach_says_where_and_why_in_both_languages_with_its_source() -> None:
    (breach,) = financing_breaches(CN, replace(FINANCING, registration_ref=ZERO_DIGEST), TODAY)
    assert breach.place == "registration_ref"
    assert "registered" in breach.message_en
    assert "登记" in breach.message_zh
    assert "77" in breach.source


@pytest.mark.parametrize(
    ("issue_date", "due_date", "refused"),
    [
        (date(2026, 9, 30), date(2027, 9, 30), []),
        (date(2026, 9, 30), date(2027, 10, 1), ["issue.term-months"]),
        (date(2026, 10, 1), date(2027, 4, 1), []),
        (date(2026, 10, 1), date(2027, 4, 2), ["issue.term-months"]),
        (date(2026, 10, 1), date(2027, 4, 4), ["issue.term-days", "issue.term-months"]),
        (date(2026, 10, 1), date(2027, 10, 1), ["issue.term-days", "issue.term-months"]),
        # the longest six months there are: the days of the ledger must not refuse what the months allow
        (date(2027, 3, 1), date(2027, 9, 1), []),
        (date(2027, 8, 31), date(2028, 2, 29), []),
    ],
)
def test_the_longest_term_falls_to_six_months_on_its_day_and_not_before(
    issue_date: date, due_date: date, refused: list[str]
) -> None:
    facts = replace(ISSUE, issue_date=issue_date, due_date=due_date, debtor_is_large=False)
    assert rules_of(issue_breaches(SIX_MONTHS_CAP, facts, issue_date)) == refused


def test_a_breach_of_the_scheduled_cap_names_the_source_of_the_cap() -> None:
    nine_months = replace(ISSUE, due_date=date(2026, 12, 2), extension_signed=True)
    assert issue_breaches(SIX_MONTHS_CAP, nine_months, CAP_SINCE - timedelta(days=1)) == []
    by_days, by_months = issue_breaches(SIX_MONTHS_CAP, nine_months, CAP_SINCE)
    assert (by_days.rule, by_months.rule) == ("issue.term-days", "issue.term-months")
    assert by_months.source == CAP_SOURCE


def test_the_cap_is_told_to_the_ledger_ahead_of_its_day() -> None:
    before = CAP_SINCE - timedelta(days=1)
    assert SIX_MONTHS_CAP.ledger_values(before)[LedgerParameter.MAX_TERM_DAYS] == 366
    assert SIX_MONTHS_CAP.ledger_values(CAP_SINCE)[LedgerParameter.MAX_TERM_DAYS] == 184
    ((parameter, dated),) = SIX_MONTHS_CAP.ledger_changes(before)
    assert (parameter, dated.value, dated.effective) == (LedgerParameter.MAX_TERM_DAYS, 184, CAP_SINCE)
    assert SIX_MONTHS_CAP.ledger_changes(CAP_SINCE) == ()


def test_an_amended_rule_set_leaves_the_one_it_came_from_alone() -> None:
    assert CN.value(Policy.MAX_TERM_MONTHS, CAP_SINCE) == 12
    assert CN.value(LedgerParameter.MAX_TERM_DAYS, CAP_SINCE) == 366


def test_what_a_rule_would_have_refused_can_be_asked_before_it_takes_effect() -> None:
    last_month = [ISSUE, replace(ISSUE, due_date=date(2026, 12, 2), extension_signed=True), ISSUE]
    refused = would_refuse(issue_breaches, SIX_MONTHS_CAP, last_month, CAP_SINCE)
    assert {position: rules_of(found) for position, found in refused.items()} == {
        1: ["issue.term-days", "issue.term-months"]
    }
    assert would_refuse(issue_breaches, CN, last_month, TODAY) == {}


def test_the_statutory_term_holds_between_a_large_buyer_and_a_small_supplier_only() -> None:
    late = replace(ISSUE, due_date=date(2026, 4, 27))
    (breach,) = issue_breaches(CN, late, TODAY)
    assert (breach.rule, breach.place) == ("issue.statutory-term", "due_date")
    assert "2026-04-26" in breach.message_en
    assert "2026-04-26" in breach.message_zh
    assert "802" in breach.source
    early = replace(
        late, issue_date=date(2025, 5, 31), delivered_on=date(2025, 1, 1), invoice_dates=(date(2025, 1, 1),)
    )
    assert "issue.statutory-term" not in rules_of(issue_breaches(CN, early, date(2025, 5, 31)))
    assert "issue.statutory-term" in rules_of(issue_breaches(CN, early, date(2025, 6, 1)))
