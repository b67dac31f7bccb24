"""A figure is held against its target from the right side."""

import pytest

from scripts.bench.figures import Figure, show


@pytest.mark.parametrize(
    ("figure", "met"),
    [
        (Figure("latency", 10.0, "ms", 10.0), True),
        (Figure("latency", 10.1, "ms", 10.0), False),
        (Figure("rate", 100.0, "events/s", 100.0, at_least=True), True),
        (Figure("rate", 99.0, "events/s", 100.0, at_least=True), False),
        (Figure("rate", None, "events/s", 100.0, at_least=True), None),
        (Figure("rate", 99.0, "events/s"), None),
    ],
)
def test_most_and_least(figure: Figure, met: bool | None) -> None:
    assert figure.met is met
    assert figure.as_dict()["met"] is met


def test_a_figure_without_value_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    show(
        "Figures",
        [Figure("first", None, "ms", 1.0, note="not built"), Figure("second", None, "ms")],
        as_json=False,
    )
    said = capsys.readouterr().out
    assert "not built" in said
    assert "not measured" in said
    assert "≤ 1" in said
