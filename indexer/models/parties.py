"""Parties and what they sign: organisations, their keys, the intents that took effect.

`_s` is seconds since 1970 UTC.
"""

from sqlmodel import Field

from indexer.models.base import STRICT, Located
from indexer.models.types import AddressText, Int64, WordText


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


class IntentUse(Located, table=True):
    """A signed intent took effect.

    `subject`: receivable (Issue, Pay, Cancel), lot (Pledge, Release), new lot (other moves of title), else 0.
    """

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
