"""Ranges of blocks from the node, as large as it takes them and never one block left out."""

from chain.client import LedgerClient
from chain.errors import NodeError
from chain.logs import BlockRange

BLOCKS_MAX = 2_000
LOGS_WANTED = 8_000
"""Logs in a batch: enough to write in bulk, few enough to hold in memory."""

_BLOCKS_FIRST = 50
_GROWTH_MAX = 10


class Fetcher:
    """Fits the size of a range to what the last one held; halves it when the node fails, down to one."""

    def __init__(self, client: LedgerClient) -> None:
        self._client = client
        self._blocks = _BLOCKS_FIRST

    async def fetch(self, first: int, last: int) -> BlockRange:
        """A range that begins at `first` and ends at `last` or before it.

        Raises NodeError if even one block alone cannot be had; asking again starts at the same block.
        """
        while True:
            size = min(self._blocks, last - first + 1)
            try:
                blocks = await self._client.logs(first, first + size - 1)
            except NodeError:
                if size == 1:
                    raise
                self._blocks = size // 2
                continue
            self._adapt(size, len(blocks.logs))
            return blocks

    def _adapt(self, size: int, logs: int) -> None:
        wanted = size * LOGS_WANTED // logs if logs else BLOCKS_MAX
        self._blocks = max(1, min(wanted, self._blocks * _GROWTH_MAX, BLOCKS_MAX))
