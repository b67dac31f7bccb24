"""What follows from the facts: the state of the ledger, one row a thing, and what happened, one row an event.

Names say units: `_minor` minor units of the currency, `_s` seconds since 1970 UTC. `currency` is the ISO 4217
number. A row's (`block_number`, `log_index`) is the event that wrote it last.
"""

from enum import IntEnum

from sqlmodel import Field

from indexer.models.base import STRICT, Appended, Located
from indexer.models.types import U64, AddressText, Flag, Int64, SelectorText, WordText


class Party(Located, table=True):
    """An organisation; while `blocking`, its overdue and unpaid receivables, is above 0 it cannot issue."""

    __tablename__ = "party"
    __table_args__ = STRICT

    address: str = Field(sa_type=AddressText, primary_key=True)
    legal_id_hash: str = Field(sa_type=WordText, index=True)
    status: int = Field(sa_type=Int64)
    roles: int = Field(sa_type=Int64)
    kyb_until_s: int = Field(sa_type=Int64)
    admitted_s: int = Field(sa_type=Int64)
    version: int = Field(default=0, sa_type=Int64)
    blocking: int = Field(default=0, sa_type=Int64)


class Signer(Located, table=True):
    """A key of a party; `powers` 0 means that it was removed."""

    __tablename__ = "signer"
    __table_args__ = STRICT

    party: str = Field(sa_type=AddressText, primary_key=True)
    signer: str = Field(sa_type=AddressText, primary_key=True, index=True)
    powers: int = Field(sa_type=Int64)
    expires_s: int = Field(sa_type=Int64)


class Threshold(Located, table=True):
    """How many signers a power needs; a power without a row needs one."""

    __tablename__ = "threshold"
    __table_args__ = STRICT

    party: str = Field(sa_type=AddressText, primary_key=True)
    power: int = Field(sa_type=Int64, primary_key=True)
    threshold: int = Field(sa_type=Int64)


class Receivable(Located, table=True):
    """A receivable; `paid_minor` is principal, `claimed_minor` principal and interest paid out to holders."""

    __tablename__ = "receivable"
    __table_args__ = STRICT

    id: int = Field(sa_type=Int64, primary_key=True)
    debtor: str = Field(sa_type=AddressText, index=True)
    creditor: str = Field(sa_type=AddressText, index=True)
    currency: int = Field(sa_type=Int64)
    face_minor: int = Field(sa_type=Int64)
    paid_minor: int = Field(default=0, sa_type=Int64)
    interest_paid_minor: int = Field(default=0, sa_type=Int64)
    claimed_minor: int = Field(default=0, sa_type=Int64)
    interest_owed_minor: int = Field(default=0, sa_type=Int64)
    interest_through_s: int = Field(default=0, sa_type=Int64)
    issued_s: int = Field(sa_type=Int64)
    due_s: int = Field(sa_type=Int64)
    state: int = Field(sa_type=Int64)
    overdue: bool = Field(default=False, sa_type=Flag)
    lot_count: int = Field(default=0, sa_type=Int64)
    installments: int = Field(default=0, sa_type=Int64)
    terms_hash: str = Field(sa_type=WordText)
    invoice_set: str = Field(sa_type=WordText)
    max_depth: int = Field(default=0, sa_type=Int64)
    max_lots: int = Field(default=0, sa_type=Int64)
    min_lot_minor: int = Field(default=0, sa_type=Int64)
    late_rate_ppm_per_day: int = Field(default=0, sa_type=Int64)
    grace_days: int = Field(default=0, sa_type=Int64)
    close_window_seconds: int = Field(default=0, sa_type=Int64)


class Lot(Located, table=True):
    """A holding: serials [first_serial, first_serial + amount_minor); empty lots stay as links of title."""

    __tablename__ = "lot"
    __table_args__ = STRICT

    id: int = Field(sa_type=Int64, primary_key=True)
    receivable: int = Field(sa_type=Int64, index=True)
    parent: int = Field(sa_type=Int64)
    owner: str = Field(sa_type=AddressText, index=True)
    depth: int = Field(sa_type=Int64)
    first_serial: int = Field(sa_type=Int64)
    amount_minor: int = Field(sa_type=Int64)
    seq: int = Field(default=0, sa_type=Int64)
    claimed_through: int = Field(default=0, sa_type=Int64)
    since_s: int = Field(sa_type=Int64)


