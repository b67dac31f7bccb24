"""What the members of the cast are admitted as."""

import pytest

from scripts.story.acts.admission import roles_of
from scripts.story.people import Member, Part


@pytest.mark.parametrize("part", Part)
def test_every_part_is_admitted_as_something(part: Part) -> None:
    assert roles_of(Member("one", "CN", (), {part}))


def test_classes_by_law_come_with_the_part() -> None:
    assert roles_of(Member("core", "CN", (), {Part.CORE})) == ["debtor", "large_buyer"]
    assert roles_of(Member("tier 1", "CN", (), {Part.TIER_1})) == ["small_supplier", "supplier"]


def test_nobody_is_large_and_small_at_once() -> None:
    both = Member("core that supplies", "CN", (), {Part.CORE, Part.TIER_1})
    assert roles_of(both) == ["debtor", "large_buyer", "supplier"]
