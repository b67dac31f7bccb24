"""What must add up within the mirror itself, in SQL.

Live lots partition [0, face) · balances add up to the supply · payments, claims and hops add up to what the
receivable says · cash paid in and not claimed is at the settlement contract · what left it is what each party
was to get of claims, as owner or as chargee · what is held under a mandate adds up to its exposure · what is
bound of an invoice and not released is its use, and no more than its total · lots are closed with their
receivable.
"""

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from indexer.changes import Table, sql_table
from indexer.models import (
    CashBalance,
    CashMovement,
    CashSupply,
    ChargePayment,
    Claim,
    InvoiceBinding,
    InvoiceRelease,
    InvoiceUse,
    Lot,
    LotMove,
    Mandate,
    MandateHolding,
    Payment,
    Receivable,
)
from indexer.reconcile.compare import Context, Difference, missing

_RECEIVABLE = sql_table(Receivable)
_LOT = sql_table(Lot)


async def differences(context: Context) -> AsyncIterator[Difference | None]:
    """`mirror` is what the rows add up to, `chain` what they should by the mirror's own total."""
    for part in (_gaps, _totals, _supplies, _settlement, _payouts, _exposures, _uses, _overused, _closings):
        async for difference in part(context):
            yield difference
        yield None


async def _gaps(context: Context) -> AsyncIterator[Difference]:
    """A live lot must begin where the live lots before it end."""
    before = func.sum(_LOT.c.amount_minor).over(
        partition_by=_LOT.c.receivable, order_by=_LOT.c.first_serial, rows=(None, 0)
    )
    ranges = (
        select(_LOT.c.id, _LOT.c.first_serial, (before - _LOT.c.amount_minor).label("expected"))
        .where(_LOT.c.amount_minor > 0)
        .subquery()
    )
    broken = select(ranges).where(ranges.c.first_serial != ranges.c.expected).order_by(ranges.c.id)
    for lot, first, expected in await context.session.execute(broken):
        yield Difference("lot", str(lot), "first_serial", first, int(expected))


async def _totals(context: Context) -> AsyncIterator[Difference]:
    """Lots to the face, payments to what was paid, claims to what was claimed, hops to the number of lots."""
    sums: tuple[tuple[Table, ColumnElement[Any] | Any, str], ...] = (
        (Lot, func.sum(_LOT.c.amount_minor), "face_minor"),
        (Payment, func.sum(sql_table(Payment).c.principal_minor), "paid_minor"),
        (Payment, func.sum(sql_table(Payment).c.interest_minor), "interest_paid_minor"),
        (
            Claim,
            func.sum(sql_table(Claim).c.principal_minor + sql_table(Claim).c.interest_minor),
            "claimed_minor",
        ),
        (LotMove, func.count(), "lot_count"),
    )
    for model, total, field in sums:
        table = sql_table(model)
        added = select(table.c.receivable, total.label("total")).group_by(table.c.receivable).subquery()
        found = func.coalesce(added.c.total, 0)
        statement = (
            select(_RECEIVABLE.c.id, found, _RECEIVABLE.c[field])
            .outerjoin(added, added.c.receivable == _RECEIVABLE.c.id)
            .where(found != _RECEIVABLE.c[field])
            .order_by(_RECEIVABLE.c.id)
        )
        for receivable, mirrored, expected in await context.session.execute(statement):
            yield Difference("receivable", str(receivable), field, int(mirrored), expected)


async def _supplies(context: Context) -> AsyncIterator[Difference]:
    supply, balance = sql_table(CashSupply), sql_table(CashBalance)
    held = (
        select(balance.c.currency, func.sum(balance.c.amount_minor).label("total"))
        .group_by(balance.c.currency)
        .subquery()
    )
    found = func.coalesce(held.c.total, 0)
    statement = (
        select(supply.c.currency, found, supply.c.amount_minor)
        .outerjoin(held, held.c.currency == supply.c.currency)
        .where(found != supply.c.amount_minor)
    )
    for currency, mirrored, expected in await context.session.execute(statement):
        yield Difference("cash_supply", str(currency), "amount_minor", expected, int(mirrored))


async def _settlement(context: Context) -> AsyncIterator[Difference]:
    """What was paid in and not claimed lies at the settlement contract, to the cent."""
    table, balance = _RECEIVABLE.c, sql_table(CashBalance).c
    unclaimed = func.sum(table.paid_minor + table.interest_paid_minor - table.claimed_minor)
    by_currency = select(table.currency, unclaimed).group_by(table.currency)
    owed = {row[0]: int(row[1]) for row in await context.session.execute(by_currency)}
    holder = context.book.address("Settlement")
    held = select(balance.currency, balance.amount_minor).where(balance.holder == holder)
    holds = {row[0]: row[1] for row in await context.session.execute(held)}
    for currency in sorted(owed.keys() | holds.keys()):
        mirrored, expected = holds.get(currency, 0), owed.get(currency, 0)
        if mirrored != expected:
            yield Difference("cash_balance", f"{holder}/{currency}", "amount_minor", mirrored, expected)


