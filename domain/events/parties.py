"""Organisations, their signers, and the recovery of those that lost their keys."""

from dataclasses import dataclass

from domain.ids import Digest, PartyAddress
from domain.parties import PartyStatus


@dataclass(frozen=True, slots=True)
class PartyAdmitted:
    party: PartyAddress
    legal_id_hash: Digest
    roles: int
    kyb_until: int
    admitted_at: int


@dataclass(frozen=True, slots=True)
class PartyChanged:
    party: PartyAddress
    status: PartyStatus
    roles: int
    kyb_until: int
    reason: Digest


@dataclass(frozen=True, slots=True)
class SignerChanged:
    """`powers` 0 means that the signer was removed; `version` is the party's after the change."""

    party: PartyAddress
    signer: str
    powers: int
    expires: int
    version: int


@dataclass(frozen=True, slots=True)
class ThresholdChanged:
    party: PartyAddress
    power: int
    threshold: int
    version: int


@dataclass(frozen=True, slots=True)
class RecoveryProposed:
    """New signers are proposed for a party that lost its keys, as of `version`; each has an event."""

    party: PartyAddress
    id: Digest
    proposer: str
    version: int
    reason: Digest


@dataclass(frozen=True, slots=True)
class RecoverySignerProposed:
    party: PartyAddress
    id: Digest
    signer: str
    powers: int
    expires: int


@dataclass(frozen=True, slots=True)
class RecoveryThresholdProposed:
    party: PartyAddress
    id: Digest
    power: int
    threshold: int


@dataclass(frozen=True, slots=True)
class RecoverySeconded:
    """From `ready_at` on it may be carried out."""

    party: PartyAddress
    id: Digest
    seconder: str
    ready_at: int


@dataclass(frozen=True, slots=True)
class RecoveryVetoed:
    """A signer of the party withdrew it."""

    party: PartyAddress
    id: Digest
    signer: str


@dataclass(frozen=True, slots=True)
class RecoveryCancelled:
    """The guardian withdrew it."""

    party: PartyAddress
    id: Digest


@dataclass(frozen=True, slots=True)
class RecoveryExecuted:
    party: PartyAddress
    id: Digest
