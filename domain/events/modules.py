"""What modules did with signed intents: financing, mandates, pledges, exports, batches."""

from dataclasses import dataclass

from domain.ids import Digest, LotId, PartyAddress


@dataclass(frozen=True, slots=True)
class Financed:
    child: LotId
    bank: PartyAddress
    seller: PartyAddress
    amount: int
    price: int
    fees: int
    fees_to: PartyAddress
    rate_ppm: int
    day_count: int
    recourse: int
    registration_ref: Digest
    notice_ref: Digest
    terms_hash: Digest
    digest: Digest


@dataclass(frozen=True, slots=True)
class BoughtBack:
    """The seller took a lot back that the debtor does not pay."""

    child: LotId
    bank: PartyAddress
    seller: PartyAddress
    amount: int
    price: int
    evidence: Digest
    digest: Digest


@dataclass(frozen=True, slots=True)
class MandateGranted:
    """What a bank's quoting key may buy alone; `id` is the digest of the signed mandate."""

    id: Digest
    bank: PartyAddress
    debtor: PartyAddress
    quoter: str
    currency: int
    limit: int
    min_rate_ppm: int
    day_count: int
    max_tenor_days: int
    recourse: int
    valid_from: int
    valid_until: int


@dataclass(frozen=True, slots=True)
class MandateExposure:
    """`held` of this lot, and `exposure` of all lots, count against the limit after the change."""

    id: Digest
    lot: LotId
    held: int
    exposure: int


@dataclass(frozen=True, slots=True)
class Pledged:
    lot: LotId
    owner: PartyAddress
    pledgee: PartyAddress
    secured: int
    advance: int
    evidence: Digest
    digest: Digest


@dataclass(frozen=True, slots=True)
class PledgeReleased:
    """`secured` is what stays secured."""

    lot: LotId
    owner: PartyAddress
    pledgee: PartyAddress
    secured: int
    repayment: int
    evidence: Digest
    digest: Digest


@dataclass(frozen=True, slots=True)
class PledgeRealised:
    """A pledged lot was sold free of its pledge; `to_pledgee` of the price went to the pledgee."""

    child: LotId
    pledgee: PartyAddress
    buyer: PartyAddress
    owner: PartyAddress
    amount: int
    price: int
    to_pledgee: int
    evidence: Digest
    digest: Digest


@dataclass(frozen=True, slots=True)
class LotExported:
    """A lot goes on living in another register."""

    child: LotId
    owner: PartyAddress
    registry: PartyAddress
    amount: int
    registry_ref: Digest
    digest: Digest


@dataclass(frozen=True, slots=True)
class ClaimFailed:
    """One lot of a claim got nothing; `reason` is the ABI-encoded error."""

    lot: LotId
    reason: bytes


@dataclass(frozen=True, slots=True)
class IntentUsed:
    """`subject`: receivable (Issue, Pay, Cancel), lot (Pledge, Release), new lot (other moves), else 0."""

    digest: Digest
    kind: int
    subject: int
    relayer: str


@dataclass(frozen=True, slots=True)
class IntentFailed:
    """One item of a batch had no effect; `reason` is the ABI-encoded error."""

    index: int
    digest: Digest
    reason: bytes


@dataclass(frozen=True, slots=True)
class IntentRevoked:
    party: PartyAddress
    digest: Digest
