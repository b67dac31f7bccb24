"""Charges, orders, mandates, buy-backs and exports.

Frozen, as 0001. Lots that are there already get what a lot without flags and charge has, and the histories
begin empty; `tally index rebuild` fills in what an older indexer left out.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCHEMA = "ledger"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ADDRESS = sa.String(42).with_variant(sa.Text(), "sqlite")
_WORD = sa.String(66).with_variant(sa.Text(), "sqlite")
_U64 = sa.String(18).with_variant(sa.Text(), "sqlite")

_NOBODY = "0x" + "00" * 20

TABLES = (
    "receivable_state_change",
    "receivable_order",
    "write_off",
    "lot_flag_change",
    "lot_charge_change",
    "pledge_agreement",
    "charge_payment",
    "invoice_release",
    "lot_export",
    "buy_back",
    "mandate",
    "mandate_holding",
)

LOT_COLUMNS = ("flags", "chargee", "secured_minor", "recourse_limit_minor")


def upgrade() -> None:
    for name in LOT_COLUMNS:
        kind, before = (_ADDRESS, _NOBODY) if name == "chargee" else (_INT64, sa.text("0"))
        column = sa.Column(name, kind, nullable=False, server_default=before)
        op.add_column("lot", column, schema=_schema())
    _orders()
    _charges()
    _title()
    _financing()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name, schema=SCHEMA)
    for name in reversed(LOT_COLUMNS):
        op.drop_column("lot", name, schema=_schema())


def _schema() -> str | None:
    """Where this mirror is: a schema is translated where tables are created, not where they are altered."""
    where: dict[str | None, str | None] = op.get_bind().get_execution_options()["schema_translate_map"]
    return where.get(SCHEMA, SCHEMA)


def _table(
    name: str, *columns: sa.Column[object], key: tuple[str, ...], indexes: tuple[str, ...] = ()
) -> None:
    op.create_table(
        name,
        *columns,
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
        schema=SCHEMA,
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    for column in indexes:
        op.create_index(f"ix_{name}_{column}", name, [column], schema=SCHEMA)


def _orders() -> None:
    _table(
        "receivable_state_change",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("receivable", _INT64, nullable=False),
        sa.Column("from_state", _INT64, nullable=False),
        sa.Column("to_state", _INT64, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("changed_s", _INT64, nullable=False),
        key=(
            "block_number",
            "log_index",
        ),
        indexes=("receivable",),
    )
    _table(
        "receivable_order",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("receivable", _INT64, nullable=False),
        sa.Column("evidence", _WORD, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("ordered_s", _INT64, nullable=False),
        key=(
            "block_number",
            "log_index",
        ),
        indexes=("receivable",),
    )
    _table(
        "write_off",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("receivable", _INT64, nullable=False),
        sa.Column("installment", _INT64, nullable=False),
        sa.Column("principal_lost_minor", _INT64, nullable=False),
        sa.Column("interest_lost_minor", _INT64, nullable=False),
        sa.Column("evidence", _WORD, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("written_off_s", _INT64, nullable=False),
        key=("receivable",),
    )


def _charges() -> None:
    _table(
        "lot_flag_change",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("receivable", _INT64, nullable=False),
        sa.Column("lot", _INT64, nullable=False),
        sa.Column("flags", _INT64, nullable=False),
        sa.Column("seq", _INT64, nullable=False),
        sa.Column("evidence", _WORD, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("changed_s", _INT64, nullable=False),
        key=(
            "block_number",
            "log_index",
        ),
        indexes=("lot",),
    )
    _table(
        "lot_charge_change",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("receivable", _INT64, nullable=False),
        sa.Column("lot", _INT64, nullable=False),
        sa.Column("chargee", _ADDRESS, nullable=False),
        sa.Column("secured_minor", _INT64, nullable=False),
        sa.Column("recourse_limit_minor", _INT64, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("changed_s", _INT64, nullable=False),
        key=(
            "block_number",
            "log_index",
        ),
        indexes=("lot",),
    )
    _table(
        "pledge_agreement",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("step", _INT64, nullable=False),
        sa.Column("receivable", _INT64, nullable=False),
        sa.Column("lot", _INT64, nullable=False),
        sa.Column("owner", _ADDRESS, nullable=False),
        sa.Column("pledgee", _ADDRESS, nullable=False),
        sa.Column("secured_minor", _INT64, nullable=False),
        sa.Column("cash_minor", _INT64, nullable=False),
        sa.Column("buyer", _ADDRESS, nullable=True),
        sa.Column("to_pledgee_minor", _INT64, nullable=True),
        sa.Column("evidence", _WORD, nullable=False),
        sa.Column("digest", _WORD, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("agreed_s", _INT64, nullable=False),
        key=(
            "block_number",
            "log_index",
        ),
        indexes=("lot",),
    )
    _table(
        "charge_payment",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("receivable", _INT64, nullable=False),
        sa.Column("lot", _INT64, nullable=False),
        sa.Column("party", _ADDRESS, nullable=False),
        sa.Column("amount_minor", _INT64, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("paid_s", _INT64, nullable=False),
        key=(
            "block_number",
            "log_index",
        ),
        indexes=("lot",),
    )


def _title() -> None:
    _table(
        "invoice_release",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("fingerprint", _WORD, nullable=False),
        sa.Column("receivable", _INT64, nullable=False),
        sa.Column("amount_minor", _INT64, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("released_s", _INT64, nullable=False),
        key=(
            "block_number",
            "log_index",
        ),
        indexes=("receivable",),
    )
    _table(
        "lot_export",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("child", _INT64, nullable=False),
        sa.Column("receivable", _INT64, nullable=False),
        sa.Column("owner", _ADDRESS, nullable=False),
        sa.Column("registry_party", _ADDRESS, nullable=False),
        sa.Column("amount_minor", _INT64, nullable=False),
        sa.Column("registry_ref", _WORD, nullable=False),
        sa.Column("digest", _WORD, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("exported_s", _INT64, nullable=False),
        key=("child",),
    )


def _financing() -> None:
    _table(
        "buy_back",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("child", _INT64, nullable=False),
        sa.Column("receivable", _INT64, nullable=False),
        sa.Column("bank", _ADDRESS, nullable=False),
        sa.Column("seller", _ADDRESS, nullable=False),
        sa.Column("amount_minor", _INT64, nullable=False),
        sa.Column("price_minor", _INT64, nullable=False),
        sa.Column("evidence", _WORD, nullable=False),
        sa.Column("digest", _WORD, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("bought_back_s", _INT64, nullable=False),
        key=("child",),
    )
    _table(
        "mandate",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("id", _WORD, nullable=False),
        sa.Column("bank", _ADDRESS, nullable=False),
        sa.Column("debtor", _ADDRESS, nullable=False),
        sa.Column("quoter", _ADDRESS, nullable=False),
        sa.Column("currency", _INT64, nullable=False),
        sa.Column("limit_minor", _U64, nullable=False),
        sa.Column("exposure_minor", _U64, nullable=False),
        sa.Column("min_rate_ppm", _INT64, nullable=False),
        sa.Column("day_count", _INT64, nullable=False),
        sa.Column("max_tenor_days", _INT64, nullable=False),
        sa.Column("recourse", _INT64, nullable=False),
        sa.Column("valid_from_s", _INT64, nullable=False),
        sa.Column("valid_until_s", _INT64, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("granted_s", _INT64, nullable=False),
        key=("id",),
        indexes=("bank",),
    )
    _table(
        "mandate_holding",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("lot", _INT64, nullable=False),
        sa.Column("mandate", _WORD, nullable=False),
        sa.Column("held_minor", _INT64, nullable=False),
        key=("lot",),
        indexes=("mandate",),
    )
