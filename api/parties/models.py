"""What the network knows of its members beside the ledger: names and identifiers. The ledger has only a keyed
hash.
"""

from sqlalchemy import BigInteger, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from api.db import SCHEMA, AppTable


class PartyProfile(AppTable, table=True):
    """A member. The row is there from the moment its admission is asked for, and goes if the ledger refuses
    it.
    """

    __tablename__ = "party_profile"

    address: str = Field(primary_key=True, max_length=42)
    legal_id_hash: str = Field(max_length=66, unique=True)
    name: str = Field(max_length=200)
    country: str = Field(max_length=2)
    created_ms: int = Field(sa_type=BigInteger)


class PartyIdentifierRow(AppTable, table=True):
    """An identifier as its source wrote it; the first (`position` 0) is the one the ledger's hash is made
    from.
    """

    __tablename__ = "party_identifier"
    __table_args__ = (
        ForeignKeyConstraint(["address"], [f"{SCHEMA}.party_profile.address"]),
        UniqueConstraint("canonical"),
    )

    address: str = Field(primary_key=True, max_length=42)
    position: int = Field(primary_key=True)
    scheme: str = Field(max_length=16)
    value: str = Field(max_length=80)
    country: str = Field(max_length=2)
    canonical: str = Field(max_length=120)
    check: str = Field(max_length=12)
