"""Every book of the model beside the view of the contracts that shows the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from chain.address_book import AddressBook
from chain.bindings import cash, exports, financing, invoices, ledger, lens, parties, shared
from chain.calls import Call
from chain.text import ADDRESS_BYTES, address_bytes, checksum, word_bytes, word_text
from domain.calendar import DAY_SECONDS
from domain.ids import ZERO_DIGEST, LotId, ReceivableId
from domain.ledger.claims import open_share, part_of_chargee
from domain.ledger.mandates import open_face
from domain.ledger.rights import INVOICES, LEDGER
from domain.ledger.state import LedgerState, Receivable
from domain.receivable import ReceivableState
from domain.settlement import accrue
from tests.support.reference.cast import Cast

_S = ReceivableState
_PAYABLE = (_S.ACTIVE, _S.SUSPENDED, _S.SETTLING, _S.DEFAULTED)
LOOKING_AHEAD_S = 40 * DAY_SECONDS
"""When what is owed is asked for as of a later day, interest included."""


@dataclass(frozen=True, slots=True)
class View:
    """What a view function shows (`decode` of its answer) and what the model has there."""

    what: str
    call: Call
    decode: Callable[[bytes], Any]
    expected: Any

    def check(self, answer: bytes) -> None:
        """Fails where they differ."""
        found = plain(self.decode(answer))
        assert found == self.expected, f"{self.what}\nledger {found}\nmodel  {self.expected}"


def plain(value: Any) -> Any:
    """A decoded answer with addresses and words as text, structs as mappings, lists as lists."""
    if isinstance(value, bytes):
        return checksum(value) if len(value) == ADDRESS_BYTES else word_text(value)
    if isinstance(value, msgspec.Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def all_views(state: LedgerState, now_s: int, book: AddressBook, cast: Cast) -> Iterator[View]:
    """All that the contracts let anybody read of what the model keeps."""
    yield from _of_receivables(state, now_s, book)
    yield from _of_lots(state, book)
    yield from _of_parties(state, book, cast)
    yield from _of_cash(state, book, cast)
    yield from _of_mandates(state, book)
    yield from _of_pauses(state, book)
    for fingerprint, use in state.invoices.items():
        call = Call(book.address("Invoices"), invoices.encode_use_of(word_bytes(fingerprint)))
        yield View("an invoice", call, invoices.decode_use_of, [use.total, use.used])
    for (registry, ref), lot in state.exports.items():
        call = Call(book.address("Exports"), exports.encode_lot_of(address_bytes(registry), word_bytes(ref)))
        yield View("an export", call, exports.decode_lot_of, lot)


def _of_receivables(state: LedgerState, now_s: int, book: AddressBook) -> Iterator[View]:
    at, count = book.address("Ledger"), len(state.receivables)
    yield View(
        "receivables",
        Call(book.address("Lens"), lens.encode_receivables(1, count + 1)),
        lens.decode_receivables,
        [
            {"id": number, "receivable": _fields(entry, ledger.Receivable)}
            for number, entry in state.receivables.items()
        ],
    )
    when = now_s + LOOKING_AHEAD_S
    for number, entry in state.receivables.items():
        call = Call(at, ledger.encode_owed_at(number, when))
        yield View(f"what {number} owes", call, ledger.decode_owed_at, _owed(entry, when))
        for installment, paid in enumerate(entry.history):
            call = Call(at, ledger.encode_paid_through(number, installment))
            totals = [paid.principal, paid.interest]
            yield View(f"payment {installment} of {number}", call, ledger.decode_paid_through, totals)


def _of_lots(state: LedgerState, book: AddressBook) -> Iterator[View]:
    at = book.address("Lens")
    for number, entry in state.receivables.items():
        lots = {lot_id: lot for lot_id, lot in state.lots.items() if lot.receivable == number}
        yield View(
            f"lots of {number}",
            Call(at, lens.encode_lots(number, 1, entry.lot_count + 1)),
            lens.decode_lots,
            [{"id": lot_id, "lot": _fields(lot, ledger.Lot)} for lot_id, lot in lots.items()],
        )
        yield View(
            f"claimable of {number}",
            Call(at, lens.encode_claimable(number, 1, entry.lot_count + 1)),
            lens.decode_claimable,
            [claim for lot_id in lots if (claim := _claimable(state, number, lot_id))],
        )
    for lot_id in state.lots:
        call = Call(book.address("Ledger"), ledger.encode_open_face_of(lot_id))
        yield View(f"open face of {lot_id}", call, ledger.decode_open_face_of, open_face(state, lot_id))


def _of_parties(state: LedgerState, book: AddressBook, cast: Cast) -> Iterator[View]:
    at = book.address("Parties")
    for player in cast.everybody:
        call = Call(book.address("Ledger"), ledger.encode_blocking_count(address_bytes(player.address)))
        blocking = state.blocking.get(player.address, 0)
        yield View(f"blocking of {player.name}", call, ledger.decode_blocking_count, blocking)
    for address, party in state.parties.items():
        yield View(
            f"standing of {cast.at(address).name}",
            Call(at, parties.encode_party_of(address_bytes(address))),
            lambda data: [getattr(parties.decode_party_of(data), name) for name in _STANDING],
            [party.status, party.roles, party.kyb_until_s],
        )
    for address, digest in state.revoked:
        call = Call(at, parties.encode_is_revoked(address_bytes(address), word_bytes(digest)))
        yield View("a withdrawn digest", call, parties.decode_is_revoked, True)


_STANDING = ("status", "roles", "kyb_until")


def _of_cash(state: LedgerState, book: AddressBook, cast: Cast) -> Iterator[View]:
    holders = [*(player.address for player in cast.everybody), state.settlement]
    for currency, deposits in state.cash.items():
        at = book.cash_address(currency)
        yield View(f"supply of {currency}", Call(at, cash.encode_total_supply()), _number, deposits.supply)
        for holder in holders:
            call = Call(at, cash.encode_balance_of(address_bytes(holder)))
            what = f"balance of {holder} in {currency}"
            yield View(what, call, _number, deposits.balances.get(holder, 0))


def _of_mandates(state: LedgerState, book: AddressBook) -> Iterator[View]:
    at = book.address("Financing")
    for mandate, exposure in state.exposures.items():
        call = Call(at, financing.encode_exposure_of(word_bytes(mandate)))
        yield View("exposure", call, financing.decode_exposure_of, [True, exposure])
    for lot in state.lots:
        holding = state.holdings.get(lot)
        call = Call(at, financing.encode_exposure_of_lot(lot))
        expected = [holding.mandate, holding.held] if holding else [ZERO_DIGEST, 0]
        yield View(f"exposure of {lot}", call, financing.decode_exposure_of_lot, expected)


def _of_pauses(state: LedgerState, book: AddressBook) -> Iterator[View]:
    places = [(LEDGER, book.address("Ledger")), (INVOICES, book.address("Invoices"))]
    places += [(currency, book.cash_address(currency)) for currency in state.cash]
    for place, address in places:
        call = Call(address, shared.encode_paused())
        yield View(f"paused at {place}", call, shared.decode_paused, state.paused.get(place, 0))


def _fields(value: object, struct: type[msgspec.Struct]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in struct.__struct_fields__}


def _owed(entry: Receivable, when: int) -> list[int]:
    if entry.state not in _PAYABLE:
        return [0, 0]
    debt = accrue(entry.debt, when)
    return [debt.principal_owed, debt.interest_owed]


def _claimable(state: LedgerState, number: ReceivableId, lot_id: LotId) -> dict[str, Any] | None:
    entry, lot = state.receivables[number], state.lots[lot_id]
    share, to_chargee = open_share(entry, lot), part_of_chargee(entry, lot)
    total = share.principal + share.interest
    return total and {
        "lot": lot_id,
        "principal": share.principal,
        "interest": share.interest,
        "owner": lot.owner,
        "to_owner": total - to_chargee,
        "chargee": lot.chargee,
        "to_chargee": to_chargee,
    }


def _number(data: bytes) -> int:
    return int.from_bytes(data)
