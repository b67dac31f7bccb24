"""Secrets and signatures as Standard Webhooks has them (standardwebhooks.com, version v1).

A secret is `whsec_` and 32 random bytes in base 64. The signature is an HMAC-SHA256 over `id.timestamp.body`.
In the database a secret is sealed with a key that follows from the network's secret, bound to its webhook: a
copy of the database alone signs nothing.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PREFIX: Final = "whsec_"
_SECRET_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_PURPOSE: Final = b"tallystick.webhook-secrets.v1"


class SecretUnreadable(Exception):
    """A sealed secret that was made under another secret of the network, or is broken."""


def new_secret() -> str:
    """A secret to be shown once."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signature(secret: str, message_id: str, timestamp_s: int, body: bytes) -> str:
    """One signature of a message: `v1,` and the code in base 64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    code = hmac.new(key, f"{message_id}.{timestamp_s}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(code).decode()}"


def headers(live: Iterable[str], message_id: str, timestamp_s: int, body: bytes) -> dict[str, str]:
    """What a message carries, signed with each of the secrets: one is enough for the receiver."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp_s),
        "webhook-signature": " ".join(signature(one, message_id, timestamp_s, body) for one in live),
    }


class Sealer:
    """Seals secrets for the database."""

    def __init__(self, consortium_secret: bytes) -> None:
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(consortium_secret)
        self._cipher = AESGCM(key)

    def seal(self, secret: str, webhook_id: str) -> str:
        """The secret of a webhook as it is kept."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, secret.encode(), webhook_id.encode())
        return base64.b64encode(nonce + sealed).decode()

    def open(self, sealed: str, webhook_id: str) -> str:
        """The secret again. Raises SecretUnreadable."""
        raw = base64.b64decode(sealed)
        try:
            return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], webhook_id.encode()).decode()
        except InvalidTag as error:
            raise SecretUnreadable(webhook_id) from error
