"""Who sees a receivable and which of its lots: competing suppliers see nothing of each other.

The debtor owes every lot and sees all of them, and so does an auditor. Anybody else sees the receivables it
is or was creditor or holder of, and in them its own lots only.
"""

from api.auth.caller import Caller, Scope
from api.auth.visibility import may_see, require_visible
from api.http.problems import NOT_FOUND
from api.work import Reading
from domain.ids import LOT_INDEX_BITS, ZERO_ADDRESS, LotId, PartyAddress, ReceivableId, receivable_of
from indexer import queries
from indexer.models import Lot, Receivable
from indexer.queries import Page


async def visible_receivable(work: Reading, receivable_id: ReceivableId) -> Receivable:
    """The receivable, if the caller has or had to do with it. Raises `not-found`."""
    receivable = await queries.receivable(work.mirror, receivable_id)
    if receivable is None or not await _concerns(work, receivable):
        raise NOT_FOUND("no such receivable")
    return receivable


async def visible_lot(work: Reading, lot_id: LotId) -> Lot:
    """The lot, for its holder, its chargee, the debtor and auditors. Raises `not-found`."""
    lot = await queries.lot(work.mirror, lot_id)
    receivable = await queries.receivable(work.mirror, receivable_of(lot_id))
    if lot is None or receivable is None:
        raise NOT_FOUND("no such lot")
    require_visible(work.caller, [*entitled_to(lot), PartyAddress(receivable.debtor)], "lot")
    return lot


def entitled_to(lot: Lot) -> list[PartyAddress]:
    """Who has a right to the lot's money: its holder, and its chargee if there is a charge."""
    return [PartyAddress(party) for party in (lot.owner, lot.chargee) if party != ZERO_ADDRESS]


async def list_receivables(
    work: Reading, role: str | None, cursor: str | None, limit: int
) -> Page[Receivable]:
    """The receivables of the caller in one role, or in any; an auditor who names no role sees all."""
    party = work.caller.party
    if role is None and work.caller.has(Scope.AUDIT):
        return await queries.receivables(work.mirror, cursor=cursor, limit=limit)
    return await queries.receivables(
        work.mirror,
        debtor=party if role in (None, "debtor") else None,
        creditor=party if role in (None, "creditor") else None,
        holder=party if role in (None, "holder") else None,
        cursor=cursor,
        limit=limit,
    )


def sees_all_lots(caller: Caller, receivable: Receivable) -> bool:
    """Whether nothing of this receivable is hidden from the caller."""
    return may_see(caller, [PartyAddress(receivable.debtor)])


async def visible_lots(work: Reading, receivable: Receivable, cursor: str | None, limit: int) -> Page[Lot]:
    """The lots of a receivable that the caller sees, emptied ones included, by id."""
    receivable_id = ReceivableId(receivable.id)
    if sees_all_lots(work.caller, receivable):
        return await queries.lots_of_receivable(work.mirror, receivable_id, cursor=cursor, limit=limit)
    return await _own_lots(work, receivable_id, cursor, limit)


async def _concerns(work: Reading, receivable: Receivable) -> bool:
    if may_see(work.caller, _ends(receivable)):
        return True
    return bool((await _own_lots(work, ReceivableId(receivable.id), None, 1)).items)


def _ends(receivable: Receivable) -> list[PartyAddress]:
    return [PartyAddress(receivable.debtor), PartyAddress(receivable.creditor)]


async def _own_lots(work: Reading, receivable_id: ReceivableId, cursor: str | None, limit: int) -> Page[Lot]:
    """Lot ids begin with their receivable's id, so a receivable's lots are neighbours among all that a party
    holds.
    """
    start = cursor or str(receivable_id << LOT_INDEX_BITS)
    page = await queries.lots_held_by(
        work.mirror, work.caller.party, live_only=False, cursor=start, limit=limit
    )
    own = [lot for lot in page.items if lot.receivable == receivable_id]
    return Page(own, page.next_cursor if len(own) == len(page.items) else None)
