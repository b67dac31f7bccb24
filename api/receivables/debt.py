"""What is owed on a receivable and what a lot may claim, from the mirror's rows, by the domain."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from api.db import MirrorSession
from domain.calendar import due_instant
from domain.ids import ReceivableId
from domain.lots import LotFlag, LotRange
from domain.receivable import ReceivableState
from domain.settlement import Debt, PaidThrough, accrue, claimable, entitled, to_bank, to_pledgee
from indexer import queries
from indexer.models import Lot, Receivable

OPEN: Final = frozenset({ReceivableState.ACTIVE, ReceivableState.SETTLING})
"""States in which a receivable can become overdue and go into default."""

PAYABLE: Final = OPEN | {ReceivableState.SUSPENDED, ReceivableState.DEFAULTED}
"""States in which the ledger takes a payment: also under an order and after default."""

CHARGED: Final = LotFlag.PLEDGED | LotFlag.RECOURSE
"""Flags of a lot whose money is not its owner's alone."""


@dataclass(frozen=True, slots=True)
class Payoff:
    """What would free the debtor at a time, in minor units; a `Pay` intent has to name `paid_before`."""

    principal_minor: int
    interest_minor: int
    paid_before_minor: int

    @property
    def total_minor(self) -> int:
        return self.principal_minor + self.interest_minor


class Stop(StrEnum):
    """Why what a lot is entitled to is not paid out yet."""

    FROZEN = "frozen"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class OpenShare:
    """What a lot is entitled to and has not received, and how much of it goes to its chargee, minor units.

    Where there is a `stop` it waits: nobody else gets it meanwhile.
    """

    share: PaidThrough
    to_chargee_minor: int = 0
    stop: Stop | None = None

    @property
    def to_holder_minor(self) -> int:
        return self.share.principal + self.share.interest - self.to_chargee_minor

    @property
    def is_payable(self) -> bool:
        """Whether a claim pays anything now."""
        return self.share != PaidThrough() and self.stop is None


def payoff(receivable: Receivable, now_s: int) -> Payoff:
    """Principal and interest owed at `now_s`, nothing where no payment is taken any more.

    Raises PaymentOutOfOrder for a time before the last payment.
    """
    paid = receivable.paid_minor + receivable.interest_paid_minor
    if receivable.state not in PAYABLE:
        return Payoff(0, 0, paid)
    debt = accrue(_debt(receivable), now_s)
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


async def open_share(mirror: MirrorSession, receivable: Receivable, lot: Lot) -> OpenShare:
    """What a claim would pay for the lot now, and to whom."""
    if lot.amount_minor == 0 or lot.claimed_through == receivable.installments:
        return OpenShare(PaidThrough())
    claimed = PaidThrough()
    if lot.claimed_through:
        claimed = await _paid_through(mirror, ReceivableId(receivable.id), lot.claimed_through)
    return divided(receivable, lot, claimed)


def divided(receivable: Receivable, lot: Lot, claimed: PaidThrough) -> OpenShare:
    """The open share of a lot that has received its part of all payments through the totals `claimed`."""
    paid = PaidThrough(receivable.paid_minor, receivable.interest_paid_minor)
    held, face = LotRange(lot.first_serial, lot.amount_minor), receivable.face_minor
    written_off = receivable.state == ReceivableState.WRITTEN_OFF
    share = claimable(held, face, paid, claimed, written_off=written_off)
    if not lot.flags & CHARGED:
        return OpenShare(share, stop=_stop(receivable, lot))
    now = entitled(held, face, paid, final=written_off or paid.principal == face)
    before = entitled(held, face, claimed, final=False)
    return OpenShare(share, _to_chargee(lot, now) - _to_chargee(lot, before), _stop(receivable, lot))


def _to_chargee(lot: Lot, received: PaidThrough) -> int:
    """What a chargee has in all of a lot that received so much in all."""
    if lot.flags & LotFlag.PLEDGED:
        return to_pledgee(received, lot.secured_minor)
    return received.principal + received.interest - to_bank(received, lot.secured_minor, lot.amount_minor)


def _stop(receivable: Receivable, lot: Lot) -> Stop | None:
    if lot.flags & LotFlag.FROZEN:
        return Stop.FROZEN
    return Stop.SUSPENDED if receivable.state == ReceivableState.SUSPENDED else None


async def _paid_through(mirror: MirrorSession, receivable_id: ReceivableId, installment: int) -> PaidThrough:
    page = await queries.payments(mirror, receivable_id, cursor=str(installment - 1), limit=1)
    return PaidThrough(page.items[0].paid_minor, page.items[0].interest_paid_minor)
