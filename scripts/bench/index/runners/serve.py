"""The API, for what is measured of its event stream from outside: with the indexer in it, or alone.

Its first line on standard output is `Serving`.
"""

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import msgspec
from pydantic import SecretStr

from api.app import create_app
from api.auth.caller import Scope
from api.bootstrap import build, mint_api_key
from api.settings import Settings
from domain.ids import ZERO_ADDRESS
from indexer.db import make_engine
from indexer.feed import MirrorFeed
from indexer.worker import MirrorWorker
from scripts.bench.index.task import Task
from scripts.system.server import serving

STREAMS: Final = 1_000


class Serving(msgspec.Struct, frozen=True):
    """Where it listens, and a key that sees everything."""

    url: str
    api_key: str


async def serve(task: Task, folder: Path, *, indexing: bool) -> None:
    """For ever. `folder` is for the API's own tables where the mirror is a file."""
    is_file = task.database.startswith("sqlite")
    settings = Settings(
        _env_file=None,
        app_database_url=SecretStr(f"sqlite+aiosqlite:///{folder}/app.db" if is_file else task.database),
        mirror_database_url=SecretStr(task.database),
        rpc_url=SecretStr(task.rpc_url),
        address_book=Path(task.book),
        streams_max=STREAMS,
        streams_per_party_max=STREAMS,
    )
    async with AsyncExitStack() as stack:
        feed = MirrorFeed() if indexing else None
        application = await build(settings, signers={}, feed=feed)
        stack.push_async_callback(application.close)
        key = await mint_api_key(application, party=ZERO_ADDRESS, scopes=[Scope.AUDIT], label="bench")
        url = await stack.enter_async_context(serving(create_app(application)))
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        tasks.create_task(application.tell_forever())
        if feed is not None:
            heads_url = task.rpc_url.replace("http://", "ws://", 1)
            worker = MirrorWorker(
                application.client, make_engine(task.database), feed=feed, heads_url=heads_url
            )
            tasks.create_task(worker.run_forever())
        sys.stdout.write(msgspec.json.encode(Serving(url, key)).decode() + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Task.given(), Path(sys.argv[2]), indexing=sys.argv[3] == "indexing"))
