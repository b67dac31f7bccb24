"""Errors of web3, aiohttp and the node in our words: the one place where they are translated."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import aiohttp
from web3.exceptions import Web3Exception, Web3RPCError

from chain.errors import (
    AlreadyKnown,
    ChainError,
    MalformedAnswer,
    NodeRejected,
    NodeUnavailable,
    NonceTooLow,
    Underpriced,
    decode_revert,
)

_BY_PHRASE: Final[tuple[tuple[str, type[NodeRejected]], ...]] = (
    ("nonce too low", NonceTooLow),
    ("already known", AlreadyKnown),
    ("already imported", AlreadyKnown),
    ("known transaction", AlreadyKnown),
    ("underpriced", Underpriced),
)
"""JSON-RPC has no codes for these; the phrases are those of anvil, Besu, Geth and Nethermind, in lower case.
"""

_REVERTED: Final = "revert"


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


def from_rpc_error(error: object) -> ChainError:
    """The `error` member of a JSON-RPC answer: a contract's revert with its values, or the node's refusal."""
    if not isinstance(error, Mapping):
        return NodeRejected(str(error))
    message = str(error.get("message", ""))
    data = _revert_data(error.get("data"))
    if data is not None and (data or _REVERTED in message.lower()):
        return decode_revert(data)
    lowered = message.lower()
    kind = next((kind for phrase, kind in _BY_PHRASE if phrase in lowered), NodeRejected)
    if kind is NodeRejected and _REVERTED in lowered:
        return decode_revert(b"")
    return kind(message, values={"code": error.get("code")})


def _revert_data(data: object) -> bytes | None:
    """Revert data as nodes put it: 0x text, or (Hardhat, Ganache) an object with it inside."""
    if isinstance(data, Mapping):
        data = data.get("data")
    if not isinstance(data, str) or not data.startswith("0x"):
        return None
    try:
        return bytes.fromhex(data[2:])
    except ValueError:
        return None
