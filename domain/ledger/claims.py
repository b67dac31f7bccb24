"""What goes out: each lot's open share, divided between its owner and whoever has a charge on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain import events
from domain.ids import ZERO_DIGEST, LotId, PartyAddress, receivable_of
from domain.ledger.journal import Journal
from domain.ledger.refusal import Refusal
from domain.ledger.state import CHARGED, Lot, Receivable
from domain.lots import LotFlag
from domain.receivable import ReceivableState
from domain.settlement import PaidThrough, claimable, entitled, to_bank, to_pledgee

SEQ_MAX = 2**24 - 1
"""A lot's counter stays here rather than stop a claim."""


@dataclass(frozen=True, slots=True)
class Payout:
    """Cash for a party; those in a row that differ only in their amounts are one."""

    to: PartyAddress
    currency: int
    mandated: bool
    amount: int


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A lot that gets nothing, and why."""

    lot: LotId
    refusal: Refusal


def record_claims(journal: Journal, lots: Sequence[LotId]) -> list[Payout | Unpaid]:
    """Book what each lot may claim now; nothing here is refused, since no lot may harm another."""
    found: list[Payout | Unpaid] = []
    for lot_number in lots:
        problem = _problem(journal, lot_number)
        if problem is not None:
            found.append(Unpaid(lot_number, problem))
            continue
        for payout in _book(journal, lot_number):
            _add(found, payout)
    return found


def open_share(receivable: Receivable, lot: Lot) -> PaidThrough:
    """What a lot may claim now, frozen or not."""
    if lot.claimed_through == receivable.installments:
        return PaidThrough()
    return claimable(
        lot.serials,
        receivable.face,
        receivable.history[-1],
        receivable.history[lot.claimed_through],
        written_off=receivable.state == ReceivableState.WRITTEN_OFF,
    )


def part_of_chargee(receivable: Receivable, lot: Lot) -> int:
    """What of the open share of a lot goes to its chargee: the difference of two totals."""
    if not lot.flags & CHARGED or lot.claimed_through == receivable.installments:
        return 0
    final = receivable.paid == receivable.face or receivable.state == ReceivableState.WRITTEN_OFF
    now = entitled(lot.serials, receivable.face, receivable.history[-1], final=final)
    before = entitled(lot.serials, receivable.face, receivable.history[lot.claimed_through], final=False)
    return _total_of_chargee(lot, now) - _total_of_chargee(lot, before)


def still_secured(receivable: Receivable, lot: Lot) -> int:
    """What a pledgee has yet to get: what is secured is the most that it gets of the lot in all."""
    received = entitled(lot.serials, receivable.face, receivable.history[lot.claimed_through], final=False)
    return lot.secured - to_pledgee(received, lot.secured)


def _total_of_chargee(lot: Lot, received: PaidThrough) -> int:
    if LotFlag.PLEDGED in lot.flags:
        return to_pledgee(received, lot.secured)
    return received.principal + received.interest - to_bank(received, lot.secured, lot.amount)


def _problem(journal: Journal, lot_number: LotId) -> Refusal | None:
    lot = journal.state.lots.get(lot_number)
    if lot is None:
        return Refusal("LedgerUnknownLot", (lot_number,))
    receivable = journal.receivable(lot.receivable)
    if open_share(receivable, lot) == PaidThrough():
        return Refusal("LedgerNothingToClaim", (lot_number,))
    if LotFlag.FROZEN in lot.flags:
        return Refusal("LedgerLotFrozen", (lot_number,))
    if receivable.state == ReceivableState.SUSPENDED:
        return Refusal("LedgerReceivableSuspended", (receivable_of(lot_number),))
    return None


def _book(journal: Journal, lot_number: LotId) -> list[Payout]:
    lot = journal.lot(lot_number)
    receivable = journal.receivable(lot.receivable)
    share = open_share(receivable, lot)
    amount = share.principal + share.interest
    to_chargee = part_of_chargee(receivable, lot)
    claimed = receivable.claimed + amount
    journal.put_receivable(lot.receivable, replace(receivable, claimed=claimed))
    paid_out = replace(lot, claimed_through=receivable.installments)
    if lot.flags & CHARGED:
        # what was agreed about the money in a charged lot is stale once that is paid out
        paid_out = replace(paid_out, seq=min(lot.seq + 1, SEQ_MAX))
        journal.emit(events.LotFlagsChanged(lot.receivable, lot_number, lot.flags, paid_out.seq, ZERO_DIGEST))
    journal.put_lot(lot_number, paid_out)
    journal.emit(
        events.LotClaimed(
            lot_number, lot.owner, share.principal, share.interest, receivable.installments, claimed
        )
    )
    if to_chargee:
        journal.emit(events.ChargePaid(lot_number, lot.chargee, to_chargee))
    mandated = LotFlag.MANDATED in lot.flags
    parts = ((lot.chargee, to_chargee), (lot.owner, amount - to_chargee))
    return [Payout(party, receivable.currency, mandated, part) for party, part in parts if part]


def _add(found: list[Payout | Unpaid], payout: Payout) -> None:
    last = found[-1] if found else None
    if isinstance(last, Payout) and replace(last, amount=payout.amount) == payout:
        found[-1] = replace(last, amount=last.amount + payout.amount)
    else:
        found.append(payout)
