"""Who is told where, how far, and what came of each attempt."""

from enum import StrEnum

from sqlalchemy import JSON, BigInteger, Boolean, ForeignKeyConstraint, Index, Text
from sqlmodel import Field

from api.db import SCHEMA, AppTable


class WebhookState(StrEnum):
    """`paused` by its owner; `disabled` by us, with the reason. Both keep their position."""

    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


class DisabledBecause(StrEnum):
    """Why nothing is sent any more until the owner resumes."""

    FAILED_TOO_LONG = "failed-too-long"
    GONE = "gone"
    KEY_ENDED = "key-ended"
    UNREADABLE = "unreadable-secret"
    POSITION_UNKNOWN = "position-unknown"


class Webhook(AppTable, table=True):
    """A subscription of a party's, or of an auditor's (`sees_all`), which ends with the key that made it.

    `position` is through which event the receiver has taken everything. Secrets are sealed. While
    `old_secret_until_ms` the secret before the present one signs too. `failing_since_ms` is the first failure
    since the last success. `changed_ms` moves with each command, never with a delivery. Times are wall clock.
    """

    __tablename__ = "webhook"

    id: str = Field(primary_key=True, max_length=40)
    party: str = Field(max_length=42, index=True)
    key_id: str = Field(max_length=40)
    sees_all: bool = Field(sa_type=Boolean)
    url: str = Field(max_length=500)
    types: list[str] | None = Field(default=None, sa_type=JSON)
    label: str = Field(max_length=80)
    state: str = Field(default=WebhookState.ACTIVE, max_length=12)
    reason: str | None = Field(default=None, max_length=40)
    position: str = Field(max_length=60)
    secret: str = Field(sa_type=Text)
    old_secret: str | None = Field(default=None, sa_type=Text)
    old_secret_until_ms: int | None = Field(default=None, sa_type=BigInteger)
    test_id: str | None = Field(default=None, max_length=40)
    failures: int = Field(default=0)
    failing_since_ms: int | None = Field(default=None, sa_type=BigInteger)
    next_attempt_ms: int | None = Field(default=None, sa_type=BigInteger)
    last_error: str | None = Field(default=None, max_length=200)
    delivered_ms: int | None = Field(default=None, sa_type=BigInteger)
    created_ms: int = Field(sa_type=BigInteger)
    changed_ms: int = Field(sa_type=BigInteger)


class WebhookAttempt(AppTable, table=True):
    """One request to a receiver; without `status` there was no answer, and `error` says why."""

    __tablename__ = "webhook_attempt"
    __table_args__ = (
        ForeignKeyConstraint(["webhook_id"], [f"{SCHEMA}.webhook.id"]),
        Index("ix_webhook_attempt_webhook_id_id", "webhook_id", "id"),
    )

    id: str = Field(primary_key=True, max_length=40)
    webhook_id: str = Field(max_length=40)
    event_id: str = Field(max_length=120)
    event_type: str = Field(max_length=40)
    at_ms: int = Field(sa_type=BigInteger)
    took_ms: int
    status: int | None = None
    error: str | None = Field(default=None, max_length=200)
