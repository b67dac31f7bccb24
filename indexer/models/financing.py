"""Financing: lots against cash, bought back, and what a bank's quoting key may buy.

`_minor` is minor units of the receivable's currency (ISO 4217 number), `_s` seconds since 1970 UTC.
"""

from sqlmodel import Field

from indexer.models.base import STRICT, Located
from indexer.models.types import U64, AddressText, Int64, WordText


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


class BuyBack(Located, table=True):
    """Recourse: the seller took title back, in the lot `child`, and paid the bank the price."""

    __tablename__ = "buy_back"
    __table_args__ = STRICT

    child: int = Field(sa_type=Int64, primary_key=True)
    receivable: int = Field(sa_type=Int64)
    bank: str = Field(sa_type=AddressText)
    seller: str = Field(sa_type=AddressText)
    amount_minor: int = Field(sa_type=Int64)
    price_minor: int = Field(sa_type=Int64)
    evidence: str = Field(sa_type=WordText)
    digest: str = Field(sa_type=WordText)
    tx_hash: str = Field(sa_type=WordText)
    bought_back_s: int = Field(sa_type=Int64)


class Mandate(Located, table=True):
    """What a bank's key `quoter` may buy alone; `id` is the digest of the signed mandate.

    It is withdrawn where the bank has revoked that digest (`IntentRevocation`). A bank may write any limit,
    so that one has all 64 bits, and so has the exposure, which is at most the limit.
    """

    __tablename__ = "mandate"
    __table_args__ = STRICT

    id: str = Field(sa_type=WordText, primary_key=True)
    bank: str = Field(sa_type=AddressText, index=True)
    debtor: str = Field(sa_type=AddressText)
    quoter: str = Field(sa_type=AddressText)
    currency: int = Field(sa_type=Int64)
    limit_minor: int = Field(sa_type=U64)
    exposure_minor: int = Field(default=0, sa_type=U64)
    min_rate_ppm: int = Field(sa_type=Int64)
    day_count: int = Field(sa_type=Int64)
    max_tenor_days: int = Field(sa_type=Int64)
    recourse: int = Field(sa_type=Int64)
    valid_from_s: int = Field(sa_type=Int64)
    valid_until_s: int = Field(sa_type=Int64)
    tx_hash: str = Field(sa_type=WordText)
    granted_s: int = Field(sa_type=Int64)


class MandateHolding(Located, table=True):
    """A lot bought under a mandate: `held_minor` of its face still counts against the limit."""

    __tablename__ = "mandate_holding"
    __table_args__ = STRICT

    lot: int = Field(sa_type=Int64, primary_key=True)
    mandate: str = Field(sa_type=WordText, index=True)
    held_minor: int = Field(sa_type=Int64)
