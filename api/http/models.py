"""Answers kept for retries."""

from sqlalchemy import BigInteger, Text
from sqlmodel import Field

from api.db import AppTable


class IdempotencyRecord(AppTable, table=True):
    """What a request with this key was answered. An answer about an operation is made anew from its present
    state.
    """

    __tablename__ = "idempotency_record"

    key_id: str = Field(primary_key=True, max_length=40)
    key: str = Field(primary_key=True, max_length=255)
    request_hash: str = Field(max_length=64)
    status: int
    body: str = Field(sa_type=Text)
    operation_id: str | None = Field(default=None, max_length=40)
    created_ms: int = Field(sa_type=BigInteger)
