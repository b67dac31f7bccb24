"""Migrations and models are the same schema, on both databases, up and down."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData, create_engine, inspect, make_url
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import BLANK_SCHEMA

from api.db import SCHEMA, VERSION_TABLE, migrate
from api.tables import METADATA


@pytest.fixture(params=["sqlite", "postgresql"])
def app_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'app.db'}"
    return str(request.getfixturevalue("postgres_url"))


def sync_engine(url: str) -> Engine:
    parsed = make_url(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    return create_engine(parsed.set(drivername="sqlite") if is_sqlite else parsed, poolclass=NullPool)


def schema_of(url: str) -> str | None:
    return None if url.startswith("sqlite") else SCHEMA


def tables(url: str) -> set[str]:
    with sync_engine(url).connect() as connection:
        return set(inspect(connection).get_table_names(schema_of(url)))


def test_the_newest_revision_is_what_the_models_say(app_url: str) -> None:
    migrate(app_url)
    schema = schema_of(app_url)
    wanted = MetaData(naming_convention=METADATA.naming_convention)
    for table in METADATA.tables.values():
        table.to_metadata(wanted, schema=schema, referred_schema_fn=lambda *_: schema or BLANK_SCHEMA)
    with sync_engine(app_url).connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "version_table": VERSION_TABLE,
                "version_table_schema": schema,
                "include_schemas": schema is not None,
                "include_name": lambda name, kind, _parents: kind != "schema" or name == schema,
            },
        )
        assert compare_metadata(context, wanted) == []


def test_down_takes_everything_away_and_up_brings_it_back(app_url: str) -> None:
    migrate(app_url)
    before = tables(app_url)
    assert len(before) == len(METADATA.tables) + 1
    migrate(app_url, "base")
    assert tables(app_url) == {VERSION_TABLE}
    migrate(app_url)
    assert tables(app_url) == before


def test_migrating_twice_changes_nothing(app_url: str) -> None:
    migrate(app_url)
    migrate(app_url)
    assert len(tables(app_url)) == len(METADATA.tables) + 1
