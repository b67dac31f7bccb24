"""The five questions, each for one caller: suppliers see their own, banks their exposure, auditors all."""

from collections.abc import Sequence

from api.auth.visibility import require_visible
from api.http.problems import NOT_FOUND
from api.http.translation import contract_refusal
from api.parties.refs import PartyRef, names_of
from api.positions.access import Angle, visible_holder
from api.positions.schemas import (
    BranchView,
    ExposureView,
    HoldingSumsView,
    HoldingView,
    MaturityView,
    SerialHolderView,
)
from api.receivables.access import sees_all_lots, visible_receivable
from api.work import Reading
from domain.ids import PartyAddress, ReceivableId
from indexer import queries
from indexer.queries import Exposure, Holder, Page, Step, UnknownSerial


async def holder_of(
    read: Reading, receivable_id: ReceivableId, serial: int, at_s: int, block_number: int | None
) -> SerialHolderView:
    """Who held a serial at a time, or after a block.

    Raises `LensSerialOutOfRange`, and `not-found` where the receivable was not issued yet or another held it.
    """
    receivable = await visible_receivable(read, receivable_id)
    try:
        if block_number is None:
            holder = await queries.holder_at(read.mirror, receivable_id, serial, at_s)
        else:
            block_number = min(block_number, await _last_block(read))
            holder = await queries.holder_at_block(read.mirror, receivable_id, serial, block_number)
    except UnknownSerial as error:
        raise contract_refusal(
            "LensSerialOutOfRange", receivable=receivable_id, serial=serial, face=receivable.face_minor
        ) from error
    if holder is None:
        raise NOT_FOUND("nobody held it then: the receivable came later")
    _require_shown(read, holder, PartyAddress(receivable.debtor))
    return SerialHolderView.of(
        holder,
        await names_of(read.session, holder.party),
        receivable_id=receivable_id,
        serial=serial,
        at_s=at_s if block_number is None else None,
        block_number=block_number,
    )


async def tree(
    read: Reading, receivable_id: ReceivableId, cursor: str | None, limit: int
) -> tuple[list[BranchView], str | None]:
    """A page of the lots that the caller sees, each after the one it was cut from. Raises `not-found`."""
    receivable = await visible_receivable(read, receivable_id)
    sees_all = sees_all_lots(read.caller, receivable)
    holder = None if sees_all else read.caller.party
    page = await queries.tree_of(read.mirror, receivable_id, holder=holder, cursor=cursor, limit=limit)
    givers = (branch.hop.from_party for branch in page.items if branch.hop)
    names = await names_of(read.session, *(branch.lot.owner for branch in page.items), *givers)
    party = read.caller.party
    branches = [
        BranchView.of(
            branch,
            receivable.currency,
            names,
            shows_giver=sees_all
            or (branch.hop is not None and party in (branch.hop.from_party, branch.hop.to_party)),
        )
        for branch in page.items
    ]
    return branches, page.next_cursor


async def holdings(
    read: Reading, party: str | None, at_s: int, cursor: str | None, limit: int
) -> tuple[list[HoldingView], str | None]:
    """A page of what a party held. Raises `not-found` for a party that is none of the caller's business."""
    holder = visible_holder(read.caller, party)
    page = await queries.holdings_at(read.mirror, holder, at_s, cursor=cursor, limit=limit)
    names = await names_of(read.session, *(holding.debtor for holding in page.items))
    return [HoldingView.of(holding, names) for holding in page.items], page.next_cursor


async def holding_sums(read: Reading, party: str | None, at_s: int) -> HoldingSumsView:
    """What all of it came to. Raises `not-found` as `holdings`."""
    holder = visible_holder(read.caller, party)
    sums = await queries.holding_sums_at(read.mirror, holder, at_s)
    names = await names_of(read.session, holder)
    return HoldingSumsView.at(PartyRef.of(holder, names), at_s, sums)


async def exposures(
    read: Reading, angle: Angle, cursor: str | None, limit: int
) -> tuple[list[ExposureView], str | None]:
    """A page of what debtors owe, on one holder's lots or in all."""
    page = await _exposures(read, angle, cursor, limit)
    names = await names_of(read.session, *(exposure.debtor for exposure in page.items))
    return [ExposureView.of(exposure, names) for exposure in page.items], page.next_cursor


async def maturities(
    read: Reading, angle: Angle, step: Step, cursor: str | None, limit: int
) -> tuple[Sequence[MaturityView], str | None]:
    """A page of the ladder."""
    page = await queries.maturities(
        read.mirror, step, debtor=angle.debtor, holder=angle.holder, cursor=cursor, limit=limit
    )
    return [MaturityView.of(maturity) for maturity in page.items], page.next_cursor


async def _exposures(read: Reading, angle: Angle, cursor: str | None, limit: int) -> Page[Exposure]:
    if angle.holder is None:
        return await queries.exposures(
            read.mirror, read.now_s, debtor=angle.debtor, cursor=cursor, limit=limit
        )
    return await queries.exposures_of_holder(
        read.mirror, angle.holder, read.now_s, debtor=angle.debtor, cursor=cursor, limit=limit
    )


async def _last_block(read: Reading) -> int:
    here = await queries.position(read.mirror)
    return here.block_number if here else 0


def _require_shown(read: Reading, holder: Holder, debtor: PartyAddress) -> None:
    require_visible(read.caller, [PartyAddress(holder.party), debtor], "holder of that serial")
