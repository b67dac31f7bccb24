"""Between the text that people and `domain` use and the bytes of the ABI: addresses, words, derived
addresses.
"""

from functools import lru_cache

from eth_utils.address import to_checksum_address

from chain.keccak import keccak
from domain.ids import Digest, PartyAddress

ADDRESS_BYTES = 20
ADDRESSES_CACHED = 65_536


@lru_cache(maxsize=ADDRESSES_CACHED)
def checksum(address: bytes) -> str:
    """20 bytes as EIP-55 text; cached, since the same few addresses come again and again."""
    return str(to_checksum_address(address))


@lru_cache(maxsize=ADDRESSES_CACHED)
def address_bytes(address: str) -> bytes:
    """20 bytes of an address in hexadecimal, whatever its case. Raises ValueError."""
    raw = word_bytes(address)
    if len(raw) != ADDRESS_BYTES:
        raise ValueError(f"{address} is no address")
    return raw


def word_bytes(text: str) -> bytes:
    """Bytes of 0x text. Raises ValueError."""
    if not text.startswith("0x"):
        raise ValueError(f"{text} does not begin with 0x")
    return bytes.fromhex(text[2:])


def word_text(word: bytes) -> Digest:
    """Bytes as lower-case 0x text."""
    return Digest("0x" + word.hex())


def party_address(chain_id: int, registry: str, legal_id_hash: Digest) -> PartyAddress:
    """The address of a party, which nobody holds a key for: keccak(abi.encode(chain id, registry, legal id)).

    The same derivation as `Parties.partyAddress`, so that a party's address is known before it is admitted.
    """
    words = chain_id.to_bytes(32) + bytes(12) + address_bytes(registry) + word_bytes(legal_id_hash)
    return PartyAddress(checksum(keccak(words)[-ADDRESS_BYTES:]))
