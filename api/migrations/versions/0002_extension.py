"""The supplier's agreement to a due date beyond the statutory term.

Frozen: written out, so that no later change of the models changes this revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCHEMA = "app"


def upgrade() -> None:
    op.add_column("invoice", sa.Column("extension", sa.JSON(), nullable=True), schema=_schema())


def downgrade() -> None:
    op.drop_column("invoice", "extension", schema=_schema())


def _schema() -> str | None:
    """A schema is translated where tables are created, not where they are altered."""
    where: dict[str | None, str | None] = op.get_bind().get_execution_options()["schema_translate_map"]
    return where.get(SCHEMA, SCHEMA)
