"""What the mirror makes of the flat load: each event a fact, and two projections."""

from chain.address_book import AddressBook
from chain.logs import BlockRange, RawLog
from chain.text import checksum, word_bytes
from indexer.changes import Changes, Columns, Fact
from indexer.projector import reorganised
from indexer.queries.position import Position
from indexer.store import Batch
from scripts.bench.index.flat import Recorded
from scripts.bench.index.tables import FlatLatest, FlatTotal


class FlatProjector:
    """Takes the place of `indexer.projector.Projector` in a worker."""

    def __init__(self, book: AddressBook) -> None:
        self._contract = book.address("Ledger")

    def project(self, after: Position, blocks: BlockRange) -> Batch:
        """The batch from `after` through the last block of the range. Raises Reorganised and DecodeError."""
        if blocks.headers[0].parent_hash != after.block_hash:
            raise reorganised(after, blocks.headers[0].parent_hash)
        times = {header.number: header.timestamp for header in blocks.headers}
        changes = Changes()
        events = [self._mirror(log, times[log.block_number], changes) for log in blocks.logs]
        last = blocks.headers[-1]
        return Batch(
            after=after,
            through=Position(last.number, last.hash, last.timestamp),
            blocks=[
                {
                    "number": one.number,
                    "hash": one.hash,
                    "parent_hash": one.parent_hash,
                    "time_s": one.timestamp,
                }
                for one in blocks.headers
            ],
            events=events,
            changes=changes,
        )

    def _mirror(self, log: RawLog, time_s: int, changes: Changes) -> Columns:
        event = Recorded.decode([word_bytes(topic) for topic in log.topics], word_bytes(log.data))
        fact = Fact(log.block_number, log.log_index, time_s, log.transaction_hash, self._contract)
        party = checksum(event.party)
        changes.put(fact, FlatLatest, id=event.id, party=party, amount_minor=event.amount)
        changes.add(fact, FlatTotal, {"party": party}, event.amount)
        return {
            "block_number": log.block_number,
            "log_index": log.log_index,
            "tx_hash": log.transaction_hash,
            "tx_index": log.transaction_index,
            "contract": self._contract,
            "name": "Recorded",
            "topic0": log.topics[0],
            "topic1": log.topics[1],
            "topic2": log.topics[2],
            "topic3": log.topics[3],
            "data": log.data,
        }
