"""Access tokens, and which API key took the place of which.

Frozen: written out, so that no later change of the models changes this revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SCHEMA = "app"


def upgrade() -> None:
    op.add_column("api_key", sa.Column("replaced_by", sa.String(40), nullable=True), schema=_schema())
    op.create_table(
        "access_token",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("key_id", sa.String(40), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["app.api_key.id"], name="fk_access_token_key_id_api_key"),
        sa.PrimaryKeyConstraint("id", name="pk_access_token"),
        schema=SCHEMA,
    )
    op.create_index("ix_access_token_key_id", "access_token", ["key_id"], schema=SCHEMA)
    op.create_index("ix_access_token_expires_ms", "access_token", ["expires_ms"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("access_token", schema=SCHEMA)
    op.drop_column("api_key", "replaced_by", schema=_schema())


def _schema() -> str | None:
    """A schema is translated where tables are created, not where they are altered."""
    where: dict[str | None, str | None] = op.get_bind().get_execution_options()["schema_translate_map"]
    return where.get(SCHEMA, SCHEMA)
