"""The archive held against the chain: every header hashed anew, every receipts root computed anew."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from chain.logs import BlockRange
from chain.node import ChainNode
from indexer.archive.files import BlockLine, Manifest, manifests, read
from indexer.archive.source import range_of, require_ours
from indexer.errors import ArchiveRefused

_BLOCKS_AT_ONCE = 50

Progress = Callable[[int, int], None]


async def prove(node: ChainNode, folder: Path, on_progress: Progress | None = None) -> list[Manifest]:
    """Every event of the archive is on the chain at its place, and no event of ours is missing.

    The node has to have the receipts of those blocks. Raises ArchiveRefused with the first difference, and
    MalformedAnswer where a block of the node does not prove itself.
    """
    found = await asyncio.to_thread(manifests, folder)
    require_ours(found, node.book)
    for manifest in found:
        lines = read(folder, manifest)
        parent = manifest.parent_hash
        while some := await asyncio.to_thread(_some, lines):
            archived = range_of(some, parent)
            proven = await node.proven_logs(some[0].number, some[-1].number)
            _require_equal(manifest, archived, proven)
            parent = some[-1].hash
            if on_progress is not None:
                on_progress(some[-1].number, found[-1].through_block)
    return found


def _require_equal(manifest: Manifest, archived: BlockRange, proven: BlockRange) -> None:
    for mine, header in zip(archived.headers, proven.headers, strict=True):
        if (mine.hash, mine.parent_hash, mine.timestamp) != (
            header.hash,
            header.parent_hash,
            header.timestamp,
        ):
            raise ArchiveRefused(f"{manifest.name}: the chain has another block {mine.number}")
    if archived.logs != proven.logs:
        raise ArchiveRefused(
            f"{manifest.name}: the chain has other events in blocks {archived.headers[0].number} to "
            f"{archived.headers[-1].number}"
        )


def _some(lines: Iterator[BlockLine]) -> list[BlockLine]:
    return list(islice(lines, _BLOCKS_AT_ONCE))
