"""What can be asked of the ledger: one class a function of the contracts, `Carry` for those of one intent.

`sender` is the account that sends the transaction: a relayer, or the holder of an office.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.ids import ZERO_DIGEST, Digest, LotId, PartyAddress, ReceivableId
from domain.intents import (
    Assign,
    Buyback,
    Cancel,
    Export,
    Finance,
    Issue,
    Mandate,
    Pay,
    Pledge,
    Realise,
    Redeem,
    Release,
    Revoke,
)
from domain.ledger.rights import Place
from domain.parties import PartyStatus, Role

CarriedIntent = (
    Issue
    | Cancel
    | Assign
    | Finance
    | Buyback
    | Mandate
    | Pledge
    | Release
    | Realise
    | Export
    | Pay
    | Redeem
    | Revoke
)
T_co = TypeVar("T_co", bound=CarriedIntent, covariant=True)

Signers = tuple[str, ...]
"""Keys that signed for one party, in the order in which their signatures are packed."""


@dataclass(frozen=True, slots=True)
class Signed(Generic[T_co]):
    """An intent, its EIP-712 digest, and one group of signers for each signature argument of the contract.

    `invoice_set` is the EIP-712 hash of the intent's invoices, where it has some.
    """

    intent: T_co
    digest: Digest
    signers: tuple[Signers, ...]
    invoice_set: Digest = ZERO_DIGEST


@dataclass(frozen=True, slots=True)
class Quoted:
    """A purchase signed by the key that a mandate names, with the mandate shown in full and its digest."""

    signed: Signed[Finance]
    mandate: Mandate
    mandate_id: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What every command has."""

    sender: str


@dataclass(frozen=True, slots=True)
class Carry(Sent):
    """Anyone carries what the parties signed."""

    item: Signed[CarriedIntent]


@dataclass(frozen=True, slots=True)
class FinanceUnderMandate(Sent):
    item: Quoted


@dataclass(frozen=True, slots=True)
class AssignMany(Sent):
    items: tuple[Signed[Assign], ...]


@dataclass(frozen=True, slots=True)
class FinanceMany(Sent):
    items: tuple[Signed[Finance] | Quoted, ...]


@dataclass(frozen=True, slots=True)
class ReleaseExposure(Sent):
    lots: tuple[LotId, ...]


@dataclass(frozen=True, slots=True)
class Claim(Sent):
    lots: tuple[LotId, ...]


@dataclass(frozen=True, slots=True)
class FlagOverdue(Sent):
    receivable: ReceivableId


@dataclass(frozen=True, slots=True)
class DeclareDefault(Sent):
    receivable: ReceivableId


@dataclass(frozen=True, slots=True)
class Freeze(Sent):
    lots: tuple[LotId, ...]
    order: Digest


@dataclass(frozen=True, slots=True)
class Unfreeze(Sent):
    lots: tuple[LotId, ...]
    order: Digest


@dataclass(frozen=True, slots=True)
class Suspend(Sent):
    receivable: ReceivableId
    order: Digest


@dataclass(frozen=True, slots=True)
class Resume(Sent):
    receivable: ReceivableId
    order: Digest


@dataclass(frozen=True, slots=True)
class ForceMove(Sent):
    lot: LotId
    to: PartyAddress
    amount: int
    order: Digest


@dataclass(frozen=True, slots=True)
class WriteOff(Sent):
    receivable: ReceivableId
    order: Digest


@dataclass(frozen=True, slots=True)
class Mint(Sent):
    currency: int
    to: PartyAddress
    amount: int
    credit_ref: Digest


@dataclass(frozen=True, slots=True)
class UpdateParty(Sent):
    party: PartyAddress
    status: PartyStatus
    roles: Role
    kyb_until_s: int
    reason: Digest


@dataclass(frozen=True, slots=True)
class Pause(Sent):
    place: Place
    rights: int


@dataclass(frozen=True, slots=True)
class Unpause(Sent):
    place: Place
    rights: int


Command = (
    Carry
    | FinanceUnderMandate
    | AssignMany
    | FinanceMany
    | ReleaseExposure
    | Claim
    | FlagOverdue
    | DeclareDefault
    | Freeze
    | Unfreeze
    | Suspend
    | Resume
    | ForceMove
    | WriteOff
    | Mint
    | UpdateParty
    | Pause
    | Unpause
)
