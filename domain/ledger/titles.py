"""Title, as the contract `Titles` keeps it: receivables are opened, lots cut and passed on."""

from dataclasses import dataclass, replace

from domain import events
from domain.calendar import date_of
from domain.ids import (
    LOT_INDEX_MAX,
    ZERO_ADDRESS,
    ZERO_DIGEST,
    Digest,
    LotId,
    PartyAddress,
    ReceivableId,
    lot_id,
)
from domain.intents import Issue
from domain.ledger.journal import Journal, written
from domain.ledger.refusal import LedgerRefusal
from domain.ledger.rights import LEDGER, Right
from domain.ledger.state import CHARGED, NO_FLAGS, Lot, Receivable, charge_lifted
from domain.lots import LotFlag, cut
from domain.receivable import Cause, ReceivableState
from domain.rules import LedgerParameter

FACE_MAX_MINOR = 2**53 - 1
DEPTH_MAX = 255
NO_LOT = LotId(0)

_RIGHT_OF = {
    Cause.ASSIGN: Right.ASSIGN,
    Cause.FINANCE: Right.FINANCE,
    Cause.BUYBACK: Right.BUYBACK,
    Cause.FORCED: Right.FORCE,
    Cause.RECOVERY: Right.PLEDGE,
    Cause.EXPORT: Right.EXPORT,
}
_ORDINARY = frozenset({Cause.ASSIGN, Cause.FINANCE, Cause.EXPORT})
"""Held to the register's hours and limits."""
_LIVE = frozenset({ReceivableState.ACTIVE, ReceivableState.SETTLING, ReceivableState.DEFAULTED})


@dataclass(frozen=True, slots=True)
class Move:
    """`amount` off the low end of a lot for `to`; a forced move names no `seq`."""

    lot: LotId
    seq: int | None
    owner: PartyAddress
    to: PartyAddress
    amount: int
    cause: Cause
    evidence: Digest
    mandated: bool = False


def open_receivable(journal: Journal, intent: Issue, invoice_set: Digest) -> ReceivableId:
    """A receivable with one lot, which is its creditor's."""
    journal.require_right(LEDGER, Right.ISSUE)
    if ZERO_ADDRESS in (intent.debtor, intent.creditor) or not intent.face:
        raise LedgerRefusal("LedgerZeroValue")
    if ZERO_DIGEST in (intent.terms_hash, invoice_set):
        raise LedgerRefusal("LedgerZeroValue")
    if intent.face > FACE_MAX_MINOR:
        raise LedgerRefusal("LedgerFaceTooLarge", intent.face, FACE_MAX_MINOR)
    if intent.currency not in journal.state.cash:
        raise LedgerRefusal("LedgerUnknownCurrency", intent.currency)
    receivable = ReceivableId(len(journal.state.receivables) + 1)
    opened = _under_rules(journal, intent, invoice_set)
    journal.put_receivable(receivable, opened)
    lot = lot_id(receivable, 1)
    journal.put_lot(lot, Lot(intent.creditor, receivable, 0, 0, 0, intent.face, NO_LOT, 0, journal.now_s))
    journal.emit(
        events.ReceivableIssued(
            receivable,
            intent.debtor,
            intent.creditor,
            lot,
            intent.face,
            intent.due,
            intent.currency,
            intent.terms_hash,
            invoice_set,
        ),
        events.ReceivableTerms(
            receivable,
            opened.max_depth,
            opened.max_lots,
            opened.min_lot_minor,
            opened.late_rate_ppm_per_day,
            opened.grace_days,
            opened.close_window_seconds,
        ),
        events.LotMoved(
            receivable=receivable,
            parent=NO_LOT,
            child=lot,
            from_=ZERO_ADDRESS,
            to=intent.creditor,
            first=0,
            amount=intent.face,
            parent_left=0,
            parent_seq=0,
            depth=0,
            cause=Cause.ISSUE,
            evidence=invoice_set,
        ),
    )
    return receivable


