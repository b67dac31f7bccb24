"""What happens, in the order of the days on which it happens."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.story.timeline import DAY_S, Timeline, instant


class World:
    def __init__(self) -> None:
        self.clock: list[int] = []
        self.done: list[str] = []
        self.timeline = Timeline(self.reach)

    async def reach(self, instant_s: int) -> None:
        self.clock.append(instant_s)

    def plan(self, instant_s: int, name: str) -> None:
        async def action() -> None:
            self.done.append(name)

        self.timeline.at(instant_s, action)


def test_an_instant_is_a_full_hour_in_utc() -> None:
    assert instant(date(1970, 1, 2), 1) == DAY_S + 3600


@given(instants=st.lists(st.integers(min_value=0, max_value=5), max_size=12))
async def test_events_happen_in_the_order_of_time_and_then_in_that_of_planning(instants: list[int]) -> None:
    world = World()
    for position, instant_s in enumerate(instants):
        world.plan(instant_s, f"{instant_s}:{position}")
    await world.timeline.play()
    expected = sorted(enumerate(instants), key=lambda event: (event[1], event[0]))
    assert world.done == [f"{instant_s}:{position}" for position, instant_s in expected]
    assert world.clock == sorted(instants)


async def test_an_action_may_plan_what_follows_from_it() -> None:
    world = World()

    async def first() -> None:
        world.plan(world.timeline.now_s + DAY_S, "second")

    world.timeline.at(10, first)
    await world.timeline.play()
    assert (world.done, world.clock) == (["second"], [10, 10 + DAY_S])


async def test_nothing_can_be_planned_for_the_past() -> None:
    world = World()

    async def late() -> None:
        world.plan(9, "never")

    world.timeline.at(10, late)
    with pytest.raises(ValueError, match="9 is before 10"):
        await world.timeline.play()
