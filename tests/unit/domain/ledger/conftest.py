import pytest

from tests.support.reference.by_hand import ByHand


@pytest.fixture
def books() -> ByHand:
    """The model with its opening books."""
    return ByHand()
