"""Money: what debtors paid, what holders received, cash and what moved it.

`_minor` is minor units of the currency (ISO 4217 number), `_s` seconds since 1970 UTC.
"""

from enum import IntEnum

from sqlmodel import Field

from indexer.models.base import STRICT, Appended, Located
from indexer.models.types import U64, AddressText, Int64, WordText


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
    """A lot's share through payment number `claimed_through` was paid out, to its owner and to its chargee.

    The chargee's part of it, if any, is the `ChargePayment` of the next log.
    """

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


class ChargePayment(Appended, table=True):
    """Of the claim of the log before, this much went to `party`, the lot's chargee, the rest to its owner."""

    __tablename__ = "charge_payment"
    __table_args__ = STRICT

    receivable: int = Field(sa_type=Int64)
    lot: int = Field(sa_type=Int64, index=True)
    party: str = Field(sa_type=AddressText)
    amount_minor: int = Field(sa_type=Int64)
    tx_hash: str = Field(sa_type=WordText)
    paid_s: int = Field(sa_type=Int64)


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
