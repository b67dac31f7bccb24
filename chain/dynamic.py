"""ABI types of no fixed size, by eth_abi, with addresses as 20 bytes.

Importing eth_abi takes as long as mirroring some thousand events, and nearly all that a mirror reads is
static words: whoever needs this module imports it when there is something for it.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from eth_abi.codec import ABICodec
from eth_abi.decoding import AddressDecoder
from eth_abi.exceptions import DecodingError
from eth_abi.registry import BaseEquals
from eth_abi.registry import registry as default_registry

from chain.errors import DecodeError


class _RawAddressDecoder(AddressDecoder):
    decoder_fn = staticmethod(bytes)  # type: ignore[assignment]  # the base class gives text


def _raw_address_codec() -> ABICodec:
    registry = default_registry.copy()  # type: ignore[no-untyped-call]
    registry.unregister_decoder("address")
    only_address = BaseEquals("address")  # type: ignore[no-untyped-call]
    registry.register_decoder(only_address, _RawAddressDecoder, label="address")
    return ABICodec(registry)


_CODEC = _raw_address_codec()


def encode(kinds: Sequence[str], values: Sequence[object]) -> bytes:
    """Arguments of a call. Raises eth_abi's EncodingError."""
    return _CODEC.encode(kinds, [_plain(value) for value in values])


def decode(kinds: Sequence[str], data: bytes) -> tuple[Any, ...]:
    """Values of any types. Raises DecodeError."""
    try:
        return _CODEC.decode(kinds, data)
    except (DecodingError, OverflowError, ValueError) as error:
        raise DecodeError(f"not {', '.join(kinds)}: {error}") from error


def _plain(value: object) -> object:
    """Structs as the tuples that eth_abi wants."""
    if isinstance(value, msgspec.Struct):
        return tuple(_plain(getattr(value, field)) for field in value.__struct_fields__)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