def move(journal: Journal, order: Move) -> LotId:
    """Cut a child off a lot; returns the child."""
    journal.require_right(LEDGER, _RIGHT_OF[order.cause])
    lot = journal.lot(order.lot)
    register = journal.receivable(lot.receivable)
    _check_hop(order, lot)
    _check_flags(order, lot)
    _check_movable(journal, order, lot, register)
    return _hand_over(journal, order, lot, register)


def _under_rules(journal: Journal, intent: Issue, invoice_set: Digest) -> Receivable:
    day = date_of(journal.now_s)
    rules = journal.state.rules
    return Receivable(
        debtor=intent.debtor,
        creditor=intent.creditor,
        face=intent.face,
        issued=journal.now_s,
        due=intent.due,
        currency=intent.currency,
        terms_hash=intent.terms_hash,
        invoice_set=invoice_set,
        max_depth=rules.value(LedgerParameter.MAX_DEPTH, day),
        max_lots=rules.value(LedgerParameter.MAX_LOTS, day),
        min_lot_minor=rules.value(LedgerParameter.MIN_LOT_MINOR, day),
        late_rate_ppm_per_day=rules.value(LedgerParameter.LATE_RATE_PPM_PER_DAY, day),
        grace_days=rules.value(LedgerParameter.GRACE_DAYS, day),
        close_window_seconds=rules.value(LedgerParameter.CLOSE_WINDOW_SECONDS, day),
    )


def check_signed(lot_number: LotId, lot: Lot, owner: PartyAddress, seq: int) -> None:
    """Refuse what names another owner, or the lot as it was before its last change."""
    if owner != lot.owner:
        raise LedgerRefusal("LedgerNotOwner", lot_number, lot.owner, owner)
    if seq != lot.seq:
        raise LedgerRefusal("LedgerStaleLot", lot_number, seq, lot.seq)


def _check_hop(order: Move, lot: Lot) -> None:
    check_signed(order.lot, lot, order.owner, lot.seq if order.seq is None else order.seq)
    if order.to == ZERO_ADDRESS or not order.amount or order.evidence == ZERO_DIGEST:
        raise LedgerRefusal("LedgerZeroValue")
    if order.to == order.owner:
        raise LedgerRefusal("LedgerSelfMove", order.lot, order.owner)
    if order.amount > lot.amount:
        raise LedgerRefusal("LedgerAmountOverLot", order.lot, order.amount, lot.amount)
    if lot.depth == DEPTH_MAX:
        raise LedgerRefusal("LedgerTooDeep", order.lot, DEPTH_MAX)


def _check_flags(order: Move, lot: Lot) -> None:
    if LotFlag.EXPORTED in lot.flags:
        raise LedgerRefusal("LedgerLotExported", order.lot)
    if LotFlag.FROZEN in lot.flags and order.cause != Cause.FORCED:
        raise LedgerRefusal("LedgerLotFrozen", order.lot)
    pledged = LotFlag.PLEDGED in lot.flags
    if pledged and order.cause not in (Cause.RECOVERY, Cause.FORCED):
        raise LedgerRefusal("LedgerLotCharged", order.lot, lot.flags)
    if not pledged and order.cause == Cause.RECOVERY:
        raise LedgerRefusal("LedgerLotNotPledgedTo", order.lot, ZERO_ADDRESS)
    if lot.flags & CHARGED:
        _check_whole(order, lot)


def _check_movable(journal: Journal, order: Move, lot: Lot, register: Receivable) -> None:
    if order.cause in _ORDINARY:
        check_register(journal, lot.receivable, register)
        _check_limits(order, lot, register)
        return
    forced = order.cause == Cause.FORCED
    state = register.state
    if state == ReceivableState.CANCELLED if forced else state not in _LIVE:
        raise LedgerRefusal("LedgerWrongState", lot.receivable, state)
    if not forced or register.installments:
        _check_whole(order, lot)
    if register.lot_count == LOT_INDEX_MAX:
        raise LedgerRefusal("LedgerTooManyLots", lot.receivable, LOT_INDEX_MAX)


