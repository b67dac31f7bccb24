"""How receivables changed state, and under which orders and agreements.

`_minor` is minor units of the receivable's currency (ISO 4217 number), `_s` seconds since 1970 UTC.
"""

from sqlmodel import Field

from indexer.models.base import STRICT, Appended, Located
from indexer.models.types import Int64, WordText


class ReceivableStateChange(Appended, table=True):
    """A receivable went from one state of `domain.receivable` to another; its birth is no change."""

    __tablename__ = "receivable_state_change"
    __table_args__ = STRICT

    receivable: int = Field(sa_type=Int64, index=True)
    from_state: int = Field(sa_type=Int64)
    to_state: int = Field(sa_type=Int64)
    tx_hash: str = Field(sa_type=WordText)
    changed_s: int = Field(sa_type=Int64)


class ReceivableOrder(Appended, table=True):
    """The order (suspend, resume) or agreement (cancel) behind the change of state just before."""

    __tablename__ = "receivable_order"
    __table_args__ = STRICT

    receivable: int = Field(sa_type=Int64, index=True)
    evidence: str = Field(sa_type=WordText)
    tx_hash: str = Field(sa_type=WordText)
    ordered_s: int = Field(sa_type=Int64)


class WriteOff(Located, table=True):
    """Given up under an order, as by a last payment of nothing: `installment` is its number."""

    __tablename__ = "write_off"
    __table_args__ = STRICT

    receivable: int = Field(sa_type=Int64, primary_key=True)
    installment: int = Field(sa_type=Int64)
    principal_lost_minor: int = Field(sa_type=Int64)
    interest_lost_minor: int = Field(sa_type=Int64)
    evidence: str = Field(sa_type=WordText)
    tx_hash: str = Field(sa_type=WordText)
    written_off_s: int = Field(sa_type=Int64)
