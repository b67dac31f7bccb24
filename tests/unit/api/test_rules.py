"""Breaches of the rule set as one problem."""

import pytest

from api.http.problems import Problem
from api.rules import refuse_breaches
from domain.gates import RuleBreach


def test_no_breach_is_no_problem() -> None:
    refuse_breaches([])


def test_all_breaches_are_listed_with_their_sources() -> None:
    breaches = [
        RuleBreach(f"issue.rule-{number}", "due_date", "too late", "过晚", "No. 77") for number in (1, 2)
    ]
    with pytest.raises(Problem) as caught:
        refuse_breaches(breaches)
    document = caught.value.document()
    assert (document["status"], document["code"]) == (422, "rules-breached")
    assert document["breaches"][0] == {
        "rule": "issue.rule-1",
        "place": "due_date",
        "message": "too late",
        "message_zh": "过晚",
        "source": "No. 77",
    }
    assert len(document["breaches"]) == 2
