"""Cash, rights of modules, pauses and dated rules."""

from dataclasses import dataclass

from domain.ids import Digest, PartyAddress


@dataclass(frozen=True, slots=True)
class CashMinted:
    to: PartyAddress
    amount: int
    credit_ref: Digest


@dataclass(frozen=True, slots=True)
class CashRedeemed:
    holder: PartyAddress
    amount: int
    account_ref: Digest
    digest: Digest


@dataclass(frozen=True, slots=True)
class MintLimitChanged:
    per_day_minor: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """Cash moved (ERC-20): the zero address as `from_` is a mint, as `to` a redemption."""

    from_: PartyAddress
    to: PartyAddress
    value: int


@dataclass(frozen=True, slots=True)
class RightsChanged:
    module: str
    rights: int


@dataclass(frozen=True, slots=True)
class PauseChanged:
    paused: int


@dataclass(frozen=True, slots=True)
class RuleScheduled:
    param: int
    currency: int
    value: int
    effective: int
