"""Holders are paid out: claims in batches, and the flag that stops a debtor which has not paid."""

from collections.abc import Sequence

from api.http.problems import Problem, define
from api.http.translation import contract_refusal
from api.outbox.models import Lane, Operation, OperationKind
from api.outbox.service import enqueue
from api.receivables.access import entitled_to, visible_receivable
from api.receivables.debt import OPEN, OpenShare, Stop, open_share
from api.receivables.ids import to_lot_id
from api.receivables.title import lot_and_receivable
from api.settlement.schemas import ClaimBody
from api.work import UnitOfWork
from chain import calls
from domain.calendar import days_late
from domain.errors import DuplicateClaim
from domain.ids import LotId, PartyAddress, ReceivableId, receivable_of
from domain.settlement import PaidThrough, default_instant

NOT_YOUR_LOT = define("not-your-lot", 403, "The lot is somebody else's", "凭证段不属于贵方")


async def claim(work: UnitOfWork, body: ClaimBody) -> Operation:
    """Pay out lots of the caller, or lots that it has a charge on; each pays all who have a right to it.

    A lot that gets nothing fails by itself; if none gets anything, the claim is refused as the first one is.

    Raises `not-your-lot`, `settlement.duplicate_claim`, `LedgerUnknownLot`, `LedgerNothingToClaim`,
    `LedgerLotFrozen`, `LedgerReceivableSuspended`.
    """
    lot_ids = [to_lot_id(text) for text in body.lot_ids]
    if len(set(lot_ids)) != len(lot_ids):
        raise DuplicateClaim("each lot may be listed once", place="lot_ids")
    shares = [await _own_share(work, lot_id) for lot_id in lot_ids]
    if not any(share.is_payable for share in shares):
        raise _refusal(lot_ids[0], shares[0])
    return await enqueue(
        work,
        lane=Lane.RELAYER,
        kind=OperationKind.CLAIM,
        call=calls.claim(work.book, lot_ids),
        subject_ref=_subject(lot_ids),
    )


async def flag_overdue(work: UnitOfWork, receivable_id: ReceivableId) -> Operation:
    """Flag a receivable that is due and unpaid: its debtor cannot issue until it has paid."""
    receivable = await visible_receivable(work, receivable_id)
    late = receivable.state in OPEN and days_late(work.now_s, receivable.due_s) > 0
    if receivable.overdue or not late:
        raise contract_refusal("LedgerNotOverdue", receivable=receivable.id, due=receivable.due_s)
    return await enqueue(
        work,
        lane=Lane.RELAYER,
        kind=OperationKind.FLAG_OVERDUE,
        call=calls.flag_overdue(work.book, receivable_id),
        subject_ref=f"receivable:{receivable.id}",
        visible_to=[PartyAddress(receivable.debtor)],
    )


async def declare_default(work: UnitOfWork, receivable_id: ReceivableId) -> Operation:
    """Put a receivable in default that is unpaid when its days of grace are over.

    Raises `not-found` and `LedgerNotInDefault`.
    """
    receivable = await visible_receivable(work, receivable_id)
    from_s = default_instant(receivable.due_s, receivable.grace_days)
    if work.now_s < from_s or receivable.state not in OPEN:
        raise contract_refusal(
            "LedgerNotInDefault", receivable=receivable.id, state=receivable.state, from_=from_s
        )
    return await enqueue(
        work,
        lane=Lane.RELAYER,
        kind=OperationKind.DECLARE_DEFAULT,
        call=calls.declare_default(work.book, receivable_id),
        subject_ref=f"receivable:{receivable.id}",
        visible_to=[PartyAddress(receivable.debtor)],
    )


async def _own_share(work: UnitOfWork, lot_id: LotId) -> OpenShare:
    lot, receivable = await lot_and_receivable(work, lot_id)
    if work.caller.party not in entitled_to(lot):
        raise NOT_YOUR_LOT("its holder claims a lot, or who has a charge on it", lot=str(lot_id))
    return await open_share(work.mirror, receivable, lot)


def _refusal(lot_id: LotId, share: OpenShare) -> Problem:
    if share.share == PaidThrough():
        return contract_refusal("LedgerNothingToClaim", lot=lot_id)
    if share.stop is Stop.FROZEN:
        return contract_refusal("LedgerLotFrozen", lot=lot_id)
    return contract_refusal("LedgerReceivableSuspended", receivable=receivable_of(lot_id))


def _subject(lot_ids: Sequence[LotId]) -> str:
    return f"lot:{lot_ids[0]}" if len(lot_ids) == 1 else f"lots:{lot_ids[0]}+{len(lot_ids) - 1}"
