"""Intents that wait for signatures."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKeyConstraint
from sqlmodel import Field

from api.db import SCHEMA, AppTable


class IntentState(StrEnum):
    """Stored states; `expired` follows from business time and is never stored."""

    PREPARED = "prepared"
    COLLECTING = "collecting"
    COMPLETE = "complete"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class IntentRecord(AppTable, table=True):
    """An intent and what it is for. `fields` are its struct's fields as text and numbers, `summary` its
    words.
    """

    __tablename__ = "intent"

    digest: str = Field(primary_key=True, max_length=66)
    kind: str = Field(max_length=24)
    state: str = Field(default=IntentState.PREPARED, max_length=12)
    fields: dict[str, Any] = Field(sa_type=JSON)
    summary: list[dict[str, str]] = Field(sa_type=JSON)
    subject_ref: str = Field(max_length=120, index=True)
    expires_s: int = Field(sa_type=BigInteger)
    operation_id: str | None = Field(default=None, max_length=40)
    created_ms: int = Field(sa_type=BigInteger)


class IntentRequirement(AppTable, table=True):
    """A party whose signers must meet their threshold for a power; `position` is the order of the call's
    arguments.
    """

    __tablename__ = "intent_requirement"
    __table_args__ = (ForeignKeyConstraint(["digest"], [f"{SCHEMA}.intent.digest"]),)

    digest: str = Field(primary_key=True, max_length=66)
    position: int = Field(primary_key=True)
    party: str = Field(max_length=42, index=True)
    power: int


class IntentSignature(AppTable, table=True):
    """A signature by a signer of a party; the key makes one signer count once."""

    __tablename__ = "intent_signature"
    __table_args__ = (ForeignKeyConstraint(["digest"], [f"{SCHEMA}.intent.digest"]),)

    digest: str = Field(primary_key=True, max_length=66)
    party: str = Field(primary_key=True, max_length=42)
    signer: str = Field(primary_key=True, max_length=42)
    signature: str = Field(max_length=132)
    key_id: str = Field(max_length=40)
    created_ms: int = Field(sa_type=BigInteger)
