"""Errors of web3 and aiohttp in our words: the one place where they are translated."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import aiohttp
from web3.exceptions import Web3Exception, Web3RPCError

from chain.errors import MalformedAnswer, NodeUnavailable
from chain.node_errors import from_rpc_error


@contextmanager
def translated() -> Iterator[None]:
    """Raise a ChainError instead of whatever a library raises for a failed request."""
    try:
        yield
    except Web3RPCError as error:
        response: Mapping[str, Any] = error.rpc_response or {}
        raise from_rpc_error(response.get("error") or {"message": error.message}) from error
    except Web3Exception as error:
        raise MalformedAnswer(f"the node's answer makes no sense: {error}") from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise NodeUnavailable(f"the node does not answer: {error!r}") from error
