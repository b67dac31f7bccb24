"""All tables of the mirror.

Frozen: the column types are written out, so that no later change of the models changes this revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "ledger"

_INT64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ADDRESS = sa.String(42).with_variant(sa.Text(), "sqlite")
_WORD = sa.String(66).with_variant(sa.Text(), "sqlite")
_SELECTOR = sa.String(10).with_variant(sa.Text(), "sqlite")
_U64 = sa.String(18).with_variant(sa.Text(), "sqlite")
_TEXT = sa.Text()
_FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")

TABLES = (
    "chain_block",
    "chain_event",
    "mirror_cursor",
    "party",
    "signer",
    "threshold",
    "receivable",
    "lot",
    "lot_move",
    "invoice_use",
    "invoice_binding",
    "intent_use",
    "intent_revocation",
    "financing",
    "payment",
    "claim",
    "currency_cash",
    "cash_supply",
    "cash_limit",
    "cash_balance",
    "cash_movement",
    "rule",
    "module_right",
    "pause_state",
    "role_grant",
    "function_role",
)


def upgrade() -> None:
    _facts()
    _parties()
    _title()
    _intents()
    _money()
    _cash()
    _governance()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name, schema=SCHEMA)


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


def _facts() -> None:
    _table(
        "chain_block",
        sa.Column("number", _INT64, nullable=False),
        sa.Column("hash", _WORD, nullable=False),
        sa.Column("parent_hash", _WORD, nullable=False),
        sa.Column("time_s", _INT64, nullable=False),
        key=("number",),
    )
    _table(
        "chain_event",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("tx_index", _INT64, nullable=False),
        sa.Column("contract", _ADDRESS, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("topic0", _WORD, nullable=False),
        sa.Column("topic1", _WORD, nullable=True),
        sa.Column("topic2", _WORD, nullable=True),
        sa.Column("topic3", _WORD, nullable=True),
        sa.Column("data", _TEXT, nullable=False),
        key=(
            "block_number",
            "log_index",
        ),
        indexes=("tx_hash",),
    )
    _table(
        "mirror_cursor",
        sa.Column("id", _INT64, nullable=False),
        sa.Column("chain_id", _INT64, nullable=False),
        sa.Column("genesis_hash", _WORD, nullable=False),
        sa.Column("ledger", _ADDRESS, nullable=False),
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("block_hash", _WORD, nullable=False),
        sa.Column("block_time_s", _INT64, nullable=False),
        key=("id",),
    )


def _parties() -> None:
    _table(
        "party",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("address", _ADDRESS, nullable=False),
        sa.Column("legal_id_hash", _WORD, nullable=False),
        sa.Column("status", _INT64, nullable=False),
        sa.Column("roles", _INT64, nullable=False),
        sa.Column("kyb_until_s", _INT64, nullable=False),
        sa.Column("admitted_s", _INT64, nullable=False),
        sa.Column("version", _INT64, nullable=False),
        sa.Column("blocking", _INT64, nullable=False),
        key=("address",),
        indexes=("legal_id_hash",),
    )
    _table(
        "signer",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("party", _ADDRESS, nullable=False),
        sa.Column("signer", _ADDRESS, nullable=False),
        sa.Column("powers", _INT64, nullable=False),
        sa.Column("expires_s", _INT64, nullable=False),
        key=(
            "party",
            "signer",
        ),
        indexes=("signer",),
    )
    _table(
        "threshold",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("party", _ADDRESS, nullable=False),
        sa.Column("power", _INT64, nullable=False),
        sa.Column("threshold", _INT64, nullable=False),
        key=(
            "party",
            "power",
        ),
    )


def _title() -> None:
    _table(
        "receivable",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("id", _INT64, nullable=False),
        sa.Column("debtor", _ADDRESS, nullable=False),
        sa.Column("creditor", _ADDRESS, nullable=False),
        sa.Column("currency", _INT64, nullable=False),
        sa.Column("face_minor", _INT64, nullable=False),
        sa.Column("paid_minor", _INT64, nullable=False),
        sa.Column("interest_paid_minor", _INT64, nullable=False),
        sa.Column("claimed_minor", _INT64, nullable=False),
        sa.Column("interest_owed_minor", _INT64, nullable=False),
        sa.Column("interest_through_s", _INT64, nullable=False),
        sa.Column("issued_s", _INT64, nullable=False),
        sa.Column("due_s", _INT64, nullable=False),
        sa.Column("state", _INT64, nullable=False),
        sa.Column("overdue", _FLAG, nullable=False),
        sa.Column("lot_count", _INT64, nullable=False),
        sa.Column("installments", _INT64, nullable=False),
        sa.Column("terms_hash", _WORD, nullable=False),
        sa.Column("invoice_set", _WORD, nullable=False),
        sa.Column("max_depth", _INT64, nullable=False),
        sa.Column("max_lots", _INT64, nullable=False),
        sa.Column("min_lot_minor", _INT64, nullable=False),
        sa.Column("late_rate_ppm_per_day", _INT64, nullable=False),
        sa.Column("grace_days", _INT64, nullable=False),
        sa.Column("close_window_seconds", _INT64, nullable=False),
        key=("id",),
        indexes=(
            "creditor",
            "debtor",
        ),
    )
    _table(
        "lot",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("id", _INT64, nullable=False),
        sa.Column("receivable", _INT64, nullable=False),
        sa.Column("parent", _INT64, nullable=False),
        sa.Column("owner", _ADDRESS, nullable=False),
        sa.Column("depth", _INT64, nullable=False),
        sa.Column("first_serial", _INT64, nullable=False),
        sa.Column("amount_minor", _INT64, nullable=False),
        sa.Column("seq", _INT64, nullable=False),
        sa.Column("claimed_through", _INT64, nullable=False),
        sa.Column("since_s", _INT64, nullable=False),
        key=("id",),
        indexes=(
            "owner",
            "receivable",
        ),
    )
    _table(
        "lot_move",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("child", _INT64, nullable=False),
        sa.Column("receivable", _INT64, nullable=False),
        sa.Column("parent", _INT64, nullable=False),
        sa.Column("from_party", _ADDRESS, nullable=False),
        sa.Column("to_party", _ADDRESS, nullable=False),
        sa.Column("first_serial", _INT64, nullable=False),
        sa.Column("amount_minor", _INT64, nullable=False),
        sa.Column("parent_left_minor", _INT64, nullable=False),
        sa.Column("parent_seq", _INT64, nullable=False),
        sa.Column("depth", _INT64, nullable=False),
        sa.Column("cause", _INT64, nullable=False),
        sa.Column("evidence", _WORD, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("moved_s", _INT64, nullable=False),
        key=("child",),
        indexes=("receivable",),
    )
    _table(
        "invoice_use",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("fingerprint", _WORD, nullable=False),
        sa.Column("total_minor", _INT64, nullable=False),
        sa.Column("used_minor", _INT64, nullable=False),
        key=("fingerprint",),
    )
    _table(
        "invoice_binding",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("fingerprint", _WORD, nullable=False),
        sa.Column("receivable", _INT64, nullable=False),
        sa.Column("amount_minor", _INT64, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("bound_s", _INT64, nullable=False),
        key=(
            "block_number",
            "log_index",
        ),
        indexes=(
            "fingerprint",
            "receivable",
        ),
    )


def _intents() -> None:
    _table(
        "intent_use",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("digest", _WORD, nullable=False),
        sa.Column("kind", _INT64, nullable=False),
        sa.Column("subject", _INT64, nullable=False),
        sa.Column("relayer", _ADDRESS, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("used_s", _INT64, nullable=False),
        key=("digest",),
        indexes=("subject",),
    )
    _table(
        "intent_revocation",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("party", _ADDRESS, nullable=False),
        sa.Column("digest", _WORD, nullable=False),
        key=(
            "party",
            "digest",
        ),
    )


def _money() -> None:
    _table(
        "financing",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("child", _INT64, nullable=False),
        sa.Column("receivable", _INT64, nullable=False),
        sa.Column("bank", _ADDRESS, nullable=False),
        sa.Column("seller", _ADDRESS, nullable=False),
        sa.Column("amount_minor", _INT64, nullable=False),
        sa.Column("price_minor", _INT64, nullable=False),
        sa.Column("fees_minor", _INT64, nullable=False),
        sa.Column("fees_to", _ADDRESS, nullable=False),
        sa.Column("rate_ppm", _INT64, nullable=False),
        sa.Column("day_count", _INT64, nullable=False),
        sa.Column("recourse", _INT64, nullable=False),
        sa.Column("registration_ref", _WORD, nullable=False),
        sa.Column("notice_ref", _WORD, nullable=False),
        sa.Column("terms_hash", _WORD, nullable=False),
        sa.Column("digest", _WORD, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("financed_s", _INT64, nullable=False),
        key=("child",),
        indexes=(
            "bank",
            "receivable",
            "seller",
        ),
    )
    _table(
        "payment",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("receivable", _INT64, nullable=False),
        sa.Column("installment", _INT64, nullable=False),
        sa.Column("debtor", _ADDRESS, nullable=False),
        sa.Column("principal_minor", _INT64, nullable=False),
        sa.Column("interest_minor", _INT64, nullable=False),
        sa.Column("paid_minor", _INT64, nullable=False),
        sa.Column("interest_paid_minor", _INT64, nullable=False),
        sa.Column("digest", _WORD, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("paid_s", _INT64, nullable=False),
        key=(
            "receivable",
            "installment",
        ),
    )
    _table(
        "claim",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("receivable", _INT64, nullable=False),
        sa.Column("lot", _INT64, nullable=False),
        sa.Column("owner", _ADDRESS, nullable=False),
        sa.Column("principal_minor", _INT64, nullable=False),
        sa.Column("interest_minor", _INT64, nullable=False),
        sa.Column("claimed_through", _INT64, nullable=False),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("claimed_s", _INT64, nullable=False),
        key=(
            "block_number",
            "log_index",
        ),
        indexes=(
            "lot",
            "receivable",
        ),
    )


def _cash() -> None:
    _table(
        "currency_cash",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("currency", _INT64, nullable=False),
        sa.Column("cash", _ADDRESS, nullable=False),
        key=("currency",),
    )
    _table(
        "cash_supply",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("currency", _INT64, nullable=False),
        sa.Column("amount_minor", _INT64, nullable=False),
        key=("currency",),
    )
    _table(
        "cash_limit",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("currency", _INT64, nullable=False),
        sa.Column("per_day_minor", _U64, nullable=False),
        key=("currency",),
    )
    _table(
        "cash_balance",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("holder", _ADDRESS, nullable=False),
        sa.Column("currency", _INT64, nullable=False),
        sa.Column("amount_minor", _INT64, nullable=False),
        key=(
            "holder",
            "currency",
        ),
    )
    _table(
        "cash_movement",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("currency", _INT64, nullable=False),
        sa.Column("kind", _INT64, nullable=False),
        sa.Column("from_party", _ADDRESS, nullable=True),
        sa.Column("to_party", _ADDRESS, nullable=True),
        sa.Column("amount_minor", _INT64, nullable=False),
        sa.Column("reference", _WORD, nullable=True),
        sa.Column("digest", _WORD, nullable=True),
        sa.Column("tx_hash", _WORD, nullable=False),
        sa.Column("moved_s", _INT64, nullable=False),
        key=(
            "block_number",
            "log_index",
        ),
        indexes=(
            "from_party",
            "reference",
            "to_party",
        ),
    )


def _governance() -> None:
    _table(
        "rule",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("param", _INT64, nullable=False),
        sa.Column("currency", _INT64, nullable=False),
        sa.Column("effective_s", _INT64, nullable=False),
        sa.Column("value", _INT64, nullable=False),
        key=(
            "param",
            "currency",
            "effective_s",
        ),
    )
    _table(
        "module_right",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("contract", _ADDRESS, nullable=False),
        sa.Column("module", _ADDRESS, nullable=False),
        sa.Column("rights", _INT64, nullable=False),
        key=(
            "contract",
            "module",
        ),
    )
    _table(
        "pause_state",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("contract", _ADDRESS, nullable=False),
        sa.Column("paused", _INT64, nullable=False),
        key=("contract",),
    )
    _table(
        "role_grant",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("role", _U64, nullable=False),
        sa.Column("account", _ADDRESS, nullable=False),
        sa.Column("since_s", _INT64, nullable=False),
        sa.Column("delay_seconds", _INT64, nullable=False),
        key=(
            "role",
            "account",
        ),
    )
    _table(
        "function_role",
        sa.Column("block_number", _INT64, nullable=False),
        sa.Column("log_index", _INT64, nullable=False),
        sa.Column("target", _ADDRESS, nullable=False),
        sa.Column("selector", _SELECTOR, nullable=False),
        sa.Column("role", _U64, nullable=False),
        key=(
            "target",
            "selector",
        ),
    )
