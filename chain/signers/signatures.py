"""Signatures as the ledger takes them (ADR 0010): 65 bytes (r, s, v) each, in ascending order of signer."""

from collections.abc import Iterable

from eth_keys.datatypes import Signature
from eth_keys.exceptions import BadSignature
from eth_utils.exceptions import ValidationError

from chain.errors import SignerError
from chain.text import address_bytes, word_bytes
from domain.ids import Digest

SIGNATURE_BYTES = 65
_V_OFFSET = 27
_HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0


def encode_signatures(signatures: Iterable[tuple[str, bytes]]) -> bytes:
    """Pack (signer address, 65 bytes) pairs for a contract. Raises SignerError for a signer named twice."""
    ordered = sorted((address_bytes(address), signature) for address, signature in signatures)
    signers = [address for address, _ in ordered]
    if len(set(signers)) != len(signers):
        raise SignerError("one signer signed twice")
    if any(len(signature) != SIGNATURE_BYTES for _, signature in ordered):
        raise SignerError(f"a signature is {SIGNATURE_BYTES} bytes")
    return b"".join(signature for _, signature in ordered)


def recover_signer(digest: Digest, signature: bytes) -> str:
    """Checksummed address of the key that made a signature. Raises SignerError.

    Only v of 27 or 28 and the lower half of s are accepted, as in the contract: otherwise one signature would
    have two spellings.
    """
    if len(signature) != SIGNATURE_BYTES or signature[64] not in (_V_OFFSET, _V_OFFSET + 1):
        raise SignerError("a signature is 65 bytes that end in 27 or 28")
    if int.from_bytes(signature[32:64]) > _HALF_ORDER:
        raise SignerError("the signature's s is in the upper half of the curve order")
    try:
        parsed = Signature(signature[:64] + bytes([signature[64] - _V_OFFSET]))
        return parsed.recover_public_key_from_msg_hash(word_bytes(digest)).to_checksum_address()
    except (BadSignature, ValidationError) as error:
        raise SignerError("not a signature") from error