def check_register(journal: Journal, receivable: ReceivableId, register: Receivable) -> None:
    """Refuse what comes when the register is closed: near maturity, after a payment, under an order."""
    closed_at = register.due - register.close_window_seconds
    if register.state != ReceivableState.ACTIVE or journal.now_s >= closed_at:
        raise LedgerRefusal("LedgerRegisterClosed", receivable, register.state, closed_at)


def _check_limits(order: Move, lot: Lot, register: Receivable) -> None:
    left = lot.amount - order.amount
    for part in (order.amount, left) if left else ():
        if part < register.min_lot_minor:
            raise LedgerRefusal("LedgerBelowMinimumLot", part, register.min_lot_minor)
    if lot.depth + 1 > register.max_depth:
        raise LedgerRefusal("LedgerTooDeep", order.lot, register.max_depth)
    if register.lot_count >= register.max_lots:
        raise LedgerRefusal("LedgerTooManyLots", lot.receivable, register.max_lots)


def _check_whole(order: Move, lot: Lot) -> None:
    if order.amount != lot.amount:
        raise LedgerRefusal("LedgerLotOnlyWhole", order.lot, order.amount, lot.amount)


def _hand_over(journal: Journal, order: Move, lot: Lot, register: Receivable) -> LotId:
    taken, rest = cut(lot.serials, order.amount)
    register = replace(register, lot_count=register.lot_count + 1)
    child_number = lot_id(lot.receivable, register.lot_count)
    parent = charge_lifted(replace(lot, first=rest.first, amount=rest.amount, seq=lot.seq + 1))
    child = Lot(
        owner=order.to,
        receivable=lot.receivable,
        depth=lot.depth + 1,
        claimed_through=lot.claimed_through,
        first=taken.first,
        amount=taken.amount,
        parent=order.lot,
        seq=0,
        since=journal.now_s,
        flags=_flags_of_child(order),
    )
    # a charge goes with the lot, unless title comes to whoever it was for, or the pledge is enforced
    if lot.flags & CHARGED and order.cause != Cause.RECOVERY and lot.chargee != order.to:
        child = replace(
            child,
            flags=child.flags | lot.flags & CHARGED,
            chargee=lot.chargee,
            secured=lot.secured,
            recourse_limit=lot.recourse_limit,
        )
    journal.put_receivable(lot.receivable, register)
    journal.change(lots=written(written(journal.state.lots, order.lot, parent), child_number, child))
    _emit_hop(journal, order, lot, parent, child_number, child)
    return child_number


def _flags_of_child(order: Move) -> LotFlag:
    exported = LotFlag.EXPORTED if order.cause == Cause.EXPORT else NO_FLAGS
    return exported | (LotFlag.MANDATED if order.mandated else NO_FLAGS)


def _emit_hop(  # the parent before and after, and the child
    journal: Journal, order: Move, before: Lot, parent: Lot, child_number: LotId, child: Lot
) -> None:
    receivable = before.receivable
    journal.emit(
        events.LotMoved(
            receivable=receivable,
            parent=order.lot,
            child=child_number,
            from_=order.owner,
            to=order.to,
            first=child.first,
            amount=child.amount,
            parent_left=parent.amount,
            parent_seq=parent.seq,
            depth=child.depth,
            cause=order.cause,
            evidence=order.evidence,
        )
    )
    if before.flags & CHARGED:
        journal.emit(
            events.LotFlagsChanged(receivable, order.lot, parent.flags, parent.seq, order.evidence),
            events.LotCharged(order.lot, ZERO_ADDRESS, 0, 0),
        )
    if child.flags:
        journal.emit(events.LotFlagsChanged(receivable, child_number, child.flags, 0, order.evidence))
    if child.flags & CHARGED:
        journal.emit(events.LotCharged(child_number, child.chargee, child.secured, child.recourse_limit))
