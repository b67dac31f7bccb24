"""Alembic's entry point: `indexer.schema.migrate` hands over the connection, and the revisions run on it."""

from alembic import context

from indexer.models.base import LedgerTable

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=LedgerTable.metadata,
    version_table="mirror_version",
    version_table_schema=context.config.attributes["version_schema"],
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
