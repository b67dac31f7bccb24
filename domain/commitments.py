"""Commitments to off-chain documents: SHA-256 over canonical JSON (ADR 0009).

Canonical: UTF-8, keys ASCII and sorted, no spaces, no floats, integers that JavaScript can hold too; amounts
are decimal strings. That is RFC 8785 (JCS) for this subset, so a verifier in any language computes the same
digest.
"""

import hashlib
import json

from domain.errors import NotCanonical
from domain.ids import Digest

JSON_INTEGER_MAX = (1 << 53) - 1


def canonical_json(document: object) -> bytes:
    """The one spelling of a document made of dict, list, tuple, str, int, bool and None."""
    _require_canonical(document, "$")
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("text with half a surrogate pair has no UTF-8", place="$") from error


def commitment(document: object) -> Digest:
    """SHA-256 of the canonical JSON as a 32-byte word. Secret documents need a random `salt` member."""
    return Digest("0x" + hashlib.sha256(canonical_json(document)).hexdigest())


def _require_canonical(node: object, place: str) -> None:
    match node:
        case None | bool() | str():
            return
        case int():
            if abs(node) > JSON_INTEGER_MAX:
                raise NotCanonical("write integers beyond 2**53 - 1 as strings", place=place)
        case dict():
            for key, member in node.items():
                if not isinstance(key, str) or not key.isascii():
                    raise NotCanonical("keys must be ASCII text", place=place, values={"key": str(key)})
                _require_canonical(member, f"{place}.{key}")
        case list() | tuple():
            for index, member in enumerate(node):
                _require_canonical(member, f"{place}[{index}]")
        case _:
            raise NotCanonical(f"{type(node).__name__} has no canonical form", place=place)
