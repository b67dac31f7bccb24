"""API keys: made, checked, replaced and revoked. Their times are wall clock: how long a secret is good is no
business matter.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from typing import Final

from sqlmodel import col, select

from api.auth.caller import Caller, Scope
from api.auth.models import AccessToken, ApiKey
from api.db import Databases, ReadSession, WriteSession
from api.http.problems import NOT_FOUND, UNAUTHENTICATED, define
from api.ids import new_id, now_ms
from domain.ids import PartyAddress

KEY_ID_PREFIX: Final = "key"
SECRET_BYTES: Final = 32
_BEARER: Final = re.compile(r"Bearer tly_((?:key|tok)_[0-9a-z]{26})_([0-9a-f]{64})", re.ASCII | re.IGNORECASE)
_NO_SECRET: Final = hashlib.sha256(b"").hexdigest()

KEY_ENDED = define("key-ended", 409, "The API key has been replaced or has ended", "API 密钥已被更换或已失效")


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
    key_id, secret = new_id(KEY_ID_PREFIX), secrets.token_hex(SECRET_BYTES)
    session.add(
        ApiKey(
            id=key_id,
            secret_hash=hashed(secret),
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
    named, secret = match[1].lower(), match[2].lower()
    async with databases.reading() as session:
        if named.startswith(KEY_ID_PREFIX):
            key = await live_key(session, named, secret)
            scopes = key.scopes if key else []
        else:
            token = await _live_token(session, named, secret)
            key = await session.get(ApiKey, token.key_id) if token else None
            scopes = token.scopes if token else []
    if key is None or not _is_live(key):
        raise UNAUTHENTICATED("the API key or access token is unknown, revoked or expired")
    return Caller(key.id, PartyAddress(key.party), frozenset(Scope(scope) for scope in scopes), key.signer)


async def live_key(session: ReadSession, key_id: str, secret: str) -> ApiKey | None:
    """The key with this id, if the secret is its and it has not ended."""
    key = await session.get(ApiKey, key_id)
    return key if _has_secret(key, secret) and key is not None and _is_live(key) else None


async def replace_key(
    session: WriteSession, party: PartyAddress, key_id: str, *, overlap_ms: int, expires_ms: int | None
) -> tuple[str, str]:
    """A new key with the rights of an old one, which goes on for `overlap_ms` and no longer than before.

    As `mint_key`. Raises `not-found`, and `key-ended` for a key that was replaced before.
    """
    old = await _key_of(session, party, key_id)
    if old.replaced_by is not None or not _is_live(old):
        raise KEY_ENDED(f"{key_id} goes on no longer", key_id=key_id, replaced_by=old.replaced_by)
    new_key_id, api_key = await mint_key(
        session,
        party=party,
        scopes=[Scope(scope) for scope in old.scopes],
        label=old.label,
        signer=old.signer,
        expires_ms=expires_ms,
    )
    ends_ms = now_ms() + overlap_ms
    old.replaced_by = new_key_id
    old.expires_ms = ends_ms if old.expires_ms is None else min(old.expires_ms, ends_ms)
    await session.flush()
    return new_key_id, api_key


async def is_live(databases: Databases, key_id: str) -> bool:
    """Whether a key is neither revoked nor expired."""
    async with databases.reading() as session:
        key = await session.get(ApiKey, key_id)
    return key is not None and _is_live(key)


async def revoke_key(session: WriteSession, party: PartyAddress, key_id: str) -> ApiKey:
    """End a party's key now; a key that has ended stays ended."""
    key = await _key_of(session, party, key_id)
    key.revoked_ms = key.revoked_ms or now_ms()
    await session.flush()
    return key


async def keys_of(session: ReadSession, party: PartyAddress) -> Sequence[ApiKey]:
    """All keys of a party, ended ones included, oldest first."""
    statement = select(ApiKey).where(ApiKey.party == party).order_by(col(ApiKey.id))
    return (await session.scalars(statement)).all()


async def _key_of(session: WriteSession, party: PartyAddress, key_id: str) -> ApiKey:
    key = await session.get(ApiKey, key_id)
    if key is None or key.party != party:
        raise NOT_FOUND("no such API key")
    return key


async def _live_token(session: ReadSession, token_id: str, secret: str) -> AccessToken | None:
    token = await session.get(AccessToken, token_id)
    is_live = _has_secret(token, secret) and token is not None and token.expires_ms > now_ms()
    return token if is_live else None


def _has_secret(held: ApiKey | AccessToken | None, secret: str) -> bool:
    # An unknown id costs the same comparison as a wrong secret.
    return hmac.compare_digest(hashed(secret), held.secret_hash if held else _NO_SECRET)


def _is_live(key: ApiKey) -> bool:
    return key.revoked_ms is None and (key.expires_ms is None or key.expires_ms > now_ms())


def hashed(secret: str) -> str:
    """What is kept of a secret."""
    # A 256-bit random secret needs no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode()).hexdigest()
