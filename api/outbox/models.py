"""Operations: what a command started on the ledger, and how far it has come."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, String, Text, column
from sqlmodel import Field

from api.db import AppTable


class Lane(StrEnum):
    """One sending key each; transactions of a lane are sent in order of their nonces."""

    RELAYER = "relayer"
    REGISTRAR = "registrar"
    SETTLEMENT_BANK = "settlement_bank"


class OperationKind(StrEnum):
    """What an operation does; follow-ups are registered by it."""

    ISSUE = "issue"
    ASSIGN = "assign"
    FINANCE = "finance"
    PAY = "pay"
    REDEEM = "redeem"
    BUYBACK = "buyback"
    MANDATE = "mandate"
    PLEDGE = "pledge"
    RELEASE = "release"
    REALISE = "realise"
    REVOKE = "revoke"
    SET_SIGNER = "set_signer"
    SET_THRESHOLD = "set_threshold"
    ADMIT = "admit"
    UPDATE_PARTY = "update_party"
    CLAIM = "claim"
    MINT = "mint"
    FLAG_OVERDUE = "flag_overdue"
    DECLARE_DEFAULT = "declare_default"
    FILL_NONCE = "fill_nonce"


class OperationState(StrEnum):
    """`sending` has a nonce, `sent` has signed bytes, `mined` has a block, `done` is in the mirror."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    MINED = "mined"
    DONE = "done"
    FAILED = "failed"


UNDER_WAY = (OperationState.SENDING, OperationState.SENT, OperationState.MINED)
"""States that hold a nonce which a block may not have used yet."""

FINAL_STATES = frozenset({OperationState.DONE, OperationState.FAILED})

_UNDER_WAY = column("state", String).in_([state.value for state in UNDER_WAY])


class Operation(AppTable, table=True):
    """One transaction on its way. `problem` is the problem document of a failure, `result` what a follow-up
    found.

    `subject_ref` names the business thing it is about, in its folder's own terms. `data` and `raw_tx` are 0x
    text. `tx_hashes` are all hashes ever signed under the present nonce: any of them may be the one that is
    mined. `attempts` counts how often it was planned anew, with another nonce.
    """

    __tablename__ = "operation"
    __table_args__ = (
        # Of transactions on their way only: a development chain that lost blocks uses their nonces again.
        Index(
            "uq_operation_sender_nonce_under_way",
            "sender",
            "nonce",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
        Index("ix_operation_lane_state_id", "lane", "state", "id"),
    )

    id: str = Field(primary_key=True, max_length=40)
    kind: str = Field(max_length=24)
    lane: str = Field(max_length=24)
    state: str = Field(default=OperationState.QUEUED, max_length=12)
    subject_ref: str = Field(max_length=120, index=True)
    digest: str | None = Field(default=None, max_length=66, index=True)
    visible_to: list[str] = Field(sa_type=JSON)
    to: str = Field(max_length=42)
    data: str = Field(sa_type=Text)
    sender: str | None = Field(default=None, max_length=42)
    nonce: int | None = Field(default=None, sa_type=BigInteger)
    gas: int | None = Field(default=None, sa_type=BigInteger)
    max_fee_per_gas: int | None = Field(default=None, sa_type=BigInteger)
    max_priority_fee_per_gas: int | None = Field(default=None, sa_type=BigInteger)
    raw_tx: str | None = Field(default=None, sa_type=Text)
    tx_hash: str | None = Field(default=None, max_length=66)
    tx_hashes: list[str] = Field(default_factory=list, sa_type=JSON)
    block_number: int | None = Field(default=None, sa_type=BigInteger)
    attempts: int = Field(default=0)
    problem: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    result: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    created_ms: int = Field(sa_type=BigInteger)
    updated_ms: int = Field(sa_type=BigInteger)
