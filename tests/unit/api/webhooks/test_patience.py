"""Pauses between attempts grow, differ, and end."""

import pytest

from api.webhooks.patience import DAY_MS, PAUSE_MAX_MS, has_had_enough, pause_ms


@pytest.mark.parametrize(("failures", "longest_ms"), [(1, 1_000), (2, 2_000), (5, 16_000), (12, 2_048_000)])
def test_each_failure_doubles_the_pause(failures: int, longest_ms: int) -> None:
    pauses = [pause_ms(failures) for _ in range(200)]
    assert longest_ms // 2 <= min(pauses)
    assert max(pauses) <= longest_ms
    assert len(set(pauses)) > 10


def test_no_pause_is_longer_than_an_hour() -> None:
    assert max(pause_ms(10_000) for _ in range(200)) <= PAUSE_MAX_MS


def test_after_some_days_it_is_enough() -> None:
    assert not has_had_enough(1_000, 1_000 + 5 * DAY_MS - 1, 5)
    assert has_had_enough(1_000, 1_000 + 5 * DAY_MS, 5)
