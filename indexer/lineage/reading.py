"""Reads a receivable's story out of the mirror."""

from collections.abc import Iterable, Sequence

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from domain.ids import ReceivableId
from domain.intents import IntentKind
from domain.receivable import Cause, ReceivableState
from indexer.lineage.shapes import (
    DebtorPayment,
    Evidence,
    Holder,
    Hop,
    InvoiceLink,
    LotTree,
    Payout,
    Purchase,
    Trace,
)
from indexer.models import Claim, Financing, IntentUse, InvoiceBinding, Lot, LotMove, Payment, Receivable
from indexer.queries import invoices_of_receivable

TRACE_LOTS_MAX = 10_000
"""A tree with more lots is refused; the path of one serial is never longer than the depth limit."""


class TraceTooLarge(Exception):
    """The receivable has more lots than one tree shows; ask for the path of a serial."""


class UnknownSerial(Exception):
    """The receivable is not mirrored, or has no such serial."""


async def trace(session: AsyncSession, receivable_id: ReceivableId, serial: int | None = None) -> Trace:
    """The tree of all lots, or with `serial` the path of that one. Raises UnknownSerial and TraceTooLarge."""
    receivable = await _receivable_with(session, receivable_id, serial or 0)
    hops = await _hops(session, await _moves(session, receivable_id, serial))
    path = tuple(hops) if serial is not None else ()
    return Trace(
        receivable=receivable.id,
        currency=receivable.currency,
        face_minor=receivable.face_minor,
        state=ReceivableState(receivable.state).name.lower(),
        debtor=receivable.debtor,
        creditor=receivable.creditor,
        issue_digest=await _issue_digest(session, receivable_id),
        invoices=tuple(_invoice(row) for row in await invoices_of_receivable(session, receivable_id)),
        payments=await _payments(session, receivable_id),
        tree=None if serial is not None else await _tree(session, receivable_id, hops),
        serial=serial,
        path=path,
        payee=path[-1].to_party if path and path[-1].payouts else None,
    )


async def holder_at(
    session: AsyncSession, receivable_id: ReceivableId, serial: int, when_s: int
) -> Holder | None:
    """Who held the serial at a time, None before the receivable was issued. Raises UnknownSerial."""
    await _receivable_with(session, receivable_id, serial)
    held = [move for move in await _moves(session, receivable_id, serial) if move.moved_s <= when_s]
    return Holder(held[-1].to_party, held[-1].child, held[-1].moved_s) if held else None


async def _receivable_with(session: AsyncSession, receivable_id: int, serial: int) -> Receivable:
    receivable = await session.get(Receivable, receivable_id)
    if receivable is None:
        raise UnknownSerial(f"receivable {receivable_id} is not in the mirror")
    if not 0 <= serial < receivable.face_minor:
        raise UnknownSerial(f"receivable {receivable_id} has serials 0..{receivable.face_minor - 1}")
    return receivable


async def _moves(session: AsyncSession, receivable_id: int, serial: int | None) -> Sequence[LotMove]:
    """Hops in the order of the lots they made; all hops that moved one serial are one below the other."""
    statement = select(LotMove).where(LotMove.receivable == receivable_id)
    if serial is not None:
        end = col(LotMove.first_serial) + col(LotMove.amount_minor)
        statement = statement.where(LotMove.first_serial <= serial, end > serial)
    rows = (await session.scalars(statement.order_by(col(LotMove.child)).limit(TRACE_LOTS_MAX + 1))).all()
    if len(rows) > TRACE_LOTS_MAX:
        raise TraceTooLarge(f"receivable {receivable_id} has more than {TRACE_LOTS_MAX} lots")
    return rows


async def _hops(session: AsyncSession, moves: Sequence[LotMove]) -> list[Hop]:
    lots = [move.child for move in moves]
    purchases: dict[int, Purchase] = {}
    payouts: dict[int, list[Payout]] = {}
    for some in _chunks(lots):
        bought = await session.scalars(select(Financing).where(col(Financing.child).in_(some)))
        purchases |= {row.child: _purchase(row) for row in bought}
        order = (col(Claim.block_number), col(Claim.log_index))
        for row in await session.scalars(select(Claim).where(col(Claim.lot).in_(some)).order_by(*order)):
            payouts.setdefault(row.lot, []).append(_payout(row))
    return [_hop(move, purchases.get(move.child), tuple(payouts.get(move.child, ()))) for move in moves]


async def _tree(session: AsyncSession, receivable_id: int, hops: list[Hop]) -> LotTree | None:
    statement = select(Lot).where(Lot.receivable == receivable_id).limit(TRACE_LOTS_MAX)
    lots = {lot.id: lot for lot in await session.scalars(statement)}
    children: dict[int, list[LotTree]] = {}
    # A child has a higher id than its parent, so backwards every child is there before its parent.
    for hop in reversed(hops):
        below = tuple(reversed(children.pop(hop.lot, [])))
        lot = lots[hop.lot]
        node = LotTree(hop, lot.first_serial, lot.amount_minor, below)
        children.setdefault(hop.parent, []).append(node)
    roots = children.get(0)
    return roots[0] if roots else None


async def _issue_digest(session: AsyncSession, receivable_id: int) -> str | None:
    statement = select(IntentUse.digest).where(
        IntentUse.kind == IntentKind.ISSUE.value, IntentUse.subject == receivable_id
    )
    return (await session.scalars(statement)).one_or_none()


async def _payments(session: AsyncSession, receivable_id: int) -> tuple[DebtorPayment, ...]:
    statement = select(Payment).where(Payment.receivable == receivable_id).order_by(col(Payment.installment))
    return tuple(
        DebtorPayment(
            installment=row.installment,
            principal_minor=row.principal_minor,
            interest_minor=row.interest_minor,
            digest=row.digest,
            event=Evidence(row.tx_hash, row.block_number, row.log_index, row.paid_s),
        )
        for row in await session.scalars(statement)
    )


def _invoice(row: InvoiceBinding) -> InvoiceLink:
    return InvoiceLink(
        row.fingerprint, row.amount_minor, Evidence(row.tx_hash, row.block_number, row.log_index, row.bound_s)
    )


def _chunks(ids: Sequence[int], size: int = 500) -> Iterable[Sequence[int]]:
    """SQLite takes a bounded number of parameters in a statement."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


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


def _payout(row: Claim) -> Payout:
    return Payout(
        owner=row.owner,
        principal_minor=row.principal_minor,
        interest_minor=row.interest_minor,
        through_installment=row.claimed_through,
        event=Evidence(row.tx_hash, row.block_number, row.log_index, row.claimed_s),
    )


def _hop(move: LotMove, purchase: Purchase | None, payouts: tuple[Payout, ...]) -> Hop:
    return Hop(
        lot=move.child,
        parent=move.parent,
        from_party=move.from_party,
        to_party=move.to_party,
        first_serial=move.first_serial,
        amount_minor=move.amount_minor,
        depth=move.depth,
        cause=Cause(move.cause).name.lower(),
        evidence=move.evidence,
        event=Evidence(move.tx_hash, move.block_number, move.log_index, move.moved_s),
        purchase=purchase,
        payouts=payouts,
    )
