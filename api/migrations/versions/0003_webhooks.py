"""Webhooks and what came of each attempt.

Frozen: written out, so that no later change of the models changes this revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SCHEMA = "app"


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("party", sa.String(42), nullable=False),
        sa.Column("key_id", sa.String(40), nullable=False),
        sa.Column("sees_all", sa.Boolean(), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("types", sa.JSON(), nullable=True),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(40), nullable=True),
        sa.Column("position", sa.String(60), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("old_secret", sa.Text(), nullable=True),
        sa.Column("old_secret_until_ms", sa.BigInteger(), nullable=True),
        sa.Column("test_id", sa.String(40), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since_ms", sa.BigInteger(), nullable=True),
        sa.Column("next_attempt_ms", sa.BigInteger(), nullable=True),
        sa.Column("last_error", sa.String(200), nullable=True),
        sa.Column("delivered_ms", sa.BigInteger(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
        schema=SCHEMA,
    )
    op.create_index("ix_webhook_party", "webhook", ["party"], schema=SCHEMA)
    op.create_table(
        "webhook_attempt",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("webhook_id", sa.String(40), nullable=False),
        sa.Column("event_id", sa.String(120), nullable=False),
        sa.Column("event_type", sa.String(40), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(
            ["webhook_id"], [f"{SCHEMA}.webhook.id"], name="fk_webhook_attempt_webhook_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_attempt"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_webhook_attempt_webhook_id_id", "webhook_attempt", ["webhook_id", "id"], schema=SCHEMA
    )


def downgrade() -> None:
    op.drop_table("webhook_attempt", schema=SCHEMA)
    op.drop_table("webhook", schema=SCHEMA)
