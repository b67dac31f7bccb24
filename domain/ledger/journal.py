"""One command at work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from domain import events
from domain.ids import Digest, LotId, ReceivableId
from domain.ledger.refusal import LedgerRefusal, Refusal
from domain.ledger.rights import Office, Place, Right
from domain.ledger.state import CashBook, LedgerState, Lot, Receivable

INTENT_LIFETIME_S = 24 * 3600

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class ItemRefused:
    """What `IntentFailed` says, its reason not encoded."""

    index: int
    digest: Digest
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class ClaimRefused:
    """What `ClaimFailed` says, its reason not encoded."""

    lot: LotId
    refusal: Refusal


LedgerEvent = events.Event | ItemRefused | ClaimRefused


@dataclass(slots=True)
class Journal:
    """The books as they are by now, and what was emitted on the way; whoever is refused throws it away."""

    state: LedgerState
    now_s: int
    sender: str
    emitted: list[LedgerEvent] = field(default_factory=list)

    def emit(self, *said: LedgerEvent) -> None:
        """Add to what the ledger says."""
        self.emitted.extend(said)

    def change(self, **books: Any) -> None:
        """Replace whole books of the state."""
        self.state = replace(self.state, **books)

    def lot(self, lot: LotId) -> Lot:
        """Refuses a lot that does not exist."""
        found = self.state.lots.get(lot)
        if found is None:
            raise LedgerRefusal("LedgerUnknownLot", lot)
        return found

    def receivable(self, receivable: ReceivableId) -> Receivable:
        """Refuses a receivable that does not exist."""
        found = self.state.receivables.get(receivable)
        if found is None:
            raise LedgerRefusal("LedgerUnknownReceivable", receivable)
        return found

    def put_lot(self, lot: LotId, value: Lot) -> None:
        """Write a lot."""
        self.change(lots=written(self.state.lots, lot, value))

    def put_receivable(self, receivable: ReceivableId, value: Receivable) -> None:
        """Write a receivable."""
        self.change(receivables=written(self.state.receivables, receivable, value))

    def put_cash(self, currency: int, value: CashBook) -> None:
        """Write the deposits of a currency."""
        self.change(cash=written(self.state.cash, currency, value))

    def use_once(self, digest: Digest) -> None:
        """Refuses a digest that had its effect already."""
        if digest in self.state.used:
            raise LedgerRefusal("IntentAlreadyUsed", digest)
        self.change(used=self.state.used | {digest})

    def check_deadline(self, deadline_s: int) -> None:
        """Refuses an intent that ran out, or that would live too long."""
        if deadline_s < self.now_s:
            raise LedgerRefusal("IntentExpired", deadline_s, self.now_s)
        latest = self.now_s + INTENT_LIFETIME_S
        if deadline_s > latest:
            raise LedgerRefusal("IntentDeadlineTooFar", deadline_s, latest)

    def require_right(self, place: Place, right: Right) -> None:
        """Refuses what is paused; the modules have the rights they need."""
        if self.state.paused.get(place, Right(0)) & right:
            raise LedgerRefusal("RightsPaused", right)

    def require_office(self, office: Office) -> None:
        """Refuses a sender without the role."""
        if self.sender not in self.state.officers[office]:
            raise LedgerRefusal("AccessManagedUnauthorized", self.sender)

    def attempt(self, step: Callable[[], object]) -> Refusal | None:
        """Take a step that fails alone: all of it, or nothing and why."""
        state, said = self.state, len(self.emitted)
        try:
            step()
        except LedgerRefusal as error:
            self.state = state
            del self.emitted[said:]
            return error.refusal
        return None


def written(book: Mapping[K, V], key: K, value: V) -> dict[K, V]:
    """A copy of a book with one entry written."""
    return {**book, key: value}
