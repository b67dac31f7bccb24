"""What a signer can do, wherever its key lives."""

from dataclasses import dataclass
from typing import Protocol

from chain.tx import Transaction
from chain.typed_data import TypedData


@dataclass(frozen=True, slots=True)
class SignedTransaction:
    """`hash` as 0x text; `raw` is what the node takes."""

    hash: str
    raw: bytes


class Signer(Protocol):
    """One key. Asynchronous, since a key may live in another process or machine. Every method raises
    SignerError.
    """

    @property
    def address(self) -> str:
        """Checksummed address of the key."""
        ...

    async def sign_typed_data(self, data: TypedData) -> bytes:
        """65 bytes (r, s, v) over an EIP-712 message."""
        ...

    async def sign_transaction(self, transaction: Transaction) -> SignedTransaction:
        """The transaction ready to send."""
        ...
