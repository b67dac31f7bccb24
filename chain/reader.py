"""What the ledger says about itself at one block, as plain dataclasses: the other side of `tally index
check`.

Lists are read by pages of the Lens, several pages a request. Every read is of the block it names, so a whole
picture holds together however long it takes and whatever is mined meanwhile.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chain.address_book import AddressBook
from chain.bindings import cash, invoices, ledger, lens, parties
from chain.calls import Call
from chain.node import ChainNode
from chain.text import address_bytes, checksum, word_bytes, word_text
from domain.ids import Digest, Fingerprint, LotId, PartyAddress, ReceivableId
from domain.lots import LotFlag
from domain.parties import PartyStatus, Role
from domain.receivable import ReceivableState

RECEIVABLES_PAGE: Final = 50
LOTS_PAGE: Final = 100
LOTS_A_REQUEST: Final = 1_500
"""Bounds the answer to a megabyte or two, on pages of the Lens."""
CALLS_A_REQUEST: Final = 200
"""Of views that answer a few words each."""
REQUESTS_AHEAD: Final = 2
"""Asked for while an answer is being looked at: the node works while we do."""


@dataclass(frozen=True, slots=True)
class ReceivableRecord:
    """A receivable as stored; amounts are minor units, times seconds, `currency` the ISO 4217 number."""

    id: ReceivableId
    debtor: PartyAddress
    creditor: PartyAddress
    face: int
    paid: int
    interest_paid: int
    claimed: int
    interest_owed: int
    interest_through: int
    issued: int
    due: int
    currency: int
    state: ReceivableState
    overdue: bool
    lot_count: int
    installments: int
    terms_hash: Digest
    invoice_set: Digest
    max_depth: int
    max_lots: int
    min_lot_minor: int
    late_rate_ppm_per_day: int
    grace_days: int
    close_window_seconds: int


@dataclass(frozen=True, slots=True)
class LotRecord:
    """A lot as stored: serials [first, first + amount) are still in it."""

    id: LotId
    owner: PartyAddress
    receivable: ReceivableId
    depth: int
    claimed_through: int
    first: int
    amount: int
    parent: LotId
    seq: int
    since: int
    flags: LotFlag
    chargee: PartyAddress
    secured: int
    recourse_limit: int


@dataclass(frozen=True, slots=True)
class ClaimableRecord:
    """What a claim would pay a lot, and how that is divided between its owner and its chargee."""

    lot: LotId
    principal: int
    interest: int
    owner: PartyAddress
    to_owner: int
    chargee: PartyAddress
    to_chargee: int


@dataclass(frozen=True, slots=True)
class PartyRecord:
    """A party as stored; `thresholds` has a nibble a power, 0 meaning 1."""

    address: PartyAddress
    status: PartyStatus
    roles: Role
    kyb_until: int
    admitted_at: int
    version: int
    thresholds: int


@dataclass(frozen=True, slots=True)
class SignerRecord:
    """A signer of a party; `powers` 0 means that it is none (any more)."""

    party: PartyAddress
    signer: str
    powers: int
    expires: int


@dataclass(frozen=True, slots=True)
class InvoiceRecord:
    """How much of an invoice's `total` is `used`."""

    fingerprint: Fingerprint
    total: int
    used: int


