"""Positions of events over branches: what a reader may keep, and that no two events are called the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.branches import Branches, Mark, Turn, UnknownMark

ONE = Branches([Turn(1, 95, 0)])
BLOCKS = 12


@pytest.mark.parametrize("text", ["0:0", "0:118:4", "12:118", "0:118:0"])
def test_a_position_is_read_as_it_is_written(text: str) -> None:
    assert str(Mark.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "1", "a:1", "0:1:2:3", "-1:2", "0:1:", "0:1:-1", "0:" + "9" * 19, "٠:1"]
)
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(UnknownMark):
        Mark.parse(text)


def test_a_whole_block_is_behind_all_of_its_logs() -> None:
    assert Mark(0, 5).key > Mark(0, 5, 10**6).key > Mark(0, 5, 0).key
    assert Mark(0, 6, 0).key > Mark(0, 5).key


@pytest.mark.parametrize(
    ("mark", "left_at"),
    [
        (Mark(0, 95), None),
        (Mark(0, 95, 3), None),
        (Mark(0, 96, 0), Mark(0, 95)),
        (Mark(0, 200), Mark(0, 95)),
        (Mark(1, 96, 0), None),
        (Mark(1, 97), None),
    ],
)
def test_what_was_read_of_a_branch_that_was_left_is_to_be_forgotten(mark: Mark, left_at: Mark | None) -> None:
    assert ONE.left_at(mark) == left_at


@pytest.mark.parametrize("mark", [Mark(1, 95), Mark(1, 3, 1), Mark(2, 96), Mark(2, 3)])
def test_a_position_that_was_never_given_out_is_unknown(mark: Mark) -> None:
    with pytest.raises(UnknownMark):
        ONE.left_at(mark)


def test_without_a_reorganisation_everything_is_of_epoch_0() -> None:
    branches = Branches()
    assert (branches.mark(7, 2), branches.left_at(Mark(0, 10**6)), branches.last) == (
        Mark(0, 7, 2),
        None,
        None,
    )
    with pytest.raises(UnknownMark):
        branches.left_at(Mark(1, 7))


@given(
    st.lists(st.tuples(st.integers(0, BLOCKS), st.integers(1, 4)), max_size=8),
    st.data(),
)
def test_a_reader_that_goes_on_as_told_ends_with_the_chain(
    moves: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Against a chain that is a list: each block is called by the move that put it there."""
    chain, turns = [f"0.{number}" for number in range(BLOCKS + 1)], list[Turn]()
    seen: dict[str, str] = {}
    kept, mark = list[str](), Mark(0, 0)
    for step, (back_to, added) in enumerate([(BLOCKS, 0), *moves]):
        if step:
            common = min(back_to, len(chain) - 2)
            turns.append(Turn(len(turns) + 1, common, 0))
            chain = [*chain[: common + 1], *(f"{step}.{common + 1 + place}" for place in range(added))]
        branches = Branches(turns)
        for number, block in enumerate(chain):
            assert seen.setdefault(str(branches.mark(number)), block) == block
        if not data.draw(st.booleans()):
            continue
        left_at = branches.left_at(mark)
        if left_at is not None:
            assert branches.left_at(left_at) is None
            kept, mark = kept[: left_at.block_number], left_at
        kept, mark = (
            kept + chain[mark.block_number + 1 :],
            branches.mark(max(len(chain) - 1, mark.block_number)),
        )
        assert kept[: len(chain) - 1] == chain[1:]
