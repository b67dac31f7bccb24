"""All tables of the schema `app`.

Frozen: written out, so that no later change of the models changes this revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "app"

TABLES = (
    "api_key",
    "audit_log",
    "party_profile",
    "party_identifier",
    "idempotency_record",
    "operation",
    "intent",
    "intent_requirement",
    "intent_signature",
    "invoice",
    "assignment_evidence",
    "quote_request",
    "quote",
    "cash_credit",
    "redemption",
)


def upgrade() -> None:
    _members()
    _commands()
    _invoices()
    _money()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name, schema=SCHEMA)


def _members() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("party", sa.String(42), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("signer", sa.String(42), nullable=True),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=True),
        sa.Column("revoked_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_key"),
        schema=SCHEMA,
    )
    op.create_index("ix_api_key_party", "api_key", ["party"], unique=False, schema=SCHEMA)
    op.create_table(
        "audit_log",
        sa.Column("seq", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("business_s", sa.BigInteger(), nullable=False),
        sa.Column("key_id", sa.String(40), nullable=False),
        sa.Column("party", sa.String(42), nullable=False),
        sa.Column("action", sa.String(80), nullable=False),
        sa.Column("subject", sa.JSON(), nullable=False),
        sa.Column("authority", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(66), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("previous_hash", sa.String(66), nullable=False),
        sa.Column("hash", sa.String(66), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_log"),
        schema=SCHEMA,
    )
    op.create_index("ix_audit_log_key_id", "audit_log", ["key_id"], unique=False, schema=SCHEMA)
    op.create_table(
        "party_profile",
        sa.Column("address", sa.String(42), nullable=False),
        sa.Column("legal_id_hash", sa.String(66), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("address", name="pk_party_profile"),
        sa.UniqueConstraint("legal_id_hash", name="uq_party_profile_legal_id_hash"),
        schema=SCHEMA,
    )
    op.create_table(
        "party_identifier",
        sa.Column("address", sa.String(42), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(16), nullable=False),
        sa.Column("value", sa.String(80), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("canonical", sa.String(120), nullable=False),
        sa.Column("check", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("address", "position", name="pk_party_identifier"),
        sa.ForeignKeyConstraint(
            ["address"], [f"{SCHEMA}.party_profile.address"], name="fk_party_identifier_address"
        ),
        sa.UniqueConstraint("canonical", name="uq_party_identifier_canonical"),
        schema=SCHEMA,
    )


def _commands() -> None:
    op.create_table(
        "idempotency_record",
        sa.Column("key_id", sa.String(40), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("operation_id", sa.String(40), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", "key", name="pk_idempotency_record"),
        schema=SCHEMA,
    )
    op.create_table(
        "operation",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("lane", sa.String(24), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("subject_ref", sa.String(120), nullable=False),
        sa.Column("digest", sa.String(66), nullable=True),
        sa.Column("visible_to", sa.JSON(), nullable=False),
        sa.Column("to", sa.String(42), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("sender", sa.String(42), nullable=True),
        sa.Column("nonce", sa.BigInteger(), nullable=True),
        sa.Column("gas", sa.BigInteger(), nullable=True),
        sa.Column("max_fee_per_gas", sa.BigInteger(), nullable=True),
        sa.Column("max_priority_fee_per_gas", sa.BigInteger(), nullable=True),
        sa.Column("raw_tx", sa.Text(), nullable=True),
        sa.Column("tx_hash", sa.String(66), nullable=True),
        sa.Column("tx_hashes", sa.JSON(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("updated_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_operation"),
        schema=SCHEMA,
    )
    op.create_index("ix_operation_digest", "operation", ["digest"], unique=False, schema=SCHEMA)
    op.create_index(
        "ix_operation_lane_state_id", "operation", ["lane", "state", "id"], unique=False, schema=SCHEMA
    )
    op.create_index("ix_operation_subject_ref", "operation", ["subject_ref"], unique=False, schema=SCHEMA)
    op.create_index(
        "uq_operation_sender_nonce_under_way",
        "operation",
        ["sender", "nonce"],
        unique=True,
        schema=SCHEMA,
        sqlite_where=sa.text("state IN ('sending', 'sent', 'mined')"),
        postgresql_where=sa.text("state IN ('sending', 'sent', 'mined')"),
    )
    op.create_table(
        "intent",
        sa.Column("digest", sa.String(66), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("subject_ref", sa.String(120), nullable=False),
        sa.Column("expires_s", sa.BigInteger(), nullable=False),
        sa.Column("operation_id", sa.String(40), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_intent"),
        schema=SCHEMA,
    )
    op.create_index("ix_intent_subject_ref", "intent", ["subject_ref"], unique=False, schema=SCHEMA)
    op.create_table(
        "intent_requirement",
        sa.Column("digest", sa.String(66), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(42), nullable=False),
        sa.Column("power", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "position", name="pk_intent_requirement"),
        sa.ForeignKeyConstraint(["digest"], [f"{SCHEMA}.intent.digest"], name="fk_intent_requirement_digest"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_intent_requirement_party", "intent_requirement", ["party"], unique=False, schema=SCHEMA
    )
    op.create_table(
        "intent_signature",
        sa.Column("digest", sa.String(66), nullable=False),
        sa.Column("party", sa.String(42), nullable=False),
        sa.Column("signer", sa.String(42), nullable=False),
        sa.Column("signature", sa.String(132), nullable=False),
        sa.Column("key_id", sa.String(40), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "party", "signer", name="pk_intent_signature"),
        sa.ForeignKeyConstraint(["digest"], [f"{SCHEMA}.intent.digest"], name="fk_intent_signature_digest"),
        schema=SCHEMA,
    )


def _invoices() -> None:
    op.create_table(
        "invoice",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("seller", sa.String(42), nullable=False),
        sa.Column("buyer", sa.String(42), nullable=True),
        sa.Column("number", sa.String(200), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("payable_minor", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.String(66), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("delivery_evidence", sa.JSON(), nullable=True),
        sa.Column("terms", sa.JSON(), nullable=True),
        sa.Column("intent_digest", sa.String(66), nullable=True),
        sa.Column("receivable_id", sa.BigInteger(), nullable=True),
        sa.Column("reason_code", sa.String(40), nullable=True),
        sa.Column("reason_text", sa.String(500), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("updated_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invoice"),
        schema=SCHEMA,
    )
    op.create_index("ix_invoice_buyer_id", "invoice", ["buyer", "id"], unique=False, schema=SCHEMA)
    op.create_index("ix_invoice_intent_digest", "invoice", ["intent_digest"], unique=False, schema=SCHEMA)
    op.create_index("ix_invoice_receivable_id", "invoice", ["receivable_id"], unique=False, schema=SCHEMA)
    op.create_index("ix_invoice_seller_id", "invoice", ["seller", "id"], unique=False, schema=SCHEMA)
    op.create_index(
        "uq_invoice_fingerprint_taken",
        "invoice",
        ["fingerprint"],
        unique=True,
        schema=SCHEMA,
        sqlite_where=sa.text("state NOT IN ('cancelled', 'declined', 'expired', 'rejected')"),
        postgresql_where=sa.text("state NOT IN ('cancelled', 'declined', 'expired', 'rejected')"),
    )
    op.create_table(
        "assignment_evidence",
        sa.Column("evidence", sa.String(66), nullable=False),
        sa.Column("digest", sa.String(66), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("owner", sa.String(42), nullable=False),
        sa.Column("receiver", sa.String(42), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("evidence", name="pk_assignment_evidence"),
        sa.UniqueConstraint("digest", name="uq_assignment_evidence_digest"),
        schema=SCHEMA,
    )


def _money() -> None:
    op.create_table(
        "quote_request",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("seller", sa.String(42), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("receivable_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Integer(), nullable=False),
        sa.Column("recourse", sa.Integer(), nullable=False),
        sa.Column("reason_code", sa.String(40), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quote_request"),
        schema=SCHEMA,
    )
    op.create_index("ix_quote_request_seller", "quote_request", ["seller"], unique=False, schema=SCHEMA)
    op.create_index(
        "ix_quote_request_state_id", "quote_request", ["state", "id"], unique=False, schema=SCHEMA
    )
    op.create_table(
        "quote",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("request_id", sa.String(40), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("bank", sa.String(42), nullable=False),
        sa.Column("digest", sa.String(66), nullable=False),
        sa.Column("cost_sheet", sa.JSON(), nullable=False),
        sa.Column("cash_minor", sa.BigInteger(), nullable=False),
        sa.Column("cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("registration_ref", sa.String(140), nullable=True),
        sa.Column("notice_ref", sa.String(140), nullable=True),
        sa.Column("expires_s", sa.BigInteger(), nullable=False),
        sa.Column("child_lot_id", sa.BigInteger(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quote"),
        sa.UniqueConstraint("digest", name="uq_quote_digest"),
        sa.ForeignKeyConstraint(["request_id"], [f"{SCHEMA}.quote_request.id"], name="fk_quote_request_id"),
        schema=SCHEMA,
    )
    op.create_index("ix_quote_request_id_bank", "quote", ["request_id", "bank"], unique=False, schema=SCHEMA)
    op.create_table(
        "cash_credit",
        sa.Column("reference_hash", sa.String(66), nullable=False),
        sa.Column("currency", sa.Integer(), nullable=False),
        sa.Column("credit_ref", sa.String(140), nullable=False),
        sa.Column("party", sa.String(42), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("operation_id", sa.String(40), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reference_hash", "currency", name="pk_cash_credit"),
        schema=SCHEMA,
    )
    op.create_table(
        "redemption",
        sa.Column("digest", sa.String(66), nullable=False),
        sa.Column("holder", sa.String(42), nullable=False),
        sa.Column("account_ref", sa.String(140), nullable=False),
        sa.Column("salt", sa.String(66), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_redemption"),
        schema=SCHEMA,
    )
