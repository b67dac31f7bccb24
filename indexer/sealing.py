"""Who the validators are, block after block, from those that the operator knows; and a record of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from chain.errors import BlockNotSealed, SealsInsufficient
from chain.node import ChainNode
from chain.proof.qbft import Sealing, require_succession
from indexer.changes import Columns
from indexer.db import make_sessions
from indexer.fetcher import Source
from indexer.models import ValidatorSet
from indexer.queries.position import Position
from indexer.queries.seals import validator_set_at
from indexer.store import Batch


@dataclass(frozen=True, slots=True)
class Proofs:
    """What a block has to prove before it is mirrored: with `receipts` that nothing of it is missing or
    changed; with `validators`, those of the first block that is checked, also that enough of its validators
    sealed it.
    """

    receipts: bool = False
    validators: Collection[str] = ()


NO_PROOFS: Final = Proofs()


def source_of(client: ChainNode, proofs: Proofs) -> Source:
    """What gives ranges of blocks with what they have to prove."""
    if proofs.validators:
        return client.sealed_logs
    return client.proven_logs if proofs.receipts else client.logs


class SealedChain:
    """Checks that each block was sealed by the validators of the one before it, or whom they voted on.

    `trusted` are those of the first block that is checked. Afterwards the record (`ValidatorSet`) says how
    far the checks have come, and the block there, whose hash the mirror has, says who its validators were.
    Where blocks were mirrored without a check in between, `trusted` are asked for again.
    """

    def __init__(self, client: ChainNode, engine: AsyncEngine, trusted: Collection[str]) -> None:
        self._client = client
        self._engine = engine
        self._trusted = tuple(sorted({validator.lower() for validator in trusted}))
        self._at: Position | None = None
        self._before = Sealing(self._trusted, self._trusted)
        self._row: Columns | None = None

    async def follow(self, batch: Batch, sealings: Sequence[Sealing]) -> None:
        """Check the last blocks of a batch, as many as have a sealing, and write into it which are checked.
        Those before are of the archive.

        Raises BlockNotSealed, and the errors of a node.
        """
        if self._at != batch.after:
            await self._go_to(batch.after)
        before, row = self._before, self._row and dict(self._row)
        for number, sealing in enumerate(sealings, batch.through.block_number - len(sealings) + 1):
            try:
                require_succession(before, sealing, number)
            except SealsInsufficient as error:
                raise BlockNotSealed(error.message, values=error.values) from error
            if row is None or sealing.validators != before.validators:
                row = {"first_block": number, "addresses": " ".join(sealing.validators)}
            row["last_block"] = number
            batch.changes.puts[ValidatorSet][(row["first_block"],)] = row
            before = sealing
        self._at, self._before, self._row = batch.through, before, row

    async def _go_to(self, position: Position) -> None:
        """Where the checks stand: at the start, on another branch, after a batch that was not written."""
        async with make_sessions(self._engine)() as session:
            found = await validator_set_at(session, position.block_number)
        if found is None:
            self._row, self._before = None, Sealing(self._trusted, self._trusted)
        else:
            self._row = {"first_block": found.first_block, "addresses": found.addresses}
            self._before = await self._client.sealing(position.block_number, position.block_hash)
