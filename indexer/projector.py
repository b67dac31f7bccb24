"""From a checked range of blocks to one batch: every log decoded, every event handled, nothing skipped."""

import asyncio
from collections.abc import Callable
from typing import Any

from chain.abi import Event
from chain.address_book import AddressBook
from chain.bindings.tables import EVENTS
from chain.errors import DecodeError
from chain.logs import BlockRange, Header, RawLog
from chain.text import word_text
from chain.translate import Translator
from indexer.changes import Changes, Fact, Row
from indexer.errors import REBUILD_COMMAND, Reorganised, UnreadableFact
from indexer.facts import block_row, event_row
from indexer.handlers import HANDLERS
from indexer.handlers.governance import ROLE_EVENTS
from indexer.queries.position import Position
from indexer.store import Batch

_LOGS_A_TURN = 250
"""After so many logs others get a turn: the batch before this one is being written meanwhile."""


class Projector:
    """Knows the contracts of one deployment."""

    def __init__(self, book: AddressBook) -> None:
        self._translator = Translator(book)
        self._addresses = {entry.address.lower(): entry.address for _, entry in book.entries()}
        self._currencies = {entry.address: currency for currency, entry in book.cash.items()}
        self._names: dict[tuple[str, str], str] = {
            (entry.address.lower(), word_text(topic0)): binding.__name__
            for contract, entry in book.entries()
            for topic0, binding in EVENTS[contract].items()
        }

    async def project(self, after: Position, blocks: BlockRange) -> Batch:
        """The batch that takes the mirror from `after` through the last block of the range.

        Raises Reorganised where the range does not continue `after`, UnreadableFact and InconsistentEvents.
        """
        return await batch_of(after, blocks, self._mirror)

    def _mirror(self, log: RawLog, time_s: int, changes: Changes) -> Row:
        """Write what follows from the log into `changes`; the answer is the row of the fact itself."""
        event = self._decoded(log)
        contract = self._addresses[log.address]
        if event is not None:
            fact = Fact(
                block_number=log.block_number,
                log_index=log.log_index,
                time_s=time_s,
                tx_hash=log.transaction_hash,
                contract=contract,
                currency=self._currencies.get(contract, 0),
            )
            HANDLERS[type(event)](event, fact, changes)
        return event_row(log, contract, self._names[log.address, log.topics[0]])

    def _decoded(self, log: RawLog) -> Any:
        try:
            event = self._translator.translate(log)
            if event is not None:
                return event
            return _role_event(log)
        except DecodeError as error:
            raise UnreadableFact(
                f"block {log.block_number}, log {log.log_index}: {error}; the contracts are newer than this "
                f"software: install the version that knows them, then run {REBUILD_COMMAND}"
            ) from error


def _role_event(log: RawLog) -> Event | None:
    kind = ROLE_EVENTS.get(log.topics[0])
    return kind.decode(log.topics, log.data) if kind else None


async def batch_of(
    after: Position, blocks: BlockRange, mirror: Callable[[RawLog, int, Changes], Row]
) -> Batch:
    """The batch of a range; `mirror(log, time_s, changes)` gives the row of a log's fact.

    Raises Reorganised where the range does not continue `after`, and what `mirror` raises.
    """
    _require_continuation(after, blocks.headers[0])
    times = {header.number: header.timestamp for header in blocks.headers}
    changes = Changes()
    events: list[Row] = []
    for first in range(0, len(blocks.logs), _LOGS_A_TURN):
        logs = blocks.logs[first : first + _LOGS_A_TURN]
        events += [mirror(log, times[log.block_number], changes) for log in logs]
        await asyncio.sleep(0)
    last = blocks.headers[-1]
    return Batch(
        after=after,
        through=Position(last.number, last.hash, last.timestamp),
        blocks=[block_row(header) for header in blocks.headers],
        events=events,
        changes=changes,
    )


def _require_continuation(after: Position, first: Header) -> None:
    if first.number != after.block_number + 1 or first.parent_hash != after.block_hash:
        raise reorganised(after, first.parent_hash)


def reorganised(mirrored: Position, found_hash: str) -> Reorganised:
    """The error for a node whose block at the mirrored number is another one."""
    return Reorganised(
        f"the mirror has block {mirrored.block_number} as {mirrored.block_hash}, the node as {found_hash}; "
        f"nothing was changed. If the node is right, run {REBUILD_COMMAND}; if not, point the mirror at the "
        "right node"
    )
