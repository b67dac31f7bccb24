"""The two projections of the flat load, as tables of the mirror.

They have a registry of their own: what goes through all tables of the mirror must not find them.
"""

from typing import Any, Final

from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import registry
from sqlmodel import Field

from indexer.models.base import SCHEMA, STRICT, Located
from indexer.models.types import AddressText, Int64

_registry: Final = registry(metadata=MetaData(schema=SCHEMA))


class FlatTable(Located, registry=_registry):
    """Base of both."""


class FlatLatest(FlatTable, table=True):
    """What the last event of an id said."""

    __tablename__ = "flat_latest"
    __table_args__: Any = STRICT

    id: int = Field(sa_type=Int64, primary_key=True)
    party: str = Field(sa_type=AddressText)
    amount_minor: int = Field(sa_type=Int64)


class FlatTotal(FlatTable, table=True):
    """All amounts of a party."""

    __tablename__ = "flat_total"
    __table_args__: Any = STRICT

    party: str = Field(sa_type=AddressText, primary_key=True)
    amount_minor: int = Field(sa_type=Int64)


async def create_tables(engine: AsyncEngine) -> None:
    """Both tables, in a mirror that has its own already."""
    async with engine.begin() as connection:
        await connection.run_sync(_registry.metadata.create_all)
