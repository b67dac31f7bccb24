"""`tally bench questions`: how long the mirror takes for what people ask, and how it grows.

Parts are the databases, `sqlite` and `postgres`; both unless one is named.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final

from indexer.db import make_engine, make_sessions
from indexer.schema import migrate
from scripts import screen
from scripts.bench.figures import Figure, show
from scripts.bench.questions.asking import Answers, Asker, answers
from scripts.bench.questions.filling import Size, fill
from scripts.exits import ExitCode, Failure, run
from scripts.story.summary import percentile
from scripts.system.postgres import NO_SERVER, empty_database, server_folder, temporary_cluster

EVENTS: Final = 10_000_000
PARTS: Final = ("sqlite", "postgres")
TIMES: Final = 200
ANSWER_MS: Final = 20.0
SERVER_OPTIONS: Final = ("shared_buffers=256MB", "max_wal_size=4GB")
"""As in `tally bench index`."""


def bench(*, as_json: bool, parts: Sequence[str] = PARTS, events: int = EVENTS, times: int = TIMES) -> None:
    """Measure and print. A missed target is printed, and is no failure of the command."""
    unknown = sorted(set(parts) - set(PARTS))
    if unknown:
        reason = f"no part {unknown[0]!r}; there are {', '.join(PARTS)}"
        raise Failure(ExitCode.BAD_USE, reason, rule="bench", place="--part")
    size = Size(events)
    document: dict[str, Any] = {"name": "questions", "events": size.events, "lots": size.lots, "times": times}
    for part in parts:
        with _database(part) as url:
            figures = (
                [Figure("all", None, "ms", note=NO_SERVER)]
                if url is None
                else (run(_measure(url, size, times, part)))
            )
        show(f"{part}: {size.lots:,} lots, {size.events:,} events", figures, as_json=as_json)
        document[part] = [figure.as_dict() for figure in figures]
    if as_json:
        screen.print_json(document)


async def _measure(url: str, size: Size, times: int, part: str) -> list[Figure]:
    def progress(what: str, done: int, total: int) -> None:
        screen.notices().print(f"bench questions: {part}, {done:,} of {total:,} {what}", markup=False)

    migrate(url)
    engine, reader = make_engine(url), make_engine(url, read_only=True)
    try:
        grown = await fill(engine, size, progress)
        sessions = make_sessions(reader)
        async with sessions() as session:
            asker = await Asker.of(session, size, Random(7))  # noqa: S311  # the same questions in every run
        figures = [
            figure async for found in answers(sessions, asker.kinds(), times) for figure in _figures(found)
        ]
    finally:
        await engine.dispose()
        await reader.dispose()
    millions = size.events / 1_000_000
    return [
        *figures,
        Figure("growth a million events, facts", round(grown.facts_mb / millions, 1), "MB"),
        Figure("growth a million events, projections", round(grown.projections_mb / millions, 1), "MB"),
    ]


def _figures(found: Answers) -> Iterator[Figure]:
    yield Figure(f"{found.name}, p50", percentile(found.wall_ms, 50), "ms")
    yield Figure(f"{found.name}, p95", percentile(found.wall_ms, 95), "ms", ANSWER_MS)
    if found.processor_ms:
        yield Figure("  of a processor, p95", percentile(found.processor_ms, 95), "ms", ANSWER_MS)


@contextmanager
def _database(part: str) -> Iterator[str | None]:
    """URL of an empty database, gone afterwards; None where no server is installed."""
    if part == "sqlite":
        with tempfile.TemporaryDirectory(prefix="tally-bench-") as folder:
            yield f"sqlite+aiosqlite:///{Path(folder) / 'mirror.db'}"
        return
    programs = server_folder()
    if programs is None:
        yield None
        return
    with temporary_cluster(programs, SERVER_OPTIONS) as cluster, empty_database(cluster) as url:
        yield url
