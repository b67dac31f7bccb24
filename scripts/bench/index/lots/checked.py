"""`tally index check` of a ledger of many lots, on both databases."""

from contextlib import ExitStack
from pathlib import Path
from typing import Final

from scripts import screen
from scripts.bench.figures import Figure
from scripts.bench.index.backfill import Notice, outcome, sqlite_file
from scripts.bench.index.child import run_python
from scripts.bench.index.lots.field import lots_field
from scripts.bench.index.outcome import Outcome
from scripts.bench.index.real import ON_POSTGRES, ON_SQLITE
from scripts.bench.index.task import Answer
from scripts.system.postgres import empty_database

CHECK_S: Final = 60.0
MEMORY_MB: Final = 150


async def checked(
    lots: int, folder: Path, cluster: Path | None, notice: Notice
) -> tuple[list[Outcome], list[Figure]]:
    """An outcome and the figures of each database; SQLite alone where there is no server."""
    outcomes: list[Outcome] = []
    figures: list[Figure] = []
    with ExitStack() as stack:
        urls = {ON_SQLITE: stack.enter_context(sqlite_file(folder))}
        if cluster is not None:
            urls[ON_POSTGRES] = stack.enter_context(empty_database(cluster))
        notice(f"a ledger of {lots:,} lots, some minutes for a million ...")
        bar = stack.enter_context(screen.progress_bar("lots", lots))
        told = lots_field(
            lots, folder / "lots", list(urls.values()), lambda done: bar[0].update(bar[1], completed=done)
        )
        async with told as field:
            for name, url in urls.items():
                notice(f"check of {field.lots:,} lots, {name} ...")
                measured = await run_python("check", field.task(url))
                one = outcome(f"check, {name}", field.lots, measured, "all")
                outcomes.append(one)
                figures += _figures(one, measured.answer)
    return outcomes, figures


def _figures(one: Outcome, answer: Answer) -> list[Figure]:
    seconds, fields, processor = one.seconds, answer.fields, answer.seconds.get("processor")
    a_second = round(fields / seconds) if fields and seconds else None
    peak_mb = None if one.problem else one.peak_mb
    return [
        Figure(
            f"{one.name}: {one.events:,} lots", seconds and round(seconds, 1), "s", CHECK_S, note=one.problem
        ),
        Figure(f"{one.name}: of a processor", processor and round(processor, 1), "s", note=one.problem),
        Figure(f"{one.name}: fields compared", a_second, "fields/s", note=one.problem),
        Figure(f"{one.name}: memory", peak_mb, "MB", MEMORY_MB, note=one.problem),
    ]
