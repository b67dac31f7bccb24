"""Recovery of parties that lost their keys: what is proposed, and how far it has come.

`_s` is seconds since 1970 UTC.
"""

from enum import IntEnum

from sqlmodel import Field

from indexer.models.base import STRICT, Located
from indexer.models.types import AddressText, Int64, WordText


class RecoveryState(IntEnum):
    """How far a recovery has come; the last three end it."""

    PROPOSED = 1
    SECONDED = 2
    VETOED = 3
    CANCELLED = 4
    EXECUTED = 5


class Recovery(Located, table=True):
    """The last recovery proposed for a party; earlier ones are in the facts.

    Any change by the party's own signers makes a pending one void: `version` is the party's at the time. It
    may be carried out from `ready_s` on, which is 0 while nobody has seconded it.
    """

    __tablename__ = "recovery"
    __table_args__ = STRICT

    party: str = Field(sa_type=AddressText, primary_key=True)
    id: str = Field(sa_type=WordText)
    state: int = Field(sa_type=Int64)
    proposer: str = Field(sa_type=AddressText)
    seconder: str | None = Field(default=None, sa_type=AddressText)
    ready_s: int = Field(default=0, sa_type=Int64)
    version: int = Field(sa_type=Int64)
    reason: str = Field(sa_type=WordText)
    tx_hash: str = Field(sa_type=WordText)
    proposed_s: int = Field(sa_type=Int64)


class RecoverySigner(Located, table=True):
    """A signer that a recovery would set."""

    __tablename__ = "recovery_signer"
    __table_args__ = STRICT

    party: str = Field(sa_type=AddressText, primary_key=True)
    id: str = Field(sa_type=WordText, primary_key=True)
    signer: str = Field(sa_type=AddressText, primary_key=True)
    powers: int = Field(sa_type=Int64)
    expires_s: int = Field(sa_type=Int64)


class RecoveryThreshold(Located, table=True):
    """A threshold that a recovery would set."""

    __tablename__ = "recovery_threshold"
    __table_args__ = STRICT

    party: str = Field(sa_type=AddressText, primary_key=True)
    id: str = Field(sa_type=WordText, primary_key=True)
    power: int = Field(sa_type=Int64, primary_key=True)
    threshold: int = Field(sa_type=Int64)
