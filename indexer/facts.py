"""Rows of facts, in the order of their tables' columns: what the node said, undecoded."""

from chain.logs import Header, RawLog
from indexer.changes import Row

_TOPICS_MAX = 4


def block_row(header: Header) -> Row:
    """A row of `ChainBlock`."""
    return header.number, header.hash, header.parent_hash, header.timestamp


def event_row(log: RawLog, contract: str, name: str) -> Row:
    """A row of `ChainEvent`; `contract` is the log's address in its checksummed spelling."""
    return (
        log.block_number,
        log.log_index,
        log.transaction_hash,
        log.transaction_index,
        contract,
        name,
        *log.topics,
        *(None,) * (_TOPICS_MAX - len(log.topics)),
        log.data,
    )
