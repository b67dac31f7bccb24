"""What every act works with: the stage, the people, the client, the books, and whoever tells the story."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from domain.ids import LotId, ReceivableId
from scripts.story.books import Account, Books
from scripts.story.cast import Bill, Cast
from scripts.story.client import ApiClient, Refused
from scripts.story.narration import Narrator
from scripts.story.people import Member, Person
from scripts.story.timeline import Timeline
from scripts.system.checks import MirrorCheck


class Stage(Protocol):
    """A running system whose ledger clock can be moved forward."""

    @property
    def base_url(self) -> str:
        """Where the API listens."""
        ...

    @property
    def registrar_key(self) -> str:
        """API key of the registrar's office."""
        ...

    @property
    def settlement_key(self) -> str:
        """API key of the settlement bank's desk."""
        ...

    async def check(self) -> MirrorCheck:
        """The mirror against the chain, field by field."""
        ...

    async def reach(self, instant_s: int) -> None:
        """Take the ledger's clock forward to an instant and wait until the mirror has it."""
        ...


class Unexpected(Exception):
    """The system did what it must not do, or did not refuse what it must refuse."""


@dataclass(slots=True)
class Draft:
    """An invoice that was brought in; the account is there once it is a receivable.

    `extension` is the supplier's agreement to a due date beyond the statutory term, as it was submitted.
    """

    invoice_id: str
    bill: Bill
    extension: dict[str, Any] | None = None
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class CashTiming:
    """When the seller handed its signature in, had its answer, and had read its balance; seconds."""

    posted: float
    answered: float
    read: float

    @property
    def milliseconds(self) -> float:
        """From the accepted quote to cash on the ledger that can be read."""
        return (self.read - self.posted) * 1000


@dataclass(slots=True)
class Figures:
    """What the summary counts and measures."""

    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    not_issued: Counter[str] = field(default_factory=Counter)
    duplicates_refused: int = 0
    extensions: int = 0
    import_ms: list[float] = field(default_factory=list)
    cash: list[CashTiming] = field(default_factory=list)

    @property
    def cash_ms(self) -> list[float]:
        """Milliseconds from accepted quote to cash, financing by financing."""
        return [timing.milliseconds for timing in self.cash]


@dataclass(slots=True)
class Telling:
    """One performance of the story."""

    stage: Stage
    client: ApiClient
    cast: Cast
    narrator: Narrator
    timeline: Timeline
    books: Books = field(default_factory=Books)
    figures: Figures = field(default_factory=Figures)
    drafts: list[Draft] = field(default_factory=list)

    def main_accounts(self) -> list[Account]:
        """The accounts of the main invoices, in the order of the cast."""
        found = {id(draft.bill): draft.account for draft in self.drafts}
        return [account for bill in self.cast.main if (account := found.get(id(bill))) is not None]

    def is_main(self, bill: Bill) -> bool:
        """Whether the story follows this invoice closely."""
        return any(bill is main for main in self.cast.main)

    async def sign(
        self,
        member: Member,
        person: Person,
        intent: Mapping[str, Any],
        agreed: Mapping[str, Any],
        *,
        told: bool = True,
    ) -> Mapping[str, Any]:
        """A person signs; the intent as it is then."""
        answer = await self.client.sign(person.api_key, person.signer, intent, agreed)
        if told:
            self.narrator.signed(member.name, str(person), answer.milliseconds)
        body: Mapping[str, Any] = answer.body
        return body


def result_of(intent: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the operation of a complete intent has found. Raises Unexpected where it is not done."""
    operation = intent.get("operation")
    if operation is None or operation["state"] != "done":
        raise Unexpected(f"intent {intent['digest']} is not on the ledger: {operation}")
    result: Mapping[str, Any] = operation["result"] or {}
    return result


def receivable_ids(intent: Mapping[str, Any]) -> tuple[ReceivableId, LotId]:
    """(receivable, first lot) that an `Issue` has made."""
    result = result_of(intent)
    return ReceivableId(int(result["receivable_id"])), LotId(int(result["lot_id"]))


def is_refusal(error: Refused) -> bool:
    """Whether the service refused by a rule, and did not fail."""
    return 400 <= error.status < 500
