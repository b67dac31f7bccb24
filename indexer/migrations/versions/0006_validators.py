"""Which blocks were checked for the seals of which validators. Frozen, as 0001."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SCHEMA = "ledger"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mirror_validators",
        sa.Column("first_block", _INT64, nullable=False),
        sa.Column("last_block", _INT64, nullable=False),
        sa.Column("addresses", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("first_block", name="pk_mirror_validators"),
        schema=SCHEMA,
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("mirror_validators", schema=SCHEMA)
