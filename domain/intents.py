"""Signed intents, field for field the structs of the Solidity interfaces, in the order of hashing.

Amounts are minor units, times seconds since 1970 UTC, `currency` the ISO 4217 number. A value that its
Solidity type cannot hold raises FieldOutOfRange: what cannot be on the ledger must not be signed.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from domain.words import (
    U8,
    U16,
    U24,
    U32,
    U40,
    U64,
    Address,
    FingerprintWord,
    Lot,
    Receivable,
    Word,
    check_words,
)


class IntentKind(IntEnum):
    """The number by which `IntentUsed` names the kind of an intent."""

    ISSUE = 1
    ASSIGN = 2
    FINANCE = 3
    BUYBACK = 4
    PAY = 5
    REDEEM = 6
    MANDATE = 7
    REVOKE = 8
    SET_SIGNER = 9
    SET_THRESHOLD = 10
    PLEDGE = 11
    RELEASE = 12
    REALISE = 13
    CANCEL = 14
    EXPORT = 15
    VETO_RECOVERY = 16


class Recourse(IntEnum):
    """Whether the seller must buy back what the debtor does not pay 追索权."""

    WITHOUT = 0
    WITH = 1
    LIMITED = 2


@dataclass(frozen=True, slots=True)
class InvoiceUse:
    """Part `amount` of an invoice of `total` behind a receivable; `issued_at` is 00:00 UTC of its date."""

    fingerprint: FingerprintWord
    total: U64
    amount: U64
    issued_at: U40

    def __post_init__(self) -> None:
        check_words(self)


@dataclass(frozen=True, slots=True)
class Issue:
    """Signed by debtor (CONFIRM) and creditor (ACCEPT): `face` is the sum of the invoices' amounts.

    The statutory term counts from `delivered_at` (00:00 UTC of the day); `extension` commits to the
    supplier's agreement to a later due date, zero if there is none.
    """

    kind: ClassVar[IntentKind] = IntentKind.ISSUE

    debtor: Address
    creditor: Address
    face: U64
    due: U40
    currency: U16
    terms_hash: Word
    delivered_at: U40
    extension: Word
    invoices: tuple[InvoiceUse, ...]
    deadline: U40
    salt: U64

    def __post_init__(self) -> None:
        check_words(self)


@dataclass(frozen=True, slots=True)
class Assign:
    """Signed by owner (ASSIGN) and receiver (ACCEPT): `amount` off the low end of the lot as of `seq`."""

    kind: ClassVar[IntentKind] = IntentKind.ASSIGN

    owner: Address
    to: Address
    lot: Lot
    seq: U24
    amount: U64
    evidence: Word
    deadline: U40
    salt: U64

    def __post_init__(self) -> None:
        check_words(self)


@dataclass(frozen=True, slots=True)
class Finance:
    """Signed by bank (FINANCE) and seller (ASSIGN).

    `price` is the gross purchase price of the face `amount`; `fees` are withheld from it and go to `fees_to`,
    so the seller receives `price - fees`. `day_count` is 360 or 365, `terms_hash` commits to the cost sheet.
    With recourse the bank is paid first, up to `secured`; under limited recourse the seller has to buy back
    for at most `recourse_limit`. Both are 0 otherwise.
    """

    kind: ClassVar[IntentKind] = IntentKind.FINANCE

    bank: Address
    seller: Address
    lot: Lot
    seq: U24
    amount: U64
    price: U64
    fees: U64
    fees_to: Address
    rate_ppm: U32
    day_count: U16
    recourse: U8
    secured: U64
    recourse_limit: U64
    registration_ref: Word
    notice_ref: Word
    terms_hash: Word
    deadline: U40
    salt: U64

    def __post_init__(self) -> None:
        check_words(self)


@dataclass(frozen=True, slots=True)
class Pay:
    """Signed by the debtor (PAY): `paid_before` is all that was paid so far, so a replay is stale."""

    kind: ClassVar[IntentKind] = IntentKind.PAY

    debtor: Address
    receivable: Receivable
    amount: U64
    paid_before: U64
    deadline: U40
    salt: U64

    def __post_init__(self) -> None:
        check_words(self)


@dataclass(frozen=True, slots=True)
class Redeem:
    """Signed by the holder (PAY): cash on the ledger against a payment order to its own bank account."""

    kind: ClassVar[IntentKind] = IntentKind.REDEEM

    holder: Address
    currency: U16
    amount: U64
    account_ref: Word
    deadline: U40
    salt: U64

    def __post_init__(self) -> None:
        check_words(self)


@dataclass(frozen=True, slots=True)
class Revoke:
    """Signed by any one signer of the party: withdraws a signature that has not been used yet."""

    kind: ClassVar[IntentKind] = IntentKind.REVOKE

    party: Address
    digest: Word
    deadline: U40
    salt: U64

    def __post_init__(self) -> None:
        check_words(self)


@dataclass(frozen=True, slots=True)
class VetoRecovery:
    """Signed by any one signer of the party: withdraws a proposed recovery of it."""

    kind: ClassVar[IntentKind] = IntentKind.VETO_RECOVERY

    party: Address
    id: Word
    deadline: U40
    salt: U64

    def __post_init__(self) -> None:
        check_words(self)


@dataclass(frozen=True, slots=True)
class SetSigner:
    """Signed by the party (ADMIN): `powers` 0 removes the signer, who acts up to, not at, `expires`."""

    kind: ClassVar[IntentKind] = IntentKind.SET_SIGNER

    party: Address
    signer: Address
    powers: U16
    expires: U40
    version: U32
    deadline: U40
    salt: U64

    def __post_init__(self) -> None:
        check_words(self)


@dataclass(frozen=True, slots=True)
class SetThreshold:
    """Signed by the party (ADMIN): how many distinct signers a power needs."""

    kind: ClassVar[IntentKind] = IntentKind.SET_THRESHOLD

    party: Address
    power: U8
    threshold: U8
    version: U32
    deadline: U40
    salt: U64

    def __post_init__(self) -> None:
        check_words(self)


@dataclass(frozen=True, slots=True)
class Cancel:
    """Signed by debtor (CONFIRM) and creditor (ACCEPT): nothing happened to the receivable yet."""

    kind: ClassVar[IntentKind] = IntentKind.CANCEL

    debtor: Address
    creditor: Address
    receivable: Receivable
    evidence: Word
    invoices: tuple[InvoiceUse, ...]
    deadline: U40
    salt: U64

    def __post_init__(self) -> None:
        check_words(self)


@dataclass(frozen=True, slots=True)
class Buyback:
    """Signed by bank (FINANCE) and seller (PAY): the seller takes back what the debtor does not pay."""

    kind: ClassVar[IntentKind] = IntentKind.BUYBACK

    bank: Address
    seller: Address
    lot: Lot
    seq: U24
    price: U64
    evidence: Word
    deadline: U40
    salt: U64

    def __post_init__(self) -> None:
        check_words(self)


@dataclass(frozen=True, slots=True)
class Mandate:
    """Signed by the bank (FINANCE): what its key `quoter` may buy alone; the digest is the mandate's id.

    `limit` is face held at any time, `min_rate_ppm` the floor rate on `day_count`. `max_tenor_days` counts
    from the value date (included) to the due date (excluded). In force from `valid_from` until before
    `valid_until`.
    """

    kind: ClassVar[IntentKind] = IntentKind.MANDATE

    bank: Address
    quoter: Address
    debtor: Address
    currency: U16
    limit: U64
    min_rate_ppm: U32
    day_count: U16
    max_tenor_days: U16
    recourse: U8
    valid_from: U40
    valid_until: U40
    deadline: U40
    salt: U64

    def __post_init__(self) -> None:
        check_words(self)


@dataclass(frozen=True, slots=True)
class Pledge:
    """Signed by owner (ASSIGN) and pledgee (FINANCE): `advance` is paid out against `secured`."""

    kind: ClassVar[IntentKind] = IntentKind.PLEDGE

    owner: Address
    pledgee: Address
    lot: Lot
    seq: U24
    secured: U64
    advance: U64
    evidence: Word
    deadline: U40
    salt: U64

    def __post_init__(self) -> None:
        check_words(self)


@dataclass(frozen=True, slots=True)
class Release:
    """Signed by the pledgee (FINANCE), by the owner (PAY) where it repays; `secured` 0 lifts the pledge."""

    kind: ClassVar[IntentKind] = IntentKind.RELEASE

    owner: Address
    pledgee: Address
    lot: Lot
    seq: U24
    secured: U64
    repayment: U64
    evidence: Word
    deadline: U40
    salt: U64

    def __post_init__(self) -> None:
        check_words(self)


@dataclass(frozen=True, slots=True)
class Realise:
    """Signed by owner (ASSIGN), pledgee (FINANCE), buyer (PAY): a pledged lot is sold free of its pledge."""

    kind: ClassVar[IntentKind] = IntentKind.REALISE

    owner: Address
    pledgee: Address
    buyer: Address
    lot: Lot
    seq: U24
    price: U64
    evidence: Word
    deadline: U40
    salt: U64

    def __post_init__(self) -> None:
        check_words(self)


@dataclass(frozen=True, slots=True)
class Export:
    """Signed by owner (ASSIGN) and registry (ACCEPT): the lot goes on living there under `registry_ref`."""

    kind: ClassVar[IntentKind] = IntentKind.EXPORT

    owner: Address
    registry: Address
    lot: Lot
    seq: U24
    amount: U64
    registry_ref: Word
    deadline: U40
    salt: U64

    def __post_init__(self) -> None:
        check_words(self)


Intent = (
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
    | VetoRecovery
    | SetSigner
    | SetThreshold
)
