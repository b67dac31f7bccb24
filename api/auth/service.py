"""API keys: made, checked and revoked. Their times are wall clock: how long a secret is good is no business
matter.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from typing import Final

from sqlmodel import col, select

from api.auth.caller import Caller, Scope
from api.auth.models import ApiKey
from api.db import Databases, ReadSession, WriteSession
from api.http.problems import NOT_FOUND, UNAUTHENTICATED
from api.ids import new_id, now_ms
from domain.ids import PartyAddress

KEY_ID_PREFIX: Final = "key"
_SECRET_BYTES: Final = 32
_BEARER: Final = re.compile(r"Bearer tly_(key_[0-9a-z]{26})_([0-9a-f]{64})", re.ASCII | re.IGNORECASE)
_NO_SECRET: Final = hashlib.sha256(b"").hexdigest()


async def mint_key(
    session: WriteSession,
    *,
    party: PartyAddress,
    scopes: Iterable[Scope],
    label: str,
    signer: str | None = None,
    expires_ms: int | None = None,
) -> tuple[str, str]:
    """A new key's id, and the key itself, which is nowhere kept and cannot be shown again."""
    key_id, secret = new_id(KEY_ID_PREFIX), secrets.token_hex(_SECRET_BYTES)
    session.add(
        ApiKey(
            id=key_id,
            secret_hash=_hashed(secret),
            party=party,
            scopes=sorted(scopes),
            signer=signer,
            label=label,
            created_ms=now_ms(),
            expires_ms=expires_ms,
        )
    )
    await session.flush()
    return key_id, f"tly_{key_id}_{secret}"


async def authenticate(databases: Databases, authorization: str | None) -> Caller:
    """Who an `Authorization` header speaks for. Raises `unauthenticated`, which never says what was wrong
    with it.
    """
    match = _BEARER.fullmatch(authorization or "")
    if match is None:
        raise UNAUTHENTICATED("send Authorization: Bearer tly_…")
    async with databases.reading() as session:
        key = await session.get(ApiKey, match[1].lower())
    # An unknown id costs the same comparison as a wrong secret.
    matches = hmac.compare_digest(_hashed(match[2].lower()), key.secret_hash if key else _NO_SECRET)
    if key is None or not matches or not _is_live(key):
        raise UNAUTHENTICATED("the API key is unknown, revoked or expired")
    scopes = frozenset(Scope(scope) for scope in key.scopes)
    return Caller(key.id, PartyAddress(key.party), scopes, key.signer)


async def is_live(databases: Databases, key_id: str) -> bool:
    """Whether a key is neither revoked nor expired."""
    async with databases.reading() as session:
        key = await session.get(ApiKey, key_id)
    return key is not None and _is_live(key)


async def revoke_key(session: WriteSession, party: PartyAddress, key_id: str) -> ApiKey:
    """End a party's key now; a key that has ended stays ended."""
    key = await session.get(ApiKey, key_id)
    if key is None or key.party != party:
        raise NOT_FOUND("no such API key")
    key.revoked_ms = key.revoked_ms or now_ms()
    await session.flush()
    return key


async def keys_of(session: ReadSession, party: PartyAddress) -> Sequence[ApiKey]:
    """All keys of a party, ended ones included, oldest first."""
    statement = select(ApiKey).where(ApiKey.party == party).order_by(col(ApiKey.id))
    return (await session.scalars(statement)).all()


def _is_live(key: ApiKey) -> bool:
    return key.revoked_ms is None and (key.expires_ms is None or key.expires_ms > now_ms())


def _hashed(secret: str) -> str:
    # A 256-bit random secret needs no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode()).hexdigest()