async def _payouts(context: Context) -> AsyncIterator[Difference]:
    """Payouts to one party in a row are one movement of cash, so the sums by party are compared."""
    claim, charge, moved = sql_table(Claim).c, sql_table(ChargePayment).c, sql_table(CashMovement).c
    holder = context.book.address("Settlement")
    nothing, currency = literal(0), _RECEIVABLE.c.currency
    of_claim = claim.receivable == _RECEIVABLE.c.id
    of_charge = charge.receivable == _RECEIVABLE.c.id
    divided = (charge.block_number == claim.block_number) & (charge.log_index == claim.log_index + 1)
    claimed = claim.principal_minor + claim.interest_minor
    parts = union_all(
        select(claim.owner.label("party"), currency, nothing.label("moved"), claimed.label("due"))
        .where(of_claim),
        select(claim.owner, currency, nothing, -charge.amount_minor).where(divided, of_charge),
        select(charge.party, currency, nothing, charge.amount_minor).where(of_charge),
        select(moved.to_party, moved.currency, moved.amount_minor, nothing).where(moved.from_party == holder),
    ).subquery()  # fmt: skip
    found, due = func.sum(parts.c.moved), func.sum(parts.c.due)
    by_party = select(parts.c.party, parts.c.currency, found, due).group_by(parts.c.party, parts.c.currency)
    ordered = by_party.having(found != due).order_by(parts.c.party, parts.c.currency)
    for party, currency, mirrored, expected in await context.session.execute(ordered):
        yield Difference("cash_movement", f"{party}/{currency}", "amount_minor", int(mirrored), int(expected))


async def _exposures(context: Context) -> AsyncIterator[Difference]:
    """Added up here, not in SQL: a mandate's exposure may have all 64 bits."""
    holding, mandate = sql_table(MandateHolding).c, sql_table(Mandate).c
    held: dict[str, int] = {}
    for granted, amount in await context.session.execute(select(holding.mandate, holding.held_minor)):
        held[granted] = held.get(granted, 0) + amount
    rows = await context.session.execute(select(mandate.id, mandate.exposure_minor))
    exposures: dict[str, int] = {row[0]: row[1] for row in rows}
    for granted in sorted(held.keys() | exposures.keys()):
        mirrored, expected = exposures.get(granted), held.get(granted, 0)
        if mirrored is None:
            yield missing(Mandate, granted)
        elif mirrored != expected:
            yield Difference("mandate", granted, "exposure_minor", mirrored, expected)


async def _uses(context: Context) -> AsyncIterator[Difference]:
    bound, released = sql_table(InvoiceBinding).c, sql_table(InvoiceRelease).c
    use = sql_table(InvoiceUse).c
    parts = union_all(
        select(bound.fingerprint, bound.amount_minor.label("amount")),
        select(released.fingerprint, -released.amount_minor),
    ).subquery()
    added = (
        select(parts.c.fingerprint, func.sum(parts.c.amount).label("total"))
        .group_by(parts.c.fingerprint)
        .subquery()
    )
    found = func.coalesce(added.c.total, 0)
    statement = (
        select(use.fingerprint, use.used_minor, found)
        .outerjoin(added, added.c.fingerprint == use.fingerprint)
        .where(found != use.used_minor)
        .order_by(use.fingerprint)
    )
    for fingerprint, mirrored, expected in await context.session.execute(statement):
        yield Difference("invoice_use", fingerprint, "used_minor", mirrored, int(expected))


async def _overused(context: Context) -> AsyncIterator[Difference]:
    use = sql_table(InvoiceUse).c
    statement = select(use.fingerprint, use.used_minor, use.total_minor).where(
        use.used_minor > use.total_minor
    )
    for fingerprint, used, total in await context.session.execute(statement):
        yield Difference("invoice_use", fingerprint, "used_minor", used, total)


async def _closings(context: Context) -> AsyncIterator[Difference]:
    closed_s = _RECEIVABLE.c.closed_s
    statement = (
        select(_LOT.c.id, _LOT.c.closed_s, closed_s)
        .join(_RECEIVABLE, _RECEIVABLE.c.id == _LOT.c.receivable)
        .where(func.coalesce(_LOT.c.closed_s, -1) != func.coalesce(closed_s, -1))
        .order_by(_LOT.c.id)
    )
    for lot, mirrored, expected in await context.session.execute(statement):
        yield Difference("lot", str(lot), "closed_s", mirrored, expected)
