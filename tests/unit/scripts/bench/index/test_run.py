"""What is asked for has to be there."""

import pytest

from scripts.bench.index.run import bench
from scripts.bench.registry import bench as by_name
from scripts.exits import ExitCode, Failure


def test_a_part_that_there_is_not_is_named_with_those_that_there_are() -> None:
    known = "no part 'speed'; there are flat, peers, real, live, growth, check"
    with pytest.raises(Failure, match=known) as caught:
        bench(as_json=False, parts=["flat", "speed"])
    assert caught.value.code is ExitCode.BAD_USE


@pytest.mark.parametrize("options", [{"parts": ["flat"]}, {"events": 10}])
def test_a_benchmark_without_parts_takes_none(options: dict[str, object]) -> None:
    with pytest.raises(Failure, match="gas has no parts and no number of events") as caught:
        by_name("gas", as_json=False, **options)  # type: ignore[arg-type]  # each is right by itself
    assert caught.value.code is ExitCode.BAD_USE
