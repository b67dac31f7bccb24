"""An indexer as a process of its own, for tests that kill it: `DATABASE RPC_URL BOOK_FILE`.

It says `started` before its first look at the database, mirrors one block a transaction and says each number,
so that the test can kill it in the middle of something.
"""

import asyncio
import sys
from pathlib import Path

from chain.address_book import AddressBook
from chain.client import LedgerClient
from indexer import fetcher
from indexer.db import make_engine
from indexer.lock import writer_lock
from indexer.schema import migrate
from indexer.worker import MirrorWorker


async def mirror(url: str, rpc_url: str, book: AddressBook) -> None:
    """Catch up with the chain and end."""
    engine = make_engine(url)
    async with await LedgerClient.connect(rpc_url, book) as client, writer_lock(engine):
        await MirrorWorker(client, engine).catch_up(
            on_progress=lambda position, _: say(str(position.block_number))
        )
    await engine.dispose()


def say(line: str) -> None:
    """A line for the test, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Run as `python -m tests.support.mirror_process`."""
    url, rpc_url, book_file = sys.argv[1:]
    book = AddressBook.read(Path(book_file))
    fetcher.BLOCKS_MAX = 1
    fetcher._BLOCKS_FIRST = 1
    say("started")
    migrate(url)
    asyncio.run(mirror(url, rpc_url, book))


if __name__ == "__main__":
    main()
