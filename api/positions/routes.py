"""Who held a serial, the tree of a receivable, holdings on a date, exposure by debtor, maturities."""

from typing import Annotated, Final

from fastapi import Path, Query, Request

from api.auth.caller import Scope
from api.deps import Read, needs
from api.http.pagination import PAGE_DEFAULT, CursorQuery, LimitQuery, PageView, page_view
from api.http.problems import VALIDATION_FAILED
from api.http.routing import router
from api.http.schemas import PartyId
from api.positions import service
from api.positions.access import angle_of
from api.positions.moments import AsOfQuery, moment_s
from api.positions.schemas import (
    BranchView,
    ExposureView,
    HoldingSumsView,
    HoldingView,
    MaturityView,
    SerialHolderView,
)
from api.receivables.ids import to_receivable_id
from indexer.queries import Step

RECEIVABLES: Final = router("/receivables", "positions")
HOLDINGS: Final = router("/holdings", "positions")
EXPOSURES: Final = router("/exposures", "positions")
MATURITIES: Final = router("/maturities", "positions")

ROUTERS: Final = (RECEIVABLES, HOLDINGS, EXPOSURES, MATURITIES)

_READERS: Final = needs(
    Scope.READ, Scope.SUBMIT, Scope.CONFIRM, Scope.QUOTE, Scope.FINANCE, Scope.PAY, Scope.AUDIT
)

PartyQuery = Annotated[PartyId | None, Query(description="Whose; the caller's if left out.")]
HolderQuery = Annotated[
    PartyId | None,
    Query(description="On whose lots; the caller's if left out, but all for auditors and the debtor itself."),
]
DebtorQuery = Annotated[PartyId | None, Query(description="Owed by whom; by anybody if left out.")]


@RECEIVABLES.get("/{receivable_id}/serials/{serial}/holder", dependencies=[_READERS])
async def get_holder_of_serial(
    receivable_id: str,
    serial: Annotated[str, Path(pattern=r"^[0-9]{1,18}$", description="Counted from 0 in minor units.")],
    read: Read,
    as_of: AsOfQuery = None,
    block: Annotated[int | None, Query(ge=0, lt=2**63, description="After this block, instead.")] = None,
) -> SerialHolderView:
    """Who held a serial: for the debtor and auditors, and for its holder at that time."""
    if as_of is not None and block is not None:
        raise VALIDATION_FAILED("as_of or block, not both", place="block")
    at_s = moment_s(as_of, read.now_s)
    return await service.holder_of(read, to_receivable_id(receivable_id), int(serial), at_s, block)


@RECEIVABLES.get("/{receivable_id}/tree", dependencies=[_READERS])
async def list_tree_of_receivable(
    receivable_id: str,
    read: Read,
    request: Request,
    cursor: CursorQuery = None,
    limit: LimitQuery = PAGE_DEFAULT,
) -> PageView[BranchView]:
    """Its lots with the hops that made them, emptied ones included, each after the one it was cut from.

    All of them for the debtor and auditors, their own for holders; `trace` tells the story around them.
    """
    branches, next_cursor = await service.tree(read, to_receivable_id(receivable_id), cursor, limit)
    return page_view(request, branches, next_cursor)


@HOLDINGS.get("", dependencies=[_READERS])
async def list_holdings(
    read: Read,
    request: Request,
    party: PartyQuery = None,
    as_of: AsOfQuery = None,
    cursor: CursorQuery = None,
    limit: LimitQuery = PAGE_DEFAULT,
) -> PageView[HoldingView]:
    """What the caller's party held at a time, lot by lot, in receivables that were open then.

    Auditors may name any party.
    """
    at_s = moment_s(as_of, read.now_s)
    held, next_cursor = await service.holdings(read, party, at_s, cursor, limit)
    return page_view(request, held, next_cursor)


@HOLDINGS.get("/sums", dependencies=[_READERS])
async def get_holding_sums(read: Read, party: PartyQuery = None, as_of: AsOfQuery = None) -> HoldingSumsView:
    """What the pages of holdings add up to, one sum a currency."""
    return await service.holding_sums(read, party, moment_s(as_of, read.now_s))


@EXPOSURES.get("", dependencies=[_READERS])
async def list_exposures(
    read: Read,
    request: Request,
    holder: HolderQuery = None,
    debtor: DebtorQuery = None,
    cursor: CursorQuery = None,
    limit: LimitQuery = PAGE_DEFAULT,
) -> PageView[ExposureView]:
    """What debtors owe now, by debtor and currency: on the caller's lots, or what the caller itself owes.

    Who owes nothing is left out.
    """
    angle = angle_of(read.caller, holder, debtor)
    owed, next_cursor = await service.exposures(read, angle, cursor, limit)
    return page_view(request, owed, next_cursor)


@MATURITIES.get("", dependencies=[_READERS])
async def list_maturities(
    read: Read,
    request: Request,
    by: Annotated[Step, Query(description="How long a rung is; weeks begin on Mondays.")] = Step.DAY,
    holder: HolderQuery = None,
    debtor: DebtorQuery = None,
    cursor: CursorQuery = None,
    limit: LimitQuery = PAGE_DEFAULT,
) -> PageView[MaturityView]:
    """When it falls due, by first day and currency: what comes in for the caller, or what it has to pay.

    Past days are late; a rung on which nothing is open is left out.
    """
    angle = angle_of(read.caller, holder, debtor)
    rungs, next_cursor = await service.maturities(read, angle, by, cursor, limit)
    return page_view(request, rungs, next_cursor)
