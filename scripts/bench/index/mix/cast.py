"""Who trades: parties whose keys follow from their names, so that a kept chain can be gone on with."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

from chain import calls, typed_data
from chain.address_book import AddressBook
from chain.calls import Call, SignerGrant, ThresholdGrant
from chain.keccak import keccak
from chain.roles import GovernanceAccounts
from chain.signers import LocalSigner, encode_signatures
from chain.text import party_address, word_text
from domain.ids import Digest, PartyAddress
from domain.intents import Intent
from domain.parties import Power, Role

DEBTORS: Final = 6
SUPPLIERS: Final = 60
BANKS: Final = 6
CNY: Final = 156
CASH_MINOR: Final = 10**13
FAR_FUTURE: Final = (1 << 40) - 1

_ALL_POWERS: Final = (1 << len(Power)) - 1


def word(*parts: object) -> Digest:
    """32 bytes that follow from a name: a reference, a hash of something."""
    return word_text(keccak(" ".join(map(str, ("tally bench", *parts))).encode()))


def key(*parts: object) -> LocalSigner:
    """A key that follows from its name, for play money on a chain of one's own."""
    return LocalSigner(keccak(" ".join(map(str, ("tally bench key", *parts))).encode()))


def governance_keys() -> dict[str, LocalSigner]:
    """A key for each account of `GovernanceAccounts`."""
    return {field.name: key("governance", field.name) for field in fields(GovernanceAccounts)}


@dataclass(frozen=True, slots=True)
class Member:
    """A party; all of its keys sign."""

    address: PartyAddress
    legal_id_hash: Digest
    role: Role
    keys: tuple[LocalSigner, ...]
    book: AddressBook

    def sign(self, intent: Intent) -> bytes:
        """The signatures of all its keys over an intent, packed for the contract."""
        return self.sign_digest(typed_data.digest(intent, self.book))

    def sign_digest(self, digest: Digest) -> bytes:
        """The same over a digest that was computed before."""
        return encode_signatures([(one.address, one.sign_digest(digest)) for one in self.keys])

    def admission(self) -> Call:
        """REGISTRAR's call."""
        grants = [SignerGrant(one.address, _ALL_POWERS, FAR_FUTURE) for one in self.keys]
        both = [ThresholdGrant(power, len(self.keys)) for power in Power] if len(self.keys) > 1 else []
        return calls.admit(self.book, self.legal_id_hash, self.role, FAR_FUTURE, grants, both)

    def credit(self, *reference: object, amount_minor: int = CASH_MINOR) -> Call:
        """SETTLEMENT_BANK's call."""
        return calls.mint(
            self.book, CNY, self.address, amount_minor, word("credit", self.address, *reference)
        )


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody of one ledger. Core enterprises confirm with maker and checker."""

    debtors: Sequence[Member]
    suppliers: Sequence[Member]
    banks: Sequence[Member]

    @classmethod
    def of(cls, book: AddressBook) -> "Cast":
        """The same parties for the same ledger, whenever it is asked for."""
        return cls(
            [_member(book, Role.DEBTOR, number, keys=2) for number in range(DEBTORS)],
            [_member(book, Role.SUPPLIER, number) for number in range(SUPPLIERS)],
            [_member(book, Role.BANK, number) for number in range(BANKS)],
        )

    def everybody(self) -> list[Member]:
        """In the order of their admission."""
        return [*self.debtors, *self.suppliers, *self.banks]


def _member(book: AddressBook, role: Role, number: int, *, keys: int = 1) -> Member:
    legal_id_hash = word("party", role.name, number)
    address = party_address(book.chain_id, book.address("Parties"), legal_id_hash)
    own = tuple(key("party", role.name, number, which) for which in range(keys))
    return Member(address, legal_id_hash, role, own, book)