class LotMove(Located, table=True):
    """A hop of title: `child` came to be with these serials; a first hop has parent 0 and address zero."""

    __tablename__ = "lot_move"
    __table_args__ = STRICT

    child: int = Field(sa_type=Int64, primary_key=True)
    receivable: int = Field(sa_type=Int64, index=True)
    parent: int = Field(sa_type=Int64)
    from_party: str = Field(sa_type=AddressText)
    to_party: str = Field(sa_type=AddressText)
    first_serial: int = Field(sa_type=Int64)
    amount_minor: int = Field(sa_type=Int64)
    parent_left_minor: int = Field(sa_type=Int64)
    parent_seq: int = Field(sa_type=Int64)
    depth: int = Field(sa_type=Int64)
    cause: int = Field(sa_type=Int64)
    evidence: str = Field(sa_type=WordText)
    tx_hash: str = Field(sa_type=WordText)
    moved_s: int = Field(sa_type=Int64)


class InvoiceUse(Located, table=True):
    """How much of an invoice backs receivables; never more than its total."""

    __tablename__ = "invoice_use"
    __table_args__ = STRICT

    fingerprint: str = Field(sa_type=WordText, primary_key=True)
    total_minor: int = Field(sa_type=Int64)
    used_minor: int = Field(sa_type=Int64)


class InvoiceBinding(Appended, table=True):
    """An invoice, or part of it, backs a receivable."""

    __tablename__ = "invoice_binding"
    __table_args__ = STRICT

    fingerprint: str = Field(sa_type=WordText, index=True)
    receivable: int = Field(sa_type=Int64, index=True)
    amount_minor: int = Field(sa_type=Int64)
    tx_hash: str = Field(sa_type=WordText)
    bound_s: int = Field(sa_type=Int64)


class IntentUse(Located, table=True):
    """A signed intent took effect; `subject`: receivable (Issue, Pay), child lot (Assign, Finance) or 0."""

    __tablename__ = "intent_use"
    __table_args__ = STRICT

    digest: str = Field(sa_type=WordText, primary_key=True)
    kind: int = Field(sa_type=Int64)
    subject: int = Field(sa_type=Int64, index=True)
    relayer: str = Field(sa_type=AddressText)
    tx_hash: str = Field(sa_type=WordText)
    used_s: int = Field(sa_type=Int64)


class IntentRevocation(Located, table=True):
    """A party withdrew its signatures from a digest."""

    __tablename__ = "intent_revocation"
    __table_args__ = STRICT

    party: str = Field(sa_type=AddressText, primary_key=True)
    digest: str = Field(sa_type=WordText, primary_key=True)


class Financing(Located, table=True):
    """Title against cash: the bank bought the lot `child`; the seller received price less fees."""

    __tablename__ = "financing"
    __table_args__ = STRICT

    child: int = Field(sa_type=Int64, primary_key=True)
    receivable: int = Field(sa_type=Int64, index=True)
    bank: str = Field(sa_type=AddressText, index=True)
    seller: str = Field(sa_type=AddressText, index=True)
    amount_minor: int = Field(sa_type=Int64)
    price_minor: int = Field(sa_type=Int64)
    fees_minor: int = Field(sa_type=Int64)
    fees_to: str = Field(sa_type=AddressText)
    rate_ppm: int = Field(sa_type=Int64)
    day_count: int = Field(sa_type=Int64)
    recourse: int = Field(sa_type=Int64)
    registration_ref: str = Field(sa_type=WordText)
    notice_ref: str = Field(sa_type=WordText)
    terms_hash: str = Field(sa_type=WordText)
    digest: str = Field(sa_type=WordText)
    tx_hash: str = Field(sa_type=WordText)
    financed_s: int = Field(sa_type=Int64)


class Payment(Located, table=True):
    """One payment of the debtor; `paid_minor` and `interest_paid_minor` are the totals after it."""

    __tablename__ = "payment"
    __table_args__ = STRICT

    receivable: int = Field(sa_type=Int64, primary_key=True)
    installment: int = Field(sa_type=Int64, primary_key=True)
    debtor: str = Field(sa_type=AddressText)
    principal_minor: int = Field(sa_type=Int64)
    interest_minor: int = Field(sa_type=Int64)
    paid_minor: int = Field(sa_type=Int64)
    interest_paid_minor: int = Field(sa_type=Int64)
    digest: str = Field(sa_type=WordText)
    tx_hash: str = Field(sa_type=WordText)
    paid_s: int = Field(sa_type=Int64)


