"""The reference model alone, under random commands: its books never contradict themselves."""

from hypothesis import given

from tests.support.reference.alone import fresh_desk
from tests.support.reference.play import Play, Tally, sequences


@given(sequences(30))
def test_the_books_stay_sound_whatever_is_asked(seeds: bytes) -> None:
    tally = Tally()
    Play(fresh_desk(), tally).run(seeds)
    assert tally.accepted["Issue"] > 0
