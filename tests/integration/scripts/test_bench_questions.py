"""The benchmark of questions at a small size: every one is answered, and the growth is measured."""

import json

import pytest

from scripts.bench.questions.run import bench
from scripts.exits import ExitCode, Failure


def test_every_question_has_a_figure_beside_its_target(capsys: pytest.CaptureFixture[str]) -> None:
    bench(as_json=True, parts=["sqlite"], events=3_000, times=3)
    document = json.loads(capsys.readouterr().out)
    assert (document["lots"], document["times"]) == (300, 3)
    figures = {figure["name"]: figure for figure in document["sqlite"]}
    asked = [figure for name, figure in figures.items() if name.endswith(", p95")]
    assert len(asked) > 15
    assert all(figure["target"] == 20 and figure["value"] > 0 for figure in asked)
    assert figures["growth a million events, facts"]["value"] > 100
    assert figures["growth a million events, projections"]["value"] > 10


def test_a_database_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Failure, match="no part 'oracle'; there are sqlite, postgres") as caught:
        bench(as_json=False, parts=["sqlite", "oracle"])
    assert caught.value.code is ExitCode.BAD_USE
