"""The supplier's agreement to a due date beyond the statutory term; how far a seller stands in for a debtor.

Frozen: written out, so that no later change of the models changes this revision. What was asked for with
recourse before was secured in full.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCHEMA = "app"
RECOURSE_COLUMNS = ("secured_minor", "recourse_limit_minor")


def upgrade() -> None:
    op.add_column("invoice", sa.Column("extension", sa.JSON(), nullable=True), schema=_schema())
    for name in RECOURSE_COLUMNS:
        column = sa.Column(name, sa.BigInteger(), nullable=False, server_default=sa.text("0"))
        op.add_column("quote_request", column, schema=_schema())
    requests = sa.table(
        "quote_request",
        sa.column("recourse"),
        sa.column("amount_minor"),
        sa.column("secured_minor"),
        schema=_schema(),
    )
    secured = requests.update().where(requests.c.recourse != 0)
    op.execute(secured.values(secured_minor=requests.c.amount_minor))


def downgrade() -> None:
    for name in reversed(RECOURSE_COLUMNS):
        op.drop_column("quote_request", name, schema=_schema())
    op.drop_column("invoice", "extension", schema=_schema())


def _schema() -> str | None:
    """A schema is translated where tables are created, not where they are altered."""
    where: dict[str | None, str | None] = op.get_bind().get_execution_options()["schema_translate_map"]
    return where.get(SCHEMA, SCHEMA)
