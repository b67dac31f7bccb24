"""Recovery of parties. Frozen, as 0001."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SCHEMA = "ledger"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ADDRESS = sa.String(42).with_variant(sa.Text(), "sqlite")
_WORD = sa.String(66).with_variant(sa.Text(), "sqlite")

TABLES = ("recovery", "recovery_signer", "recovery_threshold")


def upgrade() -> None:
    _table(
        "recovery",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("party", _ADDRESS, nullable=False),
        sa.Column("id", _WORD, nullable=False),
        sa.Column("state", _INT64, nullable=False),
        sa.Column("proposer", _ADDRESS, nullable=False),
        sa.Column("seconder", _ADDRESS, nullable=True),
        sa.Column("ready_s", _INT64, nullable=False),
        sa.Column("version", _INT64, nullable=False),
        sa.Column("reason", _WORD, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("proposed_s", _INT64, nullable=False),
        key=("party",),
    )
    _table(
        "recovery_signer",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("party", _ADDRESS, nullable=False),
        sa.Column("id", _WORD, nullable=False),
        sa.Column("signer", _ADDRESS, nullable=False),
        sa.Column("powers", _INT64, nullable=False),
        sa.Column("expires_s", _INT64, nullable=False),
        key=("party", "id", "signer"),
    )
    _table(
        "recovery_threshold",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("party", _ADDRESS, nullable=False),
        sa.Column("id", _WORD, nullable=False),
        sa.Column("power", _INT64, nullable=False),
        sa.Column("threshold", _INT64, nullable=False),
        key=("party", "id", "power"),
    )


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name, schema=SCHEMA)


def _table(name: str, *columns: sa.Column[object], key: tuple[str, ...]) -> None:
    op.create_table(
        name,
        *columns,
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
        schema=SCHEMA,
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
