"""Randomness of intents: no two are alike, and nobody guesses what a commitment hides."""

import secrets


def new_salt() -> int:
    """The 64-bit `salt` of an intent: the same command twice is two intents."""
    return secrets.randbits(64)


def secret_salt() -> str:
    """The `salt` member of a secret document: without its 256 bits the commitment tells nothing of the
    content.
    """
    return secrets.token_hex(32)
