"""When the receivable of a lot was closed, on the lot: what is held is found by it. Frozen, as 0001.

The index of closed receivables, by which it was found before, goes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SCHEMA = "ledger"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    schema = _schema()
    op.add_column("lot", sa.Column("closed_s", _INT64, nullable=True), schema=schema)
    lot = sa.table("lot", sa.column("receivable"), sa.column("closed_s"), schema=schema)
    receivable = sa.table("receivable", sa.column("id"), sa.column("closed_s"), schema=schema)
    closed = sa.select(receivable.c.closed_s).where(receivable.c.id == lot.c.receivable)
    op.execute(
        lot.update()
        .where(closed.where(receivable.c.closed_s.is_not(None)).exists())
        .values(closed_s=closed.scalar_subquery())
    )
    op.create_index("ix_lot_owner_closed_s", "lot", ["owner", "closed_s", "since_s", "id"], schema=SCHEMA)
    op.drop_index("ix_receivable_closed", "receivable", schema=schema)


def downgrade() -> None:
    closed_ones = sa.text("closed_s IS NOT NULL")
    op.create_index(
        "ix_receivable_closed",
        "receivable",
        ["closed_s", "issued_s", "id"],
        schema=SCHEMA,
        sqlite_where=closed_ones,
        postgresql_where=closed_ones,
    )
    op.drop_index("ix_lot_owner_closed_s", "lot", schema=_schema())
    op.drop_column("lot", "closed_s", schema=_schema())


def _schema() -> str | None:
    """Where this mirror is: a schema is translated where tables are created, not where they are altered."""
    where: dict[str | None, str | None] = op.get_bind().get_execution_options()["schema_translate_map"]
    return where.get(SCHEMA, SCHEMA)
