"""May this much of this lot move to that party? The ledger's own checks, made before anybody signs.

Each refusal has the name that the contract would give it; the contract checks again when the signed intent
arrives.
"""

from dataclasses import dataclass

from api.http.schemas import MoneyBody
from api.http.translation import contract_refusal
from api.receivables.money import minor_in
from api.work import Reading
from domain.ids import LotId, PartyAddress, receivable_of
from domain.lots import LotFlag
from domain.parties import PartyStatus, Role
from domain.receivable import ReceivableState
from indexer import queries
from indexer.models import Lot, Receivable


@dataclass(frozen=True, slots=True)
class Cut:
    """What is to be cut off a lot, in minor units of the receivable's currency."""

    lot: Lot
    receivable: Receivable
    amount_minor: int


async def movable(work: Reading, lot_id: LotId, amount: MoneyBody) -> Cut:
    """The cut, when the lot is the caller's and this much of it may move now."""
    lot, receivable = await lot_and_receivable(work, lot_id)
    if lot.owner != work.caller.party:
        raise contract_refusal("LedgerNotOwner", lot=lot_id, given=work.caller.party)
    cut = Cut(lot, receivable, minor_in(amount, receivable.currency))
    require_movable(cut, work.now_s)
    return cut


def require_movable(cut: Cut, now_s: int) -> None:
    """Refuse a cut that the ledger would refuse now, in the order of its checks."""
    lot, receivable, amount_minor = cut.lot, cut.receivable, cut.amount_minor
    if amount_minor > lot.amount_minor:
        raise contract_refusal(
            "LedgerAmountOverLot", lot=lot.id, amount=amount_minor, available=lot.amount_minor
        )
    _check_flags(lot, amount_minor)
    _check_register(receivable, now_s)
    _check_parts(lot, receivable, amount_minor)
    _check_limits(lot, receivable)


def require_chargeable(lot: Lot, receivable: Receivable, now_s: int) -> None:
    """Refuse a pledge that the ledger would refuse now: a lot has one charge, and only while it may move."""
    flags = LotFlag(lot.flags)
    if LotFlag.FROZEN in flags:
        raise contract_refusal("LedgerLotFrozen", lot=lot.id)
    if LotFlag.EXPORTED in flags:
        raise contract_refusal("LedgerLotExported", lot=lot.id)
    if flags & (LotFlag.PLEDGED | LotFlag.RECOURSE):
        raise contract_refusal("LedgerLotCharged", lot=lot.id, flags=lot.flags)
    _check_register(receivable, now_s)
    if lot.depth > receivable.max_depth:
        raise contract_refusal("LedgerTooDeep", lot=lot.id, limit=receivable.max_depth)


async def lot_and_receivable(work: Reading, lot_id: LotId) -> tuple[Lot, Receivable]:
    """Both rows of the mirror. Raises `LedgerUnknownLot`."""
    lot = await queries.lot(work.mirror, lot_id)
    receivable = await queries.receivable(work.mirror, receivable_of(lot_id))
    if lot is None or receivable is None:
        raise contract_refusal("LedgerUnknownLot", lot=lot_id)
    return lot, receivable


async def require_active(work: Reading, address: PartyAddress, role: Role | None = None) -> None:
    """Refuse a party that is unknown, suspended, past its KYB date or not admitted as what it acts as."""
    party = await queries.party(work.mirror, address)
    if party is None:
        raise contract_refusal("PartiesUnknown", party=address)
    if party.status != PartyStatus.ACTIVE:
        raise contract_refusal("PartiesNotActive", party=address, status=party.status)
    if party.kyb_until_s <= work.now_s:
        raise contract_refusal("PartiesKybExpired", party=address, kyb_until=party.kyb_until_s)
    if role is not None and not party.roles & role:
        raise contract_refusal("PartiesRoleMissing", party=address, role=role.value)


def require_not_self(lot: Lot, receiver: PartyAddress) -> None:
    """A lot never moves to its own owner."""
    if receiver == lot.owner:
        raise contract_refusal("LedgerSelfMove", lot=lot.id, owner=lot.owner)


def _check_flags(lot: Lot, amount_minor: int) -> None:
    """A lot in another register never moves, a frozen one under an order only, a pledged one by its pledgee
    only; one sold with recourse moves whole.
    """
    flags = LotFlag(lot.flags)
    if LotFlag.EXPORTED in flags:
        raise contract_refusal("LedgerLotExported", lot=lot.id)
    if LotFlag.FROZEN in flags:
        raise contract_refusal("LedgerLotFrozen", lot=lot.id)
    if LotFlag.PLEDGED in flags:
        raise contract_refusal("LedgerLotCharged", lot=lot.id, flags=lot.flags)
    if LotFlag.RECOURSE in flags and amount_minor != lot.amount_minor:
        raise contract_refusal(
            "LedgerLotOnlyWhole", lot=lot.id, amount=amount_minor, available=lot.amount_minor
        )


def _check_parts(lot: Lot, receivable: Receivable, amount_minor: int) -> None:
    rest, minimum = lot.amount_minor - amount_minor, receivable.min_lot_minor
    smallest = min(amount_minor, rest)
    if rest and smallest < minimum:
        raise contract_refusal("LedgerBelowMinimumLot", amount=smallest, minimum=minimum)


def _check_register(receivable: Receivable, now_s: int) -> None:
    closed_s = receivable.due_s - receivable.close_window_seconds
    if receivable.state != ReceivableState.ACTIVE or now_s >= closed_s:
        raise contract_refusal(
            "LedgerRegisterClosed", receivable=receivable.id, state=receivable.state, closed_at=closed_s
        )


def _check_limits(lot: Lot, receivable: Receivable) -> None:
    if lot.depth >= receivable.max_depth:
        raise contract_refusal("LedgerTooDeep", lot=lot.id, limit=receivable.max_depth)
    if receivable.lot_count >= receivable.max_lots:
        raise contract_refusal("LedgerTooManyLots", receivable=receivable.id, limit=receivable.max_lots)
