"""The mirror of a recorded chain, killed at every step of every transaction: `DATABASE NODES_FILE`.

Each run is a fork of this process, so that only the first imports anything, and begins where the last one
died. It kills itself before its n-th statement, and always right after a commit; then n begins at one again,
so that each statement of each batch has been the one before which it died. A line is said for each death.
"""

import asyncio
import functools
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from indexer import fetcher, worker
from indexer.db import make_engine
from indexer.schema import migrate
from indexer.store.postgres import PostgresBulk
from indexer.store.sqlite import SqliteBulk
from tests.support.mirror import FakeNode

FINALITY = 60
BLOCKS_A_BATCH = 150
COMMITTED = "committed"

_WRITES = ("insert", "upsert", "update", "delete")


class Death:
    """`steps` are how many may be begun, the last of them excluded."""

    def __init__(self, steps: int, writer: int) -> None:
        self._steps = steps
        self._writer = writer

    def step(self, name: str) -> None:
        self._steps -= 1
        if self._steps == 0:
            self.now(name)

    def now(self, name: str) -> None:
        os.write(self._writer, name.encode())
        os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    url, file = sys.argv[1:]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    fetcher.BLOCKS_MAX = fetcher._BLOCKS_FIRST = BLOCKS_A_BATCH
    migrate(url)
    for node in pickle.loads(Path(file).read_bytes()):  # noqa: S301  # written by the test
        _every_death(url, node)


def _every_death(url: str, node: FakeNode) -> None:
    steps = 1
    while (died_at := _run(url, node, steps)) is not None:
        sys.stdout.write(f"{died_at}\n")
        steps = 1 if died_at == COMMITTED else steps + 1


def _run(url: str, node: FakeNode, steps: int) -> str | None:
    """Where it died, None where it came to the head."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _follow(url, node, Death(steps, writer))
    os.close(writer)
    said = os.read(reader, 1000).decode()
    os.close(reader)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return said
    if status != 0:
        raise SystemExit("the mirror failed")
    return None


def _follow(url: str, node: FakeNode, death: Death) -> None:
    """Never returns."""
    code = 1
    try:
        _arm(death)
        asyncio.run(_catch_up(url, node, death))
        code = 0
    except Exception:  # noqa: BLE001  # the parent ends with what is said here
        traceback.print_exc()
    finally:
        os._exit(code)


async def _catch_up(url: str, node: FakeNode, death: Death) -> None:
    engine = make_engine(url)
    event.listen(engine.sync_engine, "commit", lambda _connection: death.step("commit"))
    await worker.MirrorWorker(node, engine, finality_blocks=FINALITY).catch_up()
    await engine.dispose()


def _arm(death: Death) -> None:
    """The drivers' bulk writes, SQLAlchemy's statements, and the end of a batch."""
    for kind in (SqliteBulk, PostgresBulk):
        for name in _WRITES:
            _before(kind, name, lambda shape, name=name: death.step(f"{name} {shape.name}"))
    _before(AsyncConnection, "execute", lambda _statement: death.step("statement"))
    commit = worker.commit

    async def committed(*args: Any, **options: Any) -> None:
        await commit(*args, **options)
        death.now(COMMITTED)

    worker.commit = committed


def _before(owner: type, name: str, told: Callable[[Any], None]) -> None:
    method: Callable[..., Awaitable[Any]] = getattr(owner, name)

    @functools.wraps(method)
    async def wrapped(self: object, first: Any, *args: Any, **options: Any) -> Any:
        told(first)
        return await method(self, first, *args, **options)

    setattr(owner, name, wrapped)


if __name__ == "__main__":
    main()
