"""Events in spans of blocks, and what of them is in the archive. Frozen, as 0001.

In PostgreSQL the events of before become one partition, to the end of the span that the cursor is in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SCHEMA = "ledger"
SPAN_BLOCKS = 1_000_000

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mirror_archive",
        sa.Column("first_block", _INT64, nullable=False),
        sa.Column("through_block", _INT64, nullable=False),
        sa.Column("events", _INT64, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("archived_ms", _INT64, nullable=False),
        sa.PrimaryKeyConstraint("first_block", name="pk_mirror_archive"),
        schema=SCHEMA,
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        _divide()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _unite()
    op.drop_table("mirror_archive", schema=SCHEMA)


def _divide() -> None:
    """Without moving a row: the table becomes a partition of a new one. An empty one is not worth keeping."""
    schema = _schema()
    last = op.get_bind().scalar(sa.text(f"SELECT max(block_number) FROM {schema}.chain_event"))  # noqa: S608
    _rename(schema, "chain_event", "chain_event_0")
    op.execute(
        f"CREATE TABLE {schema}.chain_event (LIKE {schema}.chain_event_0) PARTITION BY RANGE (block_number)"
    )
    _keys(schema)
    if last is None:
        op.execute(f"DROP TABLE {schema}.chain_event_0")
        return
    end = (last // SPAN_BLOCKS + 1) * SPAN_BLOCKS
    part = f"{schema}.chain_event_0 FOR VALUES FROM (0) TO ({end})"
    op.execute(f"ALTER TABLE {schema}.chain_event ATTACH PARTITION {part}")


def _unite() -> None:
    """All rows into one table again. What is in the archive has to be restored before."""
    schema = _schema()
    _rename(schema, "chain_event", "chain_event_spans")
    op.execute(f"CREATE TABLE {schema}.chain_event (LIKE {schema}.chain_event_spans)")
    op.execute(f"INSERT INTO {schema}.chain_event SELECT * FROM {schema}.chain_event_spans")  # noqa: S608
    op.execute(f"DROP TABLE {schema}.chain_event_spans")
    _keys(schema)


def _keys(schema: str) -> None:
    op.create_primary_key("pk_chain_event", "chain_event", ["block_number", "log_index"], schema=schema)
    op.create_index("ix_chain_event_tx_hash", "chain_event", ["tx_hash"], schema=schema)


def _rename(schema: str, before: str, after: str) -> None:
    op.execute(f"ALTER TABLE {schema}.{before} RENAME TO {after}")
    op.execute(f"ALTER INDEX {schema}.pk_{before} RENAME TO pk_{after}")
    op.execute(f"ALTER INDEX {schema}.ix_{before}_tx_hash RENAME TO ix_{after}_tx_hash")


def _schema() -> str:
    where: dict[str | None, str | None] = op.get_bind().get_execution_options()["schema_translate_map"]
    return where.get(SCHEMA, SCHEMA) or SCHEMA
