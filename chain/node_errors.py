"""Errors of the node in our words: the one place where they are translated."""

from collections.abc import Mapping
from typing import Final

from chain.errors import (
    AlreadyKnown,
    ChainError,
    NodeRejected,
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
