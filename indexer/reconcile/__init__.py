"""The mirror against the chain, field by field, as of one block; and the mirror against its own sums.

What the contracts can list (receivables, lots, rules) is compared both ways; of the rest every mirrored row
is looked up. A row that the mirror never got is found by `indexer.rebuild`, which reads every event again.
"""

from collections.abc import AsyncIterator, Callable
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from chain.node import ChainNode
from indexer.db import hold_snapshot
from indexer.projector import reorganised
from indexer.queries import position
from indexer.reconcile import cash, financing, governance, histories, invoices, parties, receivables, sums
from indexer.reconcile.compare import Context, Difference, Found

DIFFERENCES_MAX: Final = 1_000
"""A mirror that is wrong in more places than this needs a rebuild, not a longer list."""

Progress = Callable[[str, int], None]

_PARTS: Final[dict[str, Callable[[Context], AsyncIterator[Found]]]] = {
    "parties": parties.differences,
    "receivables": receivables.differences,
    "financing": financing.differences,
    "invoices": invoices.differences,
    "cash": cash.differences,
    "governance": governance.differences,
    "sums": sums.differences,
    "histories": histories.differences,
}

__all__ = ["DIFFERENCES_MAX", "Difference", "Progress", "check"]


async def check(
    client: ChainNode, session: AsyncSession, on_progress: Progress | None = None
) -> list[Difference]:
    """Every difference at the mirror's own block, at most DIFFERENCES_MAX; none for an empty mirror.

    `on_progress(part, fields compared so far)` is called as it goes. The session should be of a read-only
    engine: it keeps one snapshot throughout, so a worker may go on writing. Raises Reorganised where the node
    has another block there, and the errors of a node.
    """
    context = await _context(client, session)
    found: list[Difference] = []
    if context is None:
        return found
    for part, compare in _PARTS.items():
        compared = 0
        async for one in compare(context):
            if isinstance(one, Difference):
                found.append(one)
            compared += one if isinstance(one, int) else 1
            if len(found) >= DIFFERENCES_MAX:
                return found
            if on_progress is not None:
                on_progress(part, compared)
    return found


async def _context(client: ChainNode, session: AsyncSession) -> Context | None:
    await hold_snapshot(session)
    here = await position(session)
    if here is None:
        return None
    header = await client.header(here.block_number)
    if header is None or header.hash != here.block_hash:
        raise reorganised(here, header.hash if header else "nothing")
    return Context(client, session, here.block_number)
