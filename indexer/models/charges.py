"""Other rights in a lot and stops on it: every freeze and charge there ever was, and the pledges behind them.

`_minor` is minor units of the receivable's currency (ISO 4217 number), `_s` seconds since 1970 UTC.
"""

from enum import IntEnum

from sqlmodel import Field

from indexer.models.base import STRICT, Appended
from indexer.models.types import AddressText, Int64, WordText


class LotFlagChange(Appended, table=True):
    """Flags and `seq` of a lot after a change; `evidence` is the order or agreement behind it."""

    __tablename__ = "lot_flag_change"
    __table_args__ = STRICT

    receivable: int = Field(sa_type=Int64)
    lot: int = Field(sa_type=Int64, index=True)
    flags: int = Field(sa_type=Int64)
    seq: int = Field(sa_type=Int64)
    evidence: str = Field(sa_type=WordText)
    tx_hash: str = Field(sa_type=WordText)
    changed_s: int = Field(sa_type=Int64)


class LotChargeChange(Appended, table=True):
    """The charge on a lot after a change, zero address and 0 where it is gone."""

    __tablename__ = "lot_charge_change"
    __table_args__ = STRICT

    receivable: int = Field(sa_type=Int64)
    lot: int = Field(sa_type=Int64, index=True)
    chargee: str = Field(sa_type=AddressText)
    secured_minor: int = Field(sa_type=Int64)
    recourse_limit_minor: int = Field(sa_type=Int64)
    tx_hash: str = Field(sa_type=WordText)
    changed_s: int = Field(sa_type=Int64)


class PledgeStep(IntEnum):
    """What owner and pledgee agreed on."""

    PLEDGED = 1
    RELEASED = 2
    REALISED = 3


class PledgeAgreement(Appended, table=True):
    """A lot was pledged, its pledge lowered or lifted, or the lot sold free of it.

    `secured_minor` is what is secured afterwards, `cash_minor` the advance, the repayment or the price.
    Realised: `lot` is the one that the buyer got, and of the price `to_pledgee_minor` went to the pledgee.
    """

    __tablename__ = "pledge_agreement"
    __table_args__ = STRICT

    step: int = Field(sa_type=Int64)
    receivable: int = Field(sa_type=Int64)
    lot: int = Field(sa_type=Int64, index=True)
    owner: str = Field(sa_type=AddressText)
    pledgee: str = Field(sa_type=AddressText)
    secured_minor: int = Field(sa_type=Int64)
    cash_minor: int = Field(sa_type=Int64)
    buyer: str | None = Field(default=None, sa_type=AddressText)
    to_pledgee_minor: int | None = Field(default=None, sa_type=Int64)
    evidence: str = Field(sa_type=WordText)
    digest: str = Field(sa_type=WordText)
    tx_hash: str = Field(sa_type=WordText)
    agreed_s: int = Field(sa_type=Int64)
