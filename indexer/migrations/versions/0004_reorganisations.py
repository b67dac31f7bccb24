"""What a mirror knows of itself: rows before blocks that are not final, branches, checks. Frozen, as 0001."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SCHEMA = "ledger"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WORD = sa.String(66).with_variant(sa.Text(), "sqlite")
_TEXT = sa.Text()


def upgrade() -> None:
    # An older mirror kept nothing to go back with: all that it has is final.
    op.add_column(
        "mirror_cursor",
        sa.Column("final_block", _INT64, nullable=False, server_default="0"),
        schema=_schema(),
    )
    cursor = sa.table("mirror_cursor", sa.column("final_block"), sa.column("block_number"), schema=_schema())
    op.execute(cursor.update().values(final_block=cursor.c.block_number))
    _table(
        "mirror_undo",
        sa.Column("after_block", _INT64, nullable=False),
        sa.Column("through_block", _INT64, nullable=False),
        sa.Column("table_name", _TEXT, nullable=False),
        sa.Column("row_key", _TEXT, nullable=False),
        sa.Column("row_before", _TEXT, nullable=True),
        key=("after_block", "table_name", "row_key"),
    )
    _table(
        "mirror_reorganisation",
        sa.Column("epoch", _INT64, nullable=False),
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("block_hash", _WORD, nullable=False),
        sa.Column("orphaned_number", _INT64, nullable=False),
        sa.Column("orphaned_hash", _WORD, nullable=False),
        sa.Column("found_ms", _INT64, nullable=False),
        key=("epoch",),
    )
    _table(
        "mirror_check",
        sa.Column("checked_ms", _INT64, nullable=False),
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("fields", _INT64, nullable=False),
        sa.Column("differences", _INT64, nullable=False),
        sa.Column("first_difference", _TEXT, nullable=True),
        key=("checked_ms",),
    )


def downgrade() -> None:
    op.drop_table("mirror_check", schema=SCHEMA)
    op.drop_table("mirror_reorganisation", schema=SCHEMA)
    op.drop_table("mirror_undo", schema=SCHEMA)
    op.drop_column("mirror_cursor", "final_block", schema=_schema())


def _schema() -> str | None:
    """Where this mirror is: a schema is translated where tables are created, not where they are altered."""
    where: dict[str | None, str | None] = op.get_bind().get_execution_options()["schema_translate_map"]
    return where.get(SCHEMA, SCHEMA)


def _table(name: str, *columns: sa.Column[object], key: tuple[str, ...]) -> None:
    op.create_table(
        name,
        *columns,
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
        schema=SCHEMA,
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
