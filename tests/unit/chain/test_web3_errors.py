import aiohttp
import pytest
from web3.exceptions import BadResponseFormat, Web3RPCError

from chain.errors import (
    ChainError,
    MalformedAnswer,
    NodeUnavailable,
    NonceTooLow,
)
from chain.web3_errors import translated


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (aiohttp.ClientConnectionError("refused"), NodeUnavailable),
        (TimeoutError(), NodeUnavailable),
        (ConnectionResetError(), NodeUnavailable),
        (BadResponseFormat("odd"), MalformedAnswer),
        (Web3RPCError("nonce too low"), NonceTooLow),
    ],
)
def test_errors_of_libraries_are_translated_and_stay_the_cause(
    raised: Exception, kind: type[ChainError]
) -> None:
    with pytest.raises(kind) as caught, translated():
        raise raised
    assert caught.value.__cause__ is raised


def test_an_error_of_our_own_passes_unchanged() -> None:
    with pytest.raises(ZeroDivisionError), translated():
        raise ZeroDivisionError
