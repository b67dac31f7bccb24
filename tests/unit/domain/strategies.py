"""Random partitions of a face into lots, shared by the tests about title and money."""

from hypothesis import strategies as st

from domain.lots import LotRange, cut


@st.composite
def partitions(draw: st.DrawFn, face_max: int = 10**9, cuts_max: int = 12) -> tuple[int, list[LotRange]]:
    """(face, live lots) after random cuts off random lots, empty remains included."""
    face = draw(st.integers(1, face_max))
    lots = [LotRange(0, face)]
    for _ in range(draw(st.integers(0, cuts_max))):
        index = draw(st.integers(0, len(lots) - 1))
        if lots[index].amount:
            child, rest = cut(lots[index], draw(st.integers(1, lots[index].amount)))
            lots[index] = rest
            lots.append(child)
    return face, lots
