"""A key in this process: for keystore files, development and tests."""

import secrets
from typing import Self

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_typing import Hash32
from typing_extensions import override

from chain.signers.protocol import SignedTransaction
from chain.text import word_bytes, word_text
from chain.tx import Transaction
from chain.typed_data import TypedData, digest_of
from domain.ids import Digest

KEY_BYTES = 32


class LocalSigner:
    """Signs with coincurve, which eth_keys takes when it is installed. The key is in no text form."""

    __slots__ = ("_account",)

    def __init__(self, key: bytes) -> None:
        self._account: LocalAccount = Account.from_key(key)

    @classmethod
    def generate(cls) -> Self:
        """A signer with a new random key."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @property
    def address(self) -> str:
        """Checksummed address of the key."""
        return str(self._account.address)

    def sign_digest(self, digest: Digest) -> bytes:
        """65 bytes (r, s, v) over a digest that the caller computed itself."""
        return bytes(self._account.unsafe_sign_hash(Hash32(word_bytes(digest))).signature)

    async def sign_typed_data(self, data: TypedData) -> bytes:
        """65 bytes (r, s, v) over an EIP-712 message."""
        return self.sign_digest(digest_of(data))

    async def sign_transaction(self, transaction: Transaction) -> SignedTransaction:
        """The transaction ready to send."""
        signed = self._account.sign_transaction(transaction.as_rpc())
        return SignedTransaction(hash=word_text(bytes(signed.hash)), raw=bytes(signed.raw_transaction))

    @override
    def __repr__(self) -> str:
        return f"LocalSigner({self.address})"