class LedgerReader:
    """Reads of one block. Every method raises the errors of a node and ContractReverted."""

    def __init__(self, client: ChainNode, block: int) -> None:
        self._client = client
        self._book: AddressBook = client.book
        self.block = block

    async def receivable_count(self) -> int:
        """Receivables ever issued; their ids are 1 to this number."""
        call = Call(self._book.address("Ledger"), ledger.encode_receivable_count())
        return ledger.decode_receivable_count(await self._client.call(call, self.block))

    async def receivables(self) -> AsyncIterator[list[ReceivableRecord]]:
        """All of them by id, a page at a time."""
        starts = range(1, await self.receivable_count() + 1, RECEIVABLES_PAGE)
        target = self._book.address("Lens")
        pages = ([Call(target, lens.encode_receivables(start, RECEIVABLES_PAGE))] for start in starts)
        async for answers in self._ahead(pages):
            for data in answers:
                yield [_receivable(view) for view in lens.decode_receivables(data)]

    async def lots(self, sizes: Iterable[tuple[int, int]]) -> AsyncIterator[list[lens.LotView]]:
        """All lots of receivables, emptied ones included, as the chain says them: some at a time, by id.

        `sizes` has the number of lots of each receivable, by id.
        """
        target = self._book.address("Lens")
        pages = ([Call(target, lens.encode_lots(*page)) for page in asked] for asked in _lot_pages(sizes))
        async for answers in self._ahead(pages):
            yield [view for data in answers for view in lens.decode_lots(data)]

    async def claimable(self, receivable: ReceivableRecord) -> AsyncIterator[ClaimableRecord]:
        """Lots of a receivable with something to claim, by index."""
        starts = range(1, receivable.lot_count + 1, LOTS_PAGE)
        target = self._book.address("Lens")
        pages = [Call(target, lens.encode_claimable(receivable.id, start, LOTS_PAGE)) for start in starts]
        async for data in self._each(pages):
            for view in lens.decode_claimable(data):
                yield _claimable(view)

    async def chain_of_title(self, lot: LotId) -> list[LotRecord]:
        """From a lot up to the first lot of its receivable."""
        call = Call(self._book.address("Lens"), lens.encode_chain_of_title(lot))
        return [_lot(view) for view in lens.decode_chain_of_title(await self._client.call(call, self.block))]

    async def owed(self, receivable: ReceivableId, when: int) -> tuple[int, int]:
        """Principal and interest that the debtor would have to pay at `when` to be free."""
        call = Call(self._book.address("Ledger"), ledger.encode_owed_at(receivable, when))
        return ledger.decode_owed_at(await self._client.call(call, self.block))

    async def parties(self, addresses: Sequence[PartyAddress]) -> list[PartyRecord]:
        """Parties in the order asked for. One never admitted raises ContractReverted (PartiesUnknown)."""
        target = self._book.address("Parties")
        asked = [Call(target, parties.encode_party_of(address_bytes(address))) for address in addresses]
        found = [parties.decode_party_of(data) async for data in self._each(asked)]
        return [_party(address, party) for address, party in zip(addresses, found, strict=True)]

    async def signers(self, pairs: Sequence[tuple[PartyAddress, str]]) -> list[SignerRecord]:
        """(party, signer) pairs in the order asked for."""
        target = self._book.address("Parties")
        asked = [
            Call(target, parties.encode_signer_of(address_bytes(party), address_bytes(signer)))
            for party, signer in pairs
        ]
        found = [parties.decode_signer_of(data) async for data in self._each(asked)]
        return [SignerRecord(*pair, *grant) for pair, grant in zip(pairs, found, strict=True)]

    async def invoices(self, fingerprints: Sequence[Fingerprint]) -> list[InvoiceRecord]:
        """Uses of invoices in the order asked for; an unknown fingerprint has total 0."""
        target = self._book.address("Invoices")
        asked = [Call(target, invoices.encode_use_of(word_bytes(word))) for word in fingerprints]
        found = [invoices.decode_use_of(data) async for data in self._each(asked)]
        return [InvoiceRecord(word, *use) for word, use in zip(fingerprints, found, strict=True)]

    async def cash_supply(self, currency: int) -> int:
        """All cash of a currency, minor units."""
        call = Call(self._book.cash_address(currency), cash.encode_total_supply())
        return cash.decode_total_supply(await self._client.call(call, self.block))

    async def cash_balances(self, currency: int, holders: Sequence[str]) -> list[int]:
        """Balances in the order asked for; the paid-in cash that is not claimed yet is Settlement's."""
        target = self._book.cash_address(currency)
        asked = [Call(target, cash.encode_balance_of(address_bytes(holder))) for holder in holders]
        return [cash.decode_balance_of(data) async for data in self._each(asked)]

    async def _ahead(self, requests: Iterable[list[Call]]) -> AsyncIterator[list[bytes]]:
        """The answers of one request after the other, the next ones asked for meanwhile."""
        waiting: deque[asyncio.Task[list[bytes]]] = deque()
        try:
            for calls in requests:
                waiting.append(asyncio.create_task(self._client.call_many(calls, self.block)))
                if len(waiting) > REQUESTS_AHEAD:
                    yield await waiting.popleft()
            while waiting:
                yield await waiting.popleft()
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _each(self, asked: Sequence[Call]) -> AsyncIterator[bytes]:
        for start in range(0, len(asked), CALLS_A_REQUEST):
            for data in await self._client.call_many(asked[start : start + CALLS_A_REQUEST], self.block):
                yield data


