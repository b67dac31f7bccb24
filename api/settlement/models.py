"""Credit notices of the settlement bank and the bank accounts of redemptions."""

from sqlalchemy import BigInteger
from sqlmodel import Field

from api.db import AppTable


class CashCredit(AppTable, table=True):
    """A credit notice that was booked as cash; its hash is its key, so it counts once whatever is tried."""

    __tablename__ = "cash_credit"

    reference_hash: str = Field(primary_key=True, max_length=66)
    currency: int = Field(primary_key=True)
    credit_ref: str = Field(max_length=140)
    party: str = Field(max_length=42)
    amount_minor: int = Field(sa_type=BigInteger)
    operation_id: str = Field(max_length=40)
    created_ms: int = Field(sa_type=BigInteger)


class Redemption(AppTable, table=True):
    """The bank account that the account reference of a `Redeem` was made from, with its salt."""

    __tablename__ = "redemption"

    digest: str = Field(primary_key=True, max_length=66)
    holder: str = Field(max_length=42)
    account_ref: str = Field(max_length=140)
    salt: str = Field(max_length=66)
    created_ms: int = Field(sa_type=BigInteger)
