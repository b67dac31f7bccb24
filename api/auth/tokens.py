"""Access tokens of OAuth 2.0's client credentials grant (RFC 6749, section 4.4).

The client is an API key: its id and its secret, exchanged for a token that is good for a quarter of an hour
and for all of the key's scopes or some. Tokens are random and looked up, so that one ends when its key does.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import col, delete

from api.auth.models import AccessToken, ApiKey
from api.auth.service import SECRET_BYTES, hashed
from api.db import WriteSession
from api.ids import new_id, now_ms

TOKEN_ID_PREFIX: Final = "tok"  # noqa: S105  # the beginning of an id
LIFETIME_S: Final = 900


@dataclass(frozen=True, slots=True)
class Issued:
    """The token itself is nowhere kept."""

    token: str
    scopes: Sequence[str]


async def issue(session: WriteSession, key: ApiKey, scopes: Sequence[str]) -> Issued:
    """A token of a live key; `scopes` are some of its own. What has expired of the key goes."""
    now = now_ms()
    await session.execute(
        delete(AccessToken).where(col(AccessToken.key_id) == key.id, col(AccessToken.expires_ms) <= now)
    )
    token_id, secret = new_id(TOKEN_ID_PREFIX), secrets.token_hex(SECRET_BYTES)
    session.add(
        AccessToken(
            id=token_id,
            secret_hash=hashed(secret),
            key_id=key.id,
            scopes=list(scopes),
            expires_ms=now + LIFETIME_S * 1000,
        )
    )
    await session.flush()
    return Issued(f"tly_{token_id}_{secret}", scopes)


async def revoke(session: WriteSession, key: ApiKey, token: str) -> None:
    """End a token of the key; any other text is nothing to it (RFC 7009, section 2.2)."""
    token_id, _, secret = token.removeprefix("tly_").rpartition("_")
    found = await session.get(AccessToken, token_id)
    if found is not None and found.key_id == key.id and found.secret_hash == hashed(secret):
        await session.delete(found)
        await session.flush()
