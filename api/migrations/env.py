"""Alembic's entry point: the caller hands over the connection, and the revisions run on it."""

from alembic import context

from api.db import VERSION_TABLE
from api.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    version_table_schema=context.config.attributes["version_schema"],
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
