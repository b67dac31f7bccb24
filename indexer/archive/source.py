"""The archive in the place of what a node no longer has."""

import asyncio
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from chain.address_book import AddressBook
from chain.errors import MalformedAnswer
from chain.logs import BlockRange, Header, RawLog
from chain.node import ChainNode
from indexer.archive.files import BlockLine, Manifest, manifests, read
from indexer.errors import ArchiveRefused
from indexer.fetcher import Source

_NUMBER, _TX_HASH, _TX_INDEX, _CONTRACT, _TOPICS, _DATA = 0, 1, 2, 3, slice(5, 9), 9
"""Where a line has what of an event; the name is at 4, and follows from the rest."""


class ArchivedNode:
    """Blocks through `through` from files, those after it from `after`.

    Ranges are asked for one after the other, as a backfill does; the files are read once. What is in the
    archive can be proven by `prove`.
    """

    def __init__(self, node: ChainNode, folder: Path, after: Source) -> None:
        self._after = after
        self._folder = folder
        self._manifests = manifests(folder)
        require_ours(self._manifests, node.book)
        self.first: Final = self._manifests[0].first_block
        self.through: Final = self._manifests[-1].through_block
        self._lines = self._all()
        self._next = self.first
        self._parent = self._manifests[0].parent_hash
        self._turn = asyncio.Lock()

    async def logs(self, from_block: int, to_block: int) -> BlockRange:
        """As `ChainNode.logs`. The files are believed as far as they follow from their manifests and the
        node's first block after them is the child of their last.
        """
        if from_block > self.through:
            return await self._after(from_block, to_block)
        last = min(to_block, self.through)
        async with self._turn:
            lines = await asyncio.to_thread(self._take, from_block, last)
            archived = range_of(lines, self._parent)
            self._parent = lines[-1].hash
        if last == to_block:
            return archived
        rest = await self._after(last + 1, to_block)
        if rest.headers[0].parent_hash != archived.headers[-1].hash:
            raise ArchiveRefused(f"the node's block {last + 1} is not the child of the archive's last")
        return BlockRange(archived.headers + rest.headers, archived.logs + rest.logs, rest.sealings)

    def _all(self) -> Iterator[BlockLine]:
        for manifest in self._manifests:
            yield from read(self._folder, manifest)

    def _take(self, first: int, last: int) -> list[BlockLine]:
        if first < self._next:
            self._lines, self._next, self._parent = self._all(), self.first, self._manifests[0].parent_hash
        for line in islice(self._lines, first - self._next):
            self._parent = line.hash
        lines = list(islice(self._lines, last - first + 1))
        if not lines or (lines[0].number, lines[-1].number) != (first, last):
            raise MalformedAnswer(f"the archive does not have the blocks from {first} to {last}")
        self._next = last + 1
        return lines


def require_ours(found: list[Manifest], book: AddressBook) -> None:
    """There are manifests, and all are of this deployment, or ArchiveRefused."""
    if not found:
        raise ArchiveRefused("there is no archive in this folder")
    ours = (book.chain_id, book.genesis_hash, book.address("Ledger"))
    for manifest in found:
        if (manifest.chain_id, manifest.genesis_hash, manifest.ledger) != ours:
            raise ArchiveRefused(f"{manifest.name} is of another chain or deployment")


def range_of(lines: list[BlockLine], parent_hash: str) -> BlockRange:
    """Lines as a node would tell them; `parent_hash` is of the block before the first."""
    headers: list[Header] = []
    for line in lines:
        headers.append(Header(line.number, line.hash, parent_hash, line.time_s))
        parent_hash = line.hash
    return BlockRange(tuple(headers), tuple(_log(line, event) for line in lines for event in line.events))


def _log(line: BlockLine, event: list[int | str | None]) -> RawLog:
    return RawLog(
        address=str(event[_CONTRACT]).lower(),
        topics=tuple(str(topic) for topic in event[_TOPICS] if topic is not None),
        data=str(event[_DATA]),
        block_number=line.number,
        block_hash=line.hash,
        transaction_hash=str(event[_TX_HASH]),
        transaction_index=int(event[_TX_INDEX] or 0),
        log_index=int(event[_NUMBER] or 0),
    )
