"""When a receivable was closed, and the indexes behind what people ask. Frozen, as 0001.

The lots of a receivable and their hops are neighbours by key, so the indexes by receivable go.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCHEMA = "ledger"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_CLOSED = (4, 6, 7)
"""Settled, written off, cancelled: no state follows."""


def upgrade() -> None:
    op.add_column("receivable", sa.Column("closed_s", _INT64, nullable=True), schema=_schema())
    _fill()
    open_ones = sa.text("closed_s IS NULL")
    op.create_index(
        "ix_receivable_open",
        "receivable",
        ["debtor", "currency", "due_s", "face_minor", "paid_minor", "closed_s", "id"],
        schema=SCHEMA,
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )
    closed_ones = sa.text("closed_s IS NOT NULL")
    op.create_index(
        "ix_receivable_closed",
        "receivable",
        ["closed_s", "issued_s", "id"],
        schema=SCHEMA,
        sqlite_where=closed_ones,
        postgresql_where=closed_ones,
    )
    op.create_index("ix_lot_owner_id", "lot", ["owner", "id"], schema=SCHEMA)
    op.create_index("ix_lot_move_parent_moved_s", "lot_move", ["parent", "moved_s"], schema=SCHEMA)
    op.drop_index("ix_lot_owner", "lot", schema=_schema())
    op.drop_index("ix_lot_receivable", "lot", schema=_schema())
    op.drop_index("ix_lot_move_receivable", "lot_move", schema=_schema())


def downgrade() -> None:
    op.create_index("ix_lot_move_receivable", "lot_move", ["receivable"], schema=SCHEMA)
    op.create_index("ix_lot_receivable", "lot", ["receivable"], schema=SCHEMA)
    op.create_index("ix_lot_owner", "lot", ["owner"], schema=SCHEMA)
    op.drop_index("ix_lot_move_parent_moved_s", "lot_move", schema=_schema())
    op.drop_index("ix_lot_owner_id", "lot", schema=_schema())
    op.drop_index("ix_receivable_closed", "receivable", schema=_schema())
    op.drop_index("ix_receivable_open", "receivable", schema=_schema())
    op.drop_column("receivable", "closed_s", schema=_schema())


def _fill() -> None:
    """From the changes of state; a receivable that was closed when it was taken over has none."""
    schema = _schema()
    receivable = sa.table(
        "receivable",
        sa.column("id"),
        sa.column("state"),
        sa.column("closed_s"),
        sa.column("block_number"),
        schema=schema,
    )
    change = sa.table(
        "receivable_state_change",
        sa.column("receivable"),
        sa.column("to_state"),
        sa.column("changed_s"),
        schema=schema,
    )
    block = sa.table("chain_block", sa.column("number"), sa.column("time_s"), schema=schema)
    changed = (
        sa.select(change.c.changed_s)
        .where(change.c.receivable == receivable.c.id, change.c.to_state.in_(_CLOSED))
        .scalar_subquery()
    )
    touched = sa.select(block.c.time_s).where(block.c.number == receivable.c.block_number).scalar_subquery()
    op.execute(
        receivable.update()
        .where(receivable.c.state.in_(_CLOSED))
        .values(closed_s=sa.func.coalesce(changed, touched))
    )


def _schema() -> str | None:
    """Where this mirror is: a schema is translated where tables are created, not where they are altered."""
    where: dict[str | None, str | None] = op.get_bind().get_execution_options()["schema_translate_map"]
    return where.get(SCHEMA, SCHEMA)
