"""Keys to the API and the record of what was done with them."""

from typing import Any

from sqlalchemy import JSON, BigInteger
from sqlmodel import Field

from api.db import AppTable


class ApiKey(AppTable, table=True):
    """A key: only the SHA-256 of its 256-bit secret is kept. Times are wall clock, ms since 1970."""

    __tablename__ = "api_key"

    id: str = Field(primary_key=True, max_length=40)
    secret_hash: str = Field(max_length=64)
    party: str = Field(max_length=42, index=True)
    scopes: list[str] = Field(sa_type=JSON)
    signer: str | None = Field(default=None, max_length=42)
    label: str = Field(max_length=80)
    created_ms: int = Field(sa_type=BigInteger)
    expires_ms: int | None = Field(default=None, sa_type=BigInteger)
    revoked_ms: int | None = Field(default=None, sa_type=BigInteger)
    replaced_by: str | None = Field(default=None, max_length=40)


class AccessToken(AppTable, table=True):
    """What a key was exchanged for, good for minutes and for no more than the key is; times as there."""

    __tablename__ = "access_token"

    id: str = Field(primary_key=True, max_length=40)
    secret_hash: str = Field(max_length=64)
    key_id: str = Field(max_length=40, index=True, foreign_key="api_key.id")
    scopes: list[str] = Field(sa_type=JSON)
    expires_ms: int = Field(sa_type=BigInteger, index=True)


class AuditEntry(AppTable, table=True):
    """One command: who, what, by which authority, and the digest of the request. `hash` covers the entry
    before.
    """

    __tablename__ = "audit_log"

    seq: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    at_ms: int = Field(sa_type=BigInteger)
    business_s: int = Field(sa_type=BigInteger)
    key_id: str = Field(max_length=40, index=True)
    party: str = Field(max_length=42)
    action: str = Field(max_length=80)
    subject: dict[str, Any] = Field(sa_type=JSON)
    authority: dict[str, Any] = Field(sa_type=JSON)
    digest: str = Field(max_length=66)
    status: int
    previous_hash: str = Field(max_length=66)
    hash: str = Field(max_length=66)
