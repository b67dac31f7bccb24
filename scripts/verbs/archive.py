"""`tally index archive|restore|prove`: old events into files that prove themselves, and back."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from indexer import archive
from indexer.archive.moving import Progress
from indexer.db import make_engine, make_sessions
from indexer.queries.archive import first_block_since
from indexer.schema import migrate
from scripts import screen
from scripts.exits import ExitCode, Failure
from scripts.system.processes import settings
from scripts.verbs.index import settings_and_client

_BEYOND: Final = 1 << 62


async def index_archive(
    folder: Path, *, before_block: int | None, before: datetime | None, as_json: bool
) -> None:
    """Move spans of final blocks that end before a block, or before a day (UTC).

    Raises Failure where it is not said before what.
    """
    if (before_block is None) == (before is None):
        reason = "say either --before-block or --before"
        raise Failure(ExitCode.BAD_USE, reason, rule="archive", place="--before")
    url = await _mirror()
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    if before is not None:
        before_block = await _first_block_since(url, before)
    with _shown("archiving 归档") as progress:
        moved = await archive.archive(url, folder, before_block or 0, progress)
    _say("archived", moved, as_json=as_json)


async def index_restore(folder: Path, *, as_json: bool) -> None:
    """Bring back everything that was archived; the files stay."""
    url = await _mirror()
    with _shown("restoring 恢复") as progress:
        back = await archive.restore(url, folder, progress)
    _say("restored", back, as_json=as_json)


async def index_prove(folder: Path, *, as_json: bool) -> None:
    """Hold the files against the chain: headers hashed and receipts roots computed anew."""
    _, client = await settings_and_client()
    async with client:
        with _shown("proving 核验") as progress:
            proven = await archive.prove(client, folder, progress)
    _say("proven", proven, as_json=as_json)


async def _mirror() -> str:
    """The mirror, its schema brought to the newest revision. No node is needed."""
    url = settings(sends=False).mirror_database_url.get_secret_value()
    await asyncio.to_thread(migrate, url)
    return url


async def _first_block_since(url: str, day: datetime) -> int:
    engine = make_engine(url, read_only=True)
    try:
        async with make_sessions(engine)() as session:
            found = await first_block_since(session, day)
    finally:
        await engine.dispose()
    # nothing of that day yet: all that there is was before it
    return _BEYOND if found is None else found


@contextmanager
def _shown(label: str) -> Iterator[Progress]:
    with screen.progress_bar(label, None) as (progress, task):
        yield lambda block, last: progress.update(task, total=last, completed=block)


def _say(done: str, manifests: list[archive.Manifest], *, as_json: bool) -> None:
    if as_json:
        told = [{"name": one.name, "events": one.events, "sha256": one.sha256} for one in manifests]
        screen.print_json({done: told})
        return
    for one in manifests:
        screen.results().print(f"{done} {one.name}: {one.events:,} events, manifest {one.sha256}")
    if not manifests:
        screen.results().print(f"nothing {done}")
