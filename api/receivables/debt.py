"""What is owed on a receivable and what a lot may claim, from the mirror's rows, by the domain."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from api.db import MirrorSession
from domain.calendar import due_instant
from domain.ids import ReceivableId
from domain.lots import LotRange
from domain.receivable import ReceivableState
from domain.settlement import Debt, PaidThrough, accrue, claimable
from indexer import queries
from indexer.models import Lot, Receivable

PAYABLE: Final = frozenset({ReceivableState.ACTIVE, ReceivableState.SETTLING})
"""States in which the ledger takes a payment."""


@dataclass(frozen=True, slots=True)
class Payoff:
    """What would free the debtor at a time, in minor units; a `Pay` intent has to name `paid_before`."""

    principal_minor: int
    interest_minor: int
    paid_before_minor: int

    @property
    def total_minor(self) -> int:
        return self.principal_minor + self.interest_minor


def payoff(receivable: Receivable, now_s: int) -> Payoff:
    """Principal and interest owed at `now_s`. Raises PaymentOutOfOrder for a time before the last payment."""
    debt = accrue(_debt(receivable), now_s)
    paid = receivable.paid_minor + receivable.interest_paid_minor
    return Payoff(debt.principal_owed, debt.interest_owed, paid)


def payoff_on(receivable: Receivable, day: date) -> Payoff:
    """The same for a payment at any time of a day: interest counts whole days."""
    return payoff(receivable, due_instant(day))


def _debt(receivable: Receivable) -> Debt:
    return Debt(
        face=receivable.face_minor,
        due_s=receivable.due_s,
        interest_through_s=max(receivable.interest_through_s, receivable.due_s),
        paid=receivable.paid_minor,
        interest_owed=receivable.interest_owed_minor,
        interest_paid=receivable.interest_paid_minor,
        late_rate_ppm_per_day=receivable.late_rate_ppm_per_day,
    )


async def open_share(mirror: MirrorSession, receivable: Receivable, lot: Lot) -> PaidThrough:
    """What a claim would pay the lot now, principal and interest in minor units."""
    if lot.amount_minor == 0 or lot.claimed_through == receivable.installments:
        return PaidThrough()
    claimed = PaidThrough()
    if lot.claimed_through:
        claimed = await _paid_through(mirror, ReceivableId(receivable.id), lot.claimed_through)
    paid = PaidThrough(receivable.paid_minor, receivable.interest_paid_minor)
    return claimable(LotRange(lot.first_serial, lot.amount_minor), receivable.face_minor, paid, claimed)


async def _paid_through(mirror: MirrorSession, receivable_id: ReceivableId, installment: int) -> PaidThrough:
    page = await queries.payments(mirror, receivable_id, cursor=str(installment - 1), limit=1)
    return PaidThrough(page.items[0].paid_minor, page.items[0].interest_paid_minor)
