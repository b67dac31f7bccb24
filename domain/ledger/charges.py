"""What lies on a lot, as the contract `Titles` keeps it: pledges, recourse, freezes."""

from dataclasses import dataclass, replace

from domain import events
from domain.ids import ZERO_ADDRESS, ZERO_DIGEST, Digest, LotId, PartyAddress
from domain.ledger.journal import Journal
from domain.ledger.refusal import LedgerRefusal
from domain.ledger.rights import LEDGER, Right
from domain.ledger.state import CHARGED, Lot, charge_lifted
from domain.ledger.titles import FACE_MAX_MINOR, check_register, check_signed
from domain.lots import LotFlag


@dataclass(frozen=True, slots=True)
class ChargeOrder:
    """A charge of `kind` PLEDGED or RECOURSE in favour of `chargee`."""

    lot: LotId
    seq: int
    owner: PartyAddress
    chargee: PartyAddress
    kind: LotFlag
    secured: int
    recourse_limit: int
    evidence: Digest


def charge(journal: Journal, order: ChargeOrder) -> None:
    """Give somebody else a right to a lot's money."""
    journal.require_right(LEDGER, Right.PLEDGE if order.kind == LotFlag.PLEDGED else Right.FINANCE)
    lot = journal.lot(order.lot)
    check_signed(order.lot, lot, order.owner, order.seq)
    if LotFlag.FROZEN in lot.flags:
        raise LedgerRefusal("LedgerLotFrozen", order.lot)
    if LotFlag.EXPORTED in lot.flags:
        raise LedgerRefusal("LedgerLotExported", order.lot)
    if lot.flags & CHARGED:
        raise LedgerRefusal("LedgerLotCharged", order.lot, lot.flags)
    _check_charge(order, lot)
    register = journal.receivable(lot.receivable)
    check_register(journal, lot.receivable, register)
    if lot.depth > register.max_depth:
        raise LedgerRefusal("LedgerTooDeep", order.lot, register.max_depth)
    charged = replace(lot, chargee=order.chargee, secured=order.secured, recourse_limit=order.recourse_limit)
    _set_flags(journal, order.lot, charged, lot.flags | order.kind, order.evidence)
    journal.emit(events.LotCharged(order.lot, order.chargee, order.secured, order.recourse_limit))


def lower_pledge(  # the arguments of the contract's function
    journal: Journal, lot_number: LotId, seq: int, pledgee: PartyAddress, secured: int, evidence: Digest
) -> PartyAddress:
    """Lower what a pledge secures, or lift it; returns the lot's owner."""
    journal.require_right(LEDGER, Right.PLEDGE)
    lot = journal.lot(lot_number)
    check_signed(lot_number, lot, lot.owner, seq)
    if LotFlag.FROZEN in lot.flags:
        raise LedgerRefusal("LedgerLotFrozen", lot_number)
    if LotFlag.PLEDGED not in lot.flags or lot.chargee != pledgee:
        raise LedgerRefusal("LedgerLotNotPledgedTo", lot_number, pledgee)
    if secured >= lot.secured:
        raise LedgerRefusal("LedgerBadCharge", lot_number, secured, 0)
    if evidence == ZERO_DIGEST:
        raise LedgerRefusal("LedgerZeroValue")
    lowered = replace(lot, secured=secured) if secured else charge_lifted(lot)
    _set_flags(journal, lot_number, lowered, lowered.flags, evidence)
    journal.emit(events.LotCharged(lot_number, lowered.chargee, secured, 0))
    return lot.owner


def set_frozen(journal: Journal, lot_number: LotId, order: Digest, *, frozen: bool) -> None:
    """Stop a lot, or let it go again."""
    if order == ZERO_DIGEST:
        raise LedgerRefusal("LedgerZeroValue")
    lot = journal.lot(lot_number)
    if frozen == (LotFlag.FROZEN in lot.flags):
        raise LedgerRefusal("LedgerLotFrozen" if frozen else "LedgerLotNotFrozen", lot_number)
    _set_flags(journal, lot_number, lot, lot.flags ^ LotFlag.FROZEN, order)


def _check_charge(order: ChargeOrder, lot: Lot) -> None:
    if order.chargee == ZERO_ADDRESS or order.evidence == ZERO_DIGEST:
        raise LedgerRefusal("LedgerZeroValue")
    if order.chargee == order.owner:
        raise LedgerRefusal("LedgerSelfMove", order.lot, order.owner)
    pledge = order.kind == LotFlag.PLEDGED
    # a lot may secure more than its face, but one that was passed on whole secures nothing
    most = FACE_MAX_MINOR if pledge and lot.amount else lot.amount
    most_limit = 0 if pledge else lot.amount
    if not 0 < order.secured <= most or order.recourse_limit > most_limit:
        raise LedgerRefusal("LedgerBadCharge", order.lot, order.secured, order.recourse_limit)


def _set_flags(journal: Journal, lot_number: LotId, lot: Lot, flags: LotFlag, evidence: Digest) -> None:
    changed = replace(lot, flags=flags, seq=lot.seq + 1)
    journal.put_lot(lot_number, changed)
    journal.emit(events.LotFlagsChanged(lot.receivable, lot_number, changed.flags, changed.seq, evidence))
