"""Bringing a schema to a revision; apart from `indexer.db`, since an indexer that only goes on has no use for
Alembic, and importing it takes a quarter of a second.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.schema import CreateSchema

from indexer.db import make_blocking_engine
from indexer.models.base import SCHEMA

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(url: str, revision: str = "head", *, schema: str = SCHEMA, scripts: Path = _MIGRATIONS) -> None:
    """Bring a schema, the mirror's if no other `scripts` are named, to a revision.

    `head` is the newest, `base` none, `-1` one back. Blocking.
    """
    engine = make_blocking_engine(url, schema=schema)
    is_sqlite = engine.dialect.name == "sqlite"
    config = Config(attributes={"version_schema": None if is_sqlite else schema})
    config.set_main_option("script_location", str(scripts))
    with engine.begin() as connection:
        if not is_sqlite:
            connection.execute(CreateSchema(schema, if_not_exists=True))
        config.attributes["connection"] = connection
        if revision == "base" or revision.startswith("-"):
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
