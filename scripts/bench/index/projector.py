"""What the mirror makes of the flat load: each event a fact, and two projections."""

from chain.address_book import AddressBook
from chain.logs import BlockRange, RawLog
from chain.text import checksum
from indexer.changes import Changes, Fact, Row
from indexer.facts import event_row
from indexer.projector import batch_of
from indexer.queries.position import Position
from indexer.store import Batch
from scripts.bench.index.flat import Recorded
from scripts.bench.index.tables import FlatLatest, FlatTotal


class FlatProjector:
    """Takes the place of `indexer.projector.Projector` in a worker."""

    def __init__(self, book: AddressBook) -> None:
        self._contract = book.address("Ledger")

    async def project(self, after: Position, blocks: BlockRange) -> Batch:
        """The batch from `after` through the last block of the range. Raises Reorganised and DecodeError."""
        return await batch_of(after, blocks, self._mirror)

    def _mirror(self, log: RawLog, time_s: int, changes: Changes) -> Row:
        event = Recorded.decode(log.topics, log.data)
        fact = Fact(log.block_number, log.log_index, time_s, log.transaction_hash, self._contract)
        party = checksum(event.party)
        changes.put(fact, FlatLatest, id=event.id, party=party, amount_minor=event.amount)
        changes.add(fact, FlatTotal, {"party": party}, event.amount)
        return event_row(log, self._contract, "Recorded")
