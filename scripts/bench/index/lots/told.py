"""What becomes of receivables, with the invoices behind them and the cash that moves."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chain.address_book import AddressBook
from domain.events import (
    CashMinted,
    Event,
    InvoiceBound,
    InvoiceReleased,
    LotClaimed,
    PaymentReceived,
    ReceivableIssued,
    ReceivableOrdered,
    ReceivableStateChanged,
    Transfer,
)
from domain.ids import ZERO_ADDRESS, Fingerprint, PartyAddress
from domain.receivable import ReceivableState
from indexer.changes import Changes, Fact
from indexer.handlers import HANDLERS
from indexer.models import Lot
from scripts.bench.questions.filling import Size
from scripts.bench.questions.lives import BEGIN_S, Moment, lives

LOTS_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Told:
    """Some receivables with all that becomes of them; `lots` is how many there are by then."""

    changes: Changes
    lots: int


class Teller:
    """Turns moments into facts of a deployment; places are after block `after`."""

    def __init__(self, book: AddressBook, size: Size, after: int) -> None:
        self._book = book
        self._size = size
        self._after = after
        self._logs = array("l", [0]) * (size.blocks + 1)
        self._settlement = PartyAddress(book.address("Settlement"))

    def tell(self) -> Iterator[Told]:
        """Receivable by receivable, about LOTS_AT_ONCE lots a time."""
        changes, lots = Changes(), 0
        for moments in lives(self._size.lots):
            for at_s, event, currency in self._whole(moments):
                HANDLERS[type(event)](event, self._fact(at_s, currency), changes)
            if len(changes.inserts[Lot]) >= LOTS_AT_ONCE:
                lots += len(changes.inserts[Lot])
                yield Told(changes, lots)
                changes = Changes()
        yield Told(changes, lots + len(changes.inserts[Lot]))

    def _whole(self, moments: Sequence[Moment]) -> Iterator[tuple[int, Event, int]]:
        """With what the lives leave out; the third is the currency of an event of a cash token."""
        issued: ReceivableIssued | None = None
        for at_s, event in moments:
            yield at_s, event, 0
            if isinstance(event, ReceivableIssued):
                issued = event
            if issued is None:
                continue
            invoice, face = Fingerprint(issued.invoice_set), issued.face
            match event:
                case ReceivableIssued():
                    yield at_s, InvoiceBound(invoice, event.id, face, face, face), 0
                case ReceivableStateChanged(to=ReceivableState.CANCELLED):
                    yield at_s, ReceivableOrdered(event.receivable, issued.terms_hash), 0
                    yield at_s, InvoiceReleased(invoice, event.receivable, face, face, 0), 0
                case PaymentReceived():
                    paid = event.principal
                    yield at_s, CashMinted(event.debtor, paid, event.digest), issued.currency
                    yield at_s, Transfer(PartyAddress(ZERO_ADDRESS), event.debtor, paid), issued.currency
                    yield at_s, Transfer(event.debtor, self._settlement, paid), issued.currency
                case LotClaimed():
                    yield at_s, Transfer(self._settlement, event.owner, event.principal), issued.currency

    def _fact(self, at_s: int, currency: int) -> Fact:
        block = 1 + (at_s - BEGIN_S) // self._size.block_seconds
        index = self._logs[block]
        self._logs[block] = index + 1
        contract = self._book.cash_address(currency) if currency else self._book.address("Ledger")
        number = ((block << 16) + index) * 0x9E3779B97F4A7C15 % (1 << 64)
        return Fact(
            self._after + block, index, self._size.time_of(block), f"0x{number:064x}", contract, currency
        )
