"""What must hold of the books at any time (design, invariants I1 to I5 and I10)."""

from itertools import groupby

from domain.ids import receivable_of
from domain.ledger.claims import open_share, part_of_chargee
from domain.ledger.state import CHARGED, LedgerState
from domain.lots import LotFlag, partition_problem
from domain.receivable import ReceivableState

_FINAL = (ReceivableState.SETTLED, ReceivableState.WRITTEN_OFF)


def check_books(state: LedgerState) -> None:
    """Fails where the books contradict themselves."""
    _check_lots(state)
    _check_money(state)
    _check_mandates(state)
    for standing in state.invoices.values():
        assert 0 <= standing.used <= standing.total


def _check_lots(state: LedgerState) -> None:
    for number, lot in state.lots.items():
        assert bool(lot.flags & CHARGED) == (int(lot.chargee, 16) != 0) == (lot.secured != 0)
        assert not (LotFlag.PLEDGED in lot.flags and LotFlag.RECOURSE in lot.flags)
        assert lot.chargee != lot.owner
        if lot.parent:
            parent = state.lots[lot.parent]
            assert lot.parent < number
            assert (parent.receivable, parent.depth + 1) == (lot.receivable, lot.depth)
    for receivable, numbers in groupby(sorted(state.lots), key=receivable_of):
        ranges = [state.lots[number].serials for number in numbers]
        assert partition_problem(ranges, state.receivables[receivable].face) is None


def _check_money(state: LedgerState) -> None:
    waiting = dict.fromkeys(state.cash, 0)
    for number, entry in state.receivables.items():
        paid = entry.paid + entry.interest_paid
        waiting[entry.currency] += paid - entry.claimed
        assert entry.paid <= entry.face
        lots = [lot for lot in state.lots.values() if lot.receivable == number]
        shares = [open_share(entry, lot) for lot in lots]
        still_to_come = sum(share.principal + share.interest for share in shares)
        assert all(min(share.principal, share.interest) >= 0 for share in shares)
        assert entry.claimed + still_to_come <= paid
        if entry.state in _FINAL:
            assert entry.claimed + still_to_come == paid
        for lot, share in zip(lots, shares, strict=True):
            assert 0 <= part_of_chargee(entry, lot) <= share.principal + share.interest
    for currency, book in state.cash.items():
        assert all(balance >= 0 for balance in book.balances.values())
        assert book.balances.get(state.settlement, 0) == waiting[currency]


def _check_mandates(state: LedgerState) -> None:
    held = dict.fromkeys(state.exposures, 0)
    for holding in state.holdings.values():
        held[holding.mandate] += holding.held
    assert held == dict(state.exposures)