class Claim(Appended, table=True):
    """A lot's owner received its share through payment number `claimed_through`."""

    __tablename__ = "claim"
    __table_args__ = STRICT

    receivable: int = Field(sa_type=Int64, index=True)
    lot: int = Field(sa_type=Int64, index=True)
    owner: str = Field(sa_type=AddressText)
    principal_minor: int = Field(sa_type=Int64)
    interest_minor: int = Field(sa_type=Int64)
    claimed_through: int = Field(sa_type=Int64)
    tx_hash: str = Field(sa_type=WordText)
    claimed_s: int = Field(sa_type=Int64)


class CurrencyCash(Located, table=True):
    """The cash token in which the ledger settles a currency."""

    __tablename__ = "currency_cash"
    __table_args__ = STRICT

    currency: int = Field(sa_type=Int64, primary_key=True)
    cash: str = Field(sa_type=AddressText)


class CashSupply(Located, table=True):
    """Cash of a currency in existence."""

    __tablename__ = "cash_supply"
    __table_args__ = STRICT

    currency: int = Field(sa_type=Int64, primary_key=True)
    amount_minor: int = Field(sa_type=Int64)


class CashLimit(Located, table=True):
    """How much of a currency may be minted in a day."""

    __tablename__ = "cash_limit"
    __table_args__ = STRICT

    currency: int = Field(sa_type=Int64, primary_key=True)
    per_day_minor: int = Field(sa_type=U64)


class CashBalance(Located, table=True):
    """Cash of a party, or of the settlement contract that holds what was paid in and not yet claimed."""

    __tablename__ = "cash_balance"
    __table_args__ = STRICT

    holder: str = Field(sa_type=AddressText, primary_key=True)
    currency: int = Field(sa_type=Int64, primary_key=True)
    amount_minor: int = Field(sa_type=Int64)


class CashMovementKind(IntEnum):
    """What a movement of cash is."""

    MINT = 1
    REDEEM = 2
    MOVE = 3


class CashMovement(Appended, table=True):
    """Cash came, went or moved; `reference` is the credit notice (mint) or the bank account (redeem)."""

    __tablename__ = "cash_movement"
    __table_args__ = STRICT

    currency: int = Field(sa_type=Int64)
    kind: int = Field(sa_type=Int64)
    from_party: str | None = Field(default=None, sa_type=AddressText, index=True)
    to_party: str | None = Field(default=None, sa_type=AddressText, index=True)
    amount_minor: int = Field(sa_type=Int64)
    reference: str | None = Field(default=None, sa_type=WordText, index=True)
    digest: str | None = Field(default=None, sa_type=WordText)
    tx_hash: str = Field(sa_type=WordText)
    moved_s: int = Field(sa_type=Int64)


class Rule(Located, table=True):
    """A parameter's value from a day on; currency 0 holds for every currency without a value of its own."""

    __tablename__ = "rule"
    __table_args__ = STRICT

    param: int = Field(sa_type=Int64, primary_key=True)
    currency: int = Field(sa_type=Int64, primary_key=True)
    effective_s: int = Field(sa_type=Int64, primary_key=True)
    value: int = Field(sa_type=Int64)


class ModuleRight(Located, table=True):
    """What a module may do in a contract that keeps state; 0 means nothing any more."""

    __tablename__ = "module_right"
    __table_args__ = STRICT

    contract: str = Field(sa_type=AddressText, primary_key=True)
    module: str = Field(sa_type=AddressText, primary_key=True)
    rights: int = Field(sa_type=Int64)


class PauseState(Located, table=True):
    """Which rights are paused in a contract; a contract without a row never was paused."""

    __tablename__ = "pause_state"
    __table_args__ = STRICT

    contract: str = Field(sa_type=AddressText, primary_key=True)
    paused: int = Field(sa_type=Int64)


class RoleGrant(Located, table=True):
    """An administrative role of an account; `since_s` 0 means that it was taken away."""

    __tablename__ = "role_grant"
    __table_args__ = STRICT

    role: int = Field(sa_type=U64, primary_key=True)
    account: str = Field(sa_type=AddressText, primary_key=True)
    since_s: int = Field(sa_type=Int64)
    delay_seconds: int = Field(sa_type=Int64)


class FunctionRole(Located, table=True):
    """The administrative role that may call a function."""

    __tablename__ = "function_role"
    __table_args__ = STRICT

    target: str = Field(sa_type=AddressText, primary_key=True)
    selector: str = Field(sa_type=SelectorText, primary_key=True)
    role: int = Field(sa_type=U64)
