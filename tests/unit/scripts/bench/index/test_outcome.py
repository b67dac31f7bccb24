"""A runner without a right result has no rate, and nothing is compared with it."""

import pytest

from scripts.bench.index.outcome import Outcome, ratios

OURS = Outcome("ours", 1_000, seconds=0.5)


def test_a_rate_is_events_by_seconds() -> None:
    assert OURS.events_per_s == 2_000
    assert OURS.as_dict()["events_per_s"] == 2_000


@pytest.mark.parametrize(
    "other",
    [
        Outcome("wrong", 1_000, seconds=0.1, problem="wrong: facts"),
        Outcome("missing", 1_000, problem="not measured: npm ci failed"),
        Outcome("not run", 1_000),
    ],
    ids=lambda outcome: outcome.name,
)
def test_what_is_wrong_or_missing_is_compared_with_nothing(other: Outcome) -> None:
    assert other.events_per_s is None
    assert [one.value for one in ratios([OURS], [other])] == [None]
    assert [one.value for one in ratios([other], [OURS])] == [None]


def test_each_of_ours_is_held_against_each_peer() -> None:
    half, same = Outcome("half", 1_000, seconds=1.0), Outcome("same", 1_000, seconds=0.5)
    found = ratios([OURS, half], [same])
    assert [(one.ours, one.peer, one.value) for one in found] == [
        ("ours", "same", 1.0),
        ("half", "same", 0.5),
    ]
