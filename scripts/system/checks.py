"""The mirror against the chain, and cash against itself: for `tally index check` and the story's proof."""

from dataclasses import dataclass

from chain.node import ChainNode
from chain.reader import LedgerReader
from domain.money import currency_by_numeric
from indexer import queries
from indexer.db import make_engine, make_sessions
from indexer.reconcile import Difference, Progress, check


@dataclass(frozen=True, slots=True)
class CashCheck:
    """One currency's cash, minor units: on the chain, in the mirror, and all balances together."""

    currency: str
    chain_minor: int
    mirror_minor: int
    balances_minor: int

    @property
    def holds(self) -> bool:
        """Whether all three are equal."""
        return self.chain_minor == self.mirror_minor == self.balances_minor


@dataclass(frozen=True, slots=True)
class MirrorCheck:
    """What was compared at a block, and what differs."""

    block: int
    fields: int
    differences: tuple[Difference, ...]
    cash: tuple[CashCheck, ...]

    @property
    def cash_holds(self) -> bool:
        """Whether supply equals balances in every currency."""
        return all(one.holds for one in self.cash)


async def check_mirror(
    client: ChainNode, mirror_url: str, on_progress: Progress | None = None
) -> MirrorCheck:
    """Compare everything. Raises MirrorStopped and NodeError."""
    counts: dict[str, int] = {}

    def progress(part: str, compared: int) -> None:
        counts[part] = compared
        if on_progress is not None:
            on_progress(part, compared)

    engine = make_engine(mirror_url, read_only=True)
    try:
        async with make_sessions(engine)() as session:
            differences = await check(client, session, progress)
            position = await queries.position(session)
            block = position.block_number if position else 0
            reader = LedgerReader(client, block)
            cash = [
                CashCheck(
                    currency_by_numeric(row.currency).code,
                    await reader.cash_supply(row.currency),
                    row.supply_minor,
                    row.balances_minor,
                )
                for row in await queries.cash_totals(session)
            ]
    finally:
        await engine.dispose()
    return MirrorCheck(block, sum(counts.values()), tuple(differences), tuple(cash))
