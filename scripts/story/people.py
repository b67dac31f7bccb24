"""Who takes part: organisations, the people who sign for them, and their keys."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from typing_extensions import override

from chain.signers import LocalSigner
from domain.ids import ZERO_ADDRESS, PartyAddress
from domain.parties import PartyIdentifier, Power

KeyMaker = Callable[[str], LocalSigner]
"""Given a name for the key, a new key; `tally up` keeps it in a keystore, a demo forgets it."""


class Part(StrEnum):
    """What an organisation is in the story; the tier counts from the core enterprise."""

    CORE = "core enterprise"
    DEBTOR = "debtor"
    TIER_1 = "tier-1 supplier"
    TIER_2 = "tier-2 supplier"
    TIER_3 = "tier-3 supplier"
    BANK = "bank"
    AUDITOR = "auditor"
    SETTLEMENT_BANK = "settlement bank"

    @property
    def chinese(self) -> str:
        """The same in Chinese, as the glossary has it."""
        return _CHINESE[self]


_CHINESE = {
    Part.CORE: "核心企业",
    Part.DEBTOR: "债务人",
    Part.TIER_1: "一级供应商",
    Part.TIER_2: "二级供应商",
    Part.TIER_3: "三级供应商",
    Part.BANK: "银行",
    Part.AUDITOR: "审计",
    Part.SETTLEMENT_BANK: "结算银行",
}


@dataclass(slots=True)
class Person:
    """Somebody with a key of their own; `api_key` is minted when the organisation is admitted."""

    title: str
    title_zh: str
    powers: tuple[Power, ...]
    signer: LocalSigner
    api_key: str = field(default="", repr=False)

    @override
    def __str__(self) -> str:
        return f"{self.title} {self.title_zh}"


@dataclass(slots=True)
class Member:
    """An organisation. `address` is known once it is admitted; `checks_confirming` asks for maker and
    checker.

    `other_names` are those that invoices give to the same identifiers.
    """

    name: str
    country: str
    identifiers: tuple[PartyIdentifier, ...]
    parts: set[Part]
    people: list[Person] = field(default_factory=list)
    other_names: list[str] = field(default_factory=list)
    checks_confirming: bool = False
    address: PartyAddress = ZERO_ADDRESS

    def with_power(self, power: Power) -> list[Person]:
        """The people who may sign for it under a power, in the order in which they do."""
        return [person for person in self.people if power in person.powers]

    def one_with(self, power: Power) -> Person:
        """The first of them."""
        return self.with_power(power)[0]

    @property
    def api_key(self) -> str:
        """The key of its first person: for reading, and where no signature is asked for."""
        return self.people[0].api_key

    @property
    def is_debtor(self) -> bool:
        """Whether it owes anything in the story."""
        return bool(self.parts & {Part.CORE, Part.DEBTOR})

    @override
    def __str__(self) -> str:
        return self.name
