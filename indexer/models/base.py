"""What all tables of the mirror have in common."""

from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from indexer.models.types import Int64

SCHEMA = "ledger"
"""PostgreSQL schema; SQLite engines translate it away (see `indexer.db`)."""

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}

# A registry of its own: the API has tables with the same class names.
_registry = registry(metadata=MetaData(schema=SCHEMA, naming_convention=_NAMES))

STRICT: dict[str, Any] = {"sqlite_strict": True, "sqlite_with_rowid": False}
"""Table options: SQLite checks the column types and stores each row under its primary key."""

OWN: dict[str, Any] = {"own": True}
"""Marks what tells of this mirror alone: mirrors of the same blocks may differ there."""


class LedgerTable(SQLModel, registry=_registry):
    """Base of every table in the schema `ledger`."""


class Located(LedgerTable):
    """A row that knows the event that wrote it last."""

    block_number: int = Field(sa_type=Int64)
    log_index: int = Field(sa_type=Int64)


class Appended(LedgerTable):
    """A row that one event wrote and nothing changes; the event's place is its key."""

    block_number: int = Field(sa_type=Int64, primary_key=True)
    log_index: int = Field(sa_type=Int64, primary_key=True)