def _lot_pages(sizes: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int, int]]]:
    """Pages (receivable, first index, how many), as many together as one request is for."""
    together: list[tuple[int, int, int]] = []
    lots = 0
    for receivable, size in sizes:
        for start in range(1, size + 1, LOTS_PAGE):
            together.append((receivable, start, LOTS_PAGE))
            lots += min(LOTS_PAGE, size - start + 1)
            if lots >= LOTS_A_REQUEST:
                yield together
                together, lots = [], 0
    if together:
        yield together


def _receivable(view: lens.ReceivableView) -> ReceivableRecord:
    stored = view.receivable
    return ReceivableRecord(
        id=ReceivableId(view.id),
        debtor=PartyAddress(checksum(stored.debtor)),
        creditor=PartyAddress(checksum(stored.creditor)),
        face=stored.face,
        paid=stored.paid,
        interest_paid=stored.interest_paid,
        claimed=stored.claimed,
        interest_owed=stored.interest_owed,
        interest_through=stored.interest_through,
        issued=stored.issued,
        due=stored.due,
        currency=stored.currency,
        state=ReceivableState(stored.state),
        overdue=stored.overdue,
        lot_count=stored.lot_count,
        installments=stored.installments,
        terms_hash=word_text(stored.terms_hash),
        invoice_set=word_text(stored.invoice_set),
        max_depth=stored.max_depth,
        max_lots=stored.max_lots,
        min_lot_minor=stored.min_lot_minor,
        late_rate_ppm_per_day=stored.late_rate_ppm_per_day,
        grace_days=stored.grace_days,
        close_window_seconds=stored.close_window_seconds,
    )


def _lot(view: lens.LotView) -> LotRecord:
    stored = view.lot
    return LotRecord(
        id=LotId(view.id),
        owner=PartyAddress(checksum(stored.owner)),
        receivable=ReceivableId(stored.receivable),
        depth=stored.depth,
        claimed_through=stored.claimed_through,
        first=stored.first,
        amount=stored.amount,
        parent=LotId(stored.parent),
        seq=stored.seq,
        since=stored.since,
        flags=LotFlag(stored.flags),
        chargee=PartyAddress(checksum(stored.chargee)),
        secured=stored.secured,
        recourse_limit=stored.recourse_limit,
    )


def _claimable(view: lens.ClaimView) -> ClaimableRecord:
    return ClaimableRecord(
        lot=LotId(view.lot),
        principal=view.principal,
        interest=view.interest,
        owner=PartyAddress(checksum(view.owner)),
        to_owner=view.to_owner,
        chargee=PartyAddress(checksum(view.chargee)),
        to_chargee=view.to_chargee,
    )


def _party(address: PartyAddress, stored: parties.Party) -> PartyRecord:
    return PartyRecord(
        address=address,
        status=PartyStatus(stored.status),
        roles=Role(stored.roles),
        kyb_until=stored.kyb_until,
        admitted_at=stored.admitted_at,
        version=stored.version,
        thresholds=stored.thresholds,
    )
