"""Reads a receivable's story out of the mirror."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from domain.ids import ReceivableId
from domain.intents import IntentKind
from domain.receivable import ReceivableState
from indexer.lineage.hops import hops_of, path_of
from indexer.lineage.shapes import (
    DebtorPayment,
    Evidence,
    Hop,
    InvoiceLink,
    Loss,
    LotTree,
    StateStep,
    Trace,
)
from indexer.models import (
    IntentUse,
    InvoiceRelease,
    Lot,
    LotMove,
    Payment,
    Receivable,
    ReceivableOrder,
    ReceivableStateChange,
    WriteOff,
)
from indexer.queries import UnknownSerial, invoices_of_receivable
from indexer.queries.lots import lots_between

TRACE_LOTS_MAX = 10_000
"""A tree with more lots is refused; the path of one serial is never longer than the depth limit."""


class TraceTooLarge(Exception):
    """The receivable has more lots than one tree shows; ask for the path of a serial."""


async def trace(session: AsyncSession, receivable_id: ReceivableId, serial: int | None = None) -> Trace:
    """The tree of all lots, or with `serial` the path of that one. Raises UnknownSerial and TraceTooLarge."""
    receivable = await _receivable_with(session, receivable_id, serial or 0)
    hops = await hops_of(session, await _moves(session, receivable_id, serial))
    path = path_of(hops) if serial is not None else ()
    loss = await _loss(session, receivable_id)
    return Trace(
        receivable=receivable.id,
        currency=receivable.currency,
        face_minor=receivable.face_minor,
        state=_named(receivable.state),
        debtor=receivable.debtor,
        creditor=receivable.creditor,
        issue_digest=await _issue_digest(session, receivable_id),
        invoices=await _invoices(session, receivable_id),
        payments=await _payments(session, receivable_id),
        states=await _states(session, receivable_id, loss),
        loss=loss,
        tree=None if serial is not None else await _tree(session, receivable_id, hops),
        serial=serial,
        path=path,
        payee=_payee(path[-1]) if path else None,
    )


async def _receivable_with(session: AsyncSession, receivable_id: int, serial: int) -> Receivable:
    receivable = await session.get(Receivable, receivable_id)
    if receivable is None:
        raise UnknownSerial(f"receivable {receivable_id} is not in the mirror")
    if not 0 <= serial < receivable.face_minor:
        raise UnknownSerial(f"receivable {receivable_id} has serials 0..{receivable.face_minor - 1}")
    return receivable


async def _moves(session: AsyncSession, receivable_id: int, serial: int | None) -> Sequence[LotMove]:
    """Hops in the order of the lots they made; all hops that moved one serial are one below the other."""
    statement = select(LotMove).where(lots_between(receivable_id, LotMove.child))
    if serial is not None:
        end = col(LotMove.first_serial) + col(LotMove.amount_minor)
        statement = statement.where(LotMove.first_serial <= serial, end > serial)
    rows = (await session.scalars(statement.order_by(col(LotMove.child)).limit(TRACE_LOTS_MAX + 1))).all()
    if len(rows) > TRACE_LOTS_MAX:
        raise TraceTooLarge(f"receivable {receivable_id} has more than {TRACE_LOTS_MAX} lots")
    return rows


async def _tree(session: AsyncSession, receivable_id: int, hops: list[Hop]) -> LotTree | None:
    statement = select(Lot).where(lots_between(receivable_id)).limit(TRACE_LOTS_MAX)
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


async def _invoices(session: AsyncSession, receivable_id: ReceivableId) -> tuple[InvoiceLink, ...]:
    """A cancelled receivable gives all its invoices back at once, each with an event of its own."""
    rows = await session.scalars(select(InvoiceRelease).where(InvoiceRelease.receivable == receivable_id))
    released = {
        row.fingerprint: Evidence(row.tx_hash, row.block_number, row.log_index, row.released_s)
        for row in rows
    }
    return tuple(
        InvoiceLink(
            fingerprint=row.fingerprint,
            amount_minor=row.amount_minor,
            event=Evidence(row.tx_hash, row.block_number, row.log_index, row.bound_s),
            released=released.get(row.fingerprint),
        )
        for row in await invoices_of_receivable(session, receivable_id)
    )


async def _loss(session: AsyncSession, receivable_id: int) -> Loss | None:
    row = await session.get(WriteOff, receivable_id)
    if row is None:
        return None
    return Loss(
        principal_minor=row.principal_lost_minor,
        interest_minor=row.interest_lost_minor,
        order=row.evidence,
        event=Evidence(row.tx_hash, row.block_number, row.log_index, row.written_off_s),
    )


async def _states(session: AsyncSession, receivable_id: int, loss: Loss | None) -> tuple[StateStep, ...]:
    """An order is reported after the change of state that it stands behind, a write-off brings its own."""
    orders = await session.scalars(select(ReceivableOrder).where(ReceivableOrder.receivable == receivable_id))
    said = [(row.block_number, row.log_index, row.evidence) for row in orders]
    if loss is not None:
        said.append((loss.event.block_number, loss.event.log_index, loss.order))
    order = (col(ReceivableStateChange.block_number), col(ReceivableStateChange.log_index))
    statement = select(ReceivableStateChange).where(ReceivableStateChange.receivable == receivable_id)
    steps = (await session.scalars(statement.order_by(*order))).all()
    behind: dict[tuple[int, int], str] = {}
    for block_number, log_index, evidence in said:
        before = [place for step in steps if (place := _place(step)) < (block_number, log_index)]
        behind[before[-1]] = evidence
    return tuple(
        StateStep(
            from_state=_named(step.from_state),
            to_state=_named(step.to_state),
            order=behind.get(_place(step)),
            event=Evidence(step.tx_hash, step.block_number, step.log_index, step.changed_s),
        )
        for step in steps
    )


def _place(step: ReceivableStateChange) -> tuple[int, int]:
    return step.block_number, step.log_index


def _named(state: int) -> str:
    return ReceivableState(state).name.lower()


def _payee(hop: Hop) -> str | None:
    if not hop.payouts:
        return None
    if any(payout.to_owner_minor for payout in hop.payouts):
        return hop.to_party
    return hop.payouts[-1].chargee
