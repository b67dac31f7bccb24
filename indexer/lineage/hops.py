"""A lot with all that hangs at it: the agreement that made it, stops, charges, pledges and payouts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from domain.ids import ZERO_ADDRESS
from domain.lots import LotFlag
from domain.receivable import Cause
from indexer.lineage.shapes import (
    ChargeChange,
    Departure,
    Evidence,
    FlagChange,
    Hop,
    Payout,
    PledgeTerms,
    Purchase,
    Repurchase,
)
from indexer.models import (
    BuyBack,
    ChargePayment,
    Claim,
    Financing,
    LotChargeChange,
    LotExport,
    LotFlagChange,
    LotMove,
    PledgeAgreement,
    PledgeStep,
)

Row = TypeVar("Row", bound=Any)
_ByLot = Mapping[int, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the mirror has of some lots, by lot and in order."""

    purchases: _ByLot[Financing]
    repurchases: _ByLot[BuyBack]
    departures: _ByLot[LotExport]
    pledges: _ByLot[PledgeAgreement]
    flags: _ByLot[LotFlagChange]
    charges: _ByLot[LotChargeChange]
    claims: _ByLot[Claim]
    divisions: _ByLot[ChargePayment]


async def hops_of(session: AsyncSession, moves: Sequence[LotMove]) -> list[Hop]:
    """The hops in the order of the moves."""
    lots = [move.child for move in moves]
    kept = _Kept(
        purchases=await _rows(session, Financing, "child", lots),
        repurchases=await _rows(session, BuyBack, "child", lots),
        departures=await _rows(session, LotExport, "child", lots),
        pledges=await _rows(session, PledgeAgreement, "lot", lots),
        flags=await _rows(session, LotFlagChange, "lot", lots),
        charges=await _rows(session, LotChargeChange, "lot", lots),
        claims=await _rows(session, Claim, "lot", lots),
        divisions=await _rows(session, ChargePayment, "lot", lots),
    )
    return [_hop(move, kept) for move in moves]


def path_of(hops: Sequence[Hop]) -> tuple[Hop, ...]:
    """Hops of one serial, each with what happened to its lot before the serial left it."""
    return (*(_until(hop, later.event) for hop, later in pairwise(hops)), *hops[-1:])


def _until(hop: Hop, left: Evidence) -> Hop:
    def before(entry: PledgeTerms | FlagChange | ChargeChange | Payout) -> bool:
        event = entry.event
        return (event.block_number, event.log_index) < (left.block_number, left.log_index)

    return replace(
        hop,
        pledges=tuple(filter(before, hop.pledges)),
        flags=tuple(filter(before, hop.flags)),
        charges=tuple(filter(before, hop.charges)),
        payouts=tuple(filter(before, hop.payouts)),
    )


async def _rows(session: AsyncSession, model: type[Row], column: str, lots: Sequence[int]) -> _ByLot[Row]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for some in _chunks(lots):
        statement = select(model).where(col(getattr(model, column)).in_(some))
        ordered = statement.order_by(col(model.block_number), col(model.log_index))
        for row in await session.scalars(ordered):
            found[getattr(row, column)].append(row)
    return found


def _chunks(ids: Sequence[int], size: int = 500) -> Iterable[Sequence[int]]:
    """SQLite takes a bounded number of parameters in a statement."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _hop(move: LotMove, kept: _Kept) -> Hop:
    lot = move.child
    return Hop(
        lot=lot,
        parent=move.parent,
        from_party=move.from_party,
        to_party=move.to_party,
        first_serial=move.first_serial,
        amount_minor=move.amount_minor,
        depth=move.depth,
        cause=Cause(move.cause).name.lower(),
        evidence=move.evidence,
        event=_at(move, move.moved_s),
        purchase=next((_purchase(row) for row in kept.purchases.get(lot, ())), None),
        repurchase=next((_repurchase(row) for row in kept.repurchases.get(lot, ())), None),
        departure=next((_departure(row) for row in kept.departures.get(lot, ())), None),
        pledges=tuple(_pledge(row) for row in kept.pledges.get(lot, ())),
        flags=tuple(_flags(row) for row in kept.flags.get(lot, ())),
        charges=tuple(_charge(row) for row in kept.charges.get(lot, ())),
        payouts=_payouts(kept.claims.get(lot, ()), kept.divisions.get(lot, ())),
    )


def _payouts(claims: Sequence[Claim], divisions: Sequence[ChargePayment]) -> tuple[Payout, ...]:
    """How a claim is divided is the event right after it."""
    divided = {(row.block_number, row.log_index - 1): row for row in divisions}
    return tuple(_payout(row, divided.get((row.block_number, row.log_index))) for row in claims)


def _payout(claim: Claim, division: ChargePayment | None) -> Payout:
    return Payout(
        owner=claim.owner,
        principal_minor=claim.principal_minor,
        interest_minor=claim.interest_minor,
        chargee=division.party if division else None,
        to_chargee_minor=division.amount_minor if division else 0,
        through_installment=claim.claimed_through,
        event=_at(claim, claim.claimed_s),
    )


def _purchase(row: Financing) -> Purchase:
    return Purchase(
        bank=row.bank,
        seller=row.seller,
        amount_minor=row.amount_minor,
        price_minor=row.price_minor,
        fees_minor=row.fees_minor,
        rate_ppm=row.rate_ppm,
        registration_ref=row.registration_ref,
        notice_ref=row.notice_ref,
        terms_hash=row.terms_hash,
        digest=row.digest,
    )


def _repurchase(row: BuyBack) -> Repurchase:
    return Repurchase(row.bank, row.seller, row.price_minor, row.digest)


def _departure(row: LotExport) -> Departure:
    return Departure(row.registry_party, row.registry_ref, row.digest)


def _pledge(row: PledgeAgreement) -> PledgeTerms:
    return PledgeTerms(
        step=PledgeStep(row.step).name.lower(),
        owner=row.owner,
        pledgee=row.pledgee,
        secured_minor=row.secured_minor,
        cash_minor=row.cash_minor,
        buyer=row.buyer,
        to_pledgee_minor=row.to_pledgee_minor,
        evidence=row.evidence,
        digest=row.digest,
        event=_at(row, row.agreed_s),
    )


def _flags(row: LotFlagChange) -> FlagChange:
    names = tuple(flag.name.lower() for flag in LotFlag(row.flags) if flag.name)
    return FlagChange(names, row.evidence, _at(row, row.changed_s))


def _charge(row: LotChargeChange) -> ChargeChange:
    return ChargeChange(
        chargee=row.chargee if row.chargee != ZERO_ADDRESS else None,
        secured_minor=row.secured_minor,
        recourse_limit_minor=row.recourse_limit_minor,
        event=_at(row, row.changed_s),
    )


def _at(row: Any, time_s: int) -> Evidence:
    return Evidence(row.tx_hash, row.block_number, row.log_index, time_s)
