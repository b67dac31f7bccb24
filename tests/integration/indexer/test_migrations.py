"""Migrations and models are the same schema, on both databases, up and down."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, inspect, make_url
from sqlalchemy.pool import NullPool

from indexer.db import migrate
from indexer.models import LedgerTable


def sync_engine(url: str):
    parsed = make_url(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    return create_engine(parsed.set(drivername="sqlite") if is_sqlite else parsed, poolclass=NullPool)


def schema_of(url: str) -> str | None:
    return None if url.startswith("sqlite") else "ledger"


def tables(url: str) -> set[str]:
    with sync_engine(url).connect() as connection:
        return set(inspect(connection).get_table_names(schema_of(url)))


def test_the_newest_revision_is_what_the_models_say(mirror_url: str) -> None:
    migrate(mirror_url)
    schema = schema_of(mirror_url)
    wanted = MetaData(naming_convention=LedgerTable.metadata.naming_convention)
    for table in LedgerTable.metadata.tables.values():
        table.to_metadata(wanted, schema=schema)
    with sync_engine(mirror_url).connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "version_table": "mirror_version",
                "version_table_schema": schema,
                "include_schemas": schema is not None,
                "include_name": lambda name, kind, _parents: kind != "schema" or name == schema,
            },
        )
        assert compare_metadata(context, wanted) == []


def test_down_takes_everything_away_and_up_brings_it_back(mirror_url: str) -> None:
    migrate(mirror_url)
    before = tables(mirror_url)
    assert len(before) == len(LedgerTable.metadata.tables) + 1
    migrate(mirror_url, "base")
    assert tables(mirror_url) == {"mirror_version"}
    migrate(mirror_url)
    assert tables(mirror_url) == before


def test_migrating_twice_changes_nothing(mirror_url: str) -> None:
    migrate(mirror_url)
    migrate(mirror_url)
    assert len(tables(mirror_url)) == len(LedgerTable.metadata.tables) + 1
