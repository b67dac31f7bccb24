"""`tally bench index`: backfill, real time, check and memory of the mirror, beside other indexers.

Parts, of which all but the last two are measured unless some are named:

    flat    one event of seven words, many times: ours, web3.py, and the limit of each stage
    peers   Ponder and SQD on the same blocks
    real    the ledger's own contracts: backfill with every projection, and the check
    live    the same contracts in real time, on a small chain: a large one takes anvil 0.1 s a block
    growth  memory over time with a hundred times as many events of the flat load, which a stand-in for a node
            tells: anvil would need tens of gigabytes for them
    check   `tally index check` of ten times as many lots: a million
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from scripts import screen
from scripts.bench.figures import Figure
from scripts.bench.index import backfill, real
from scripts.bench.index.backfill import Field, flat_field, volume_field
from scripts.bench.index.flat import Size
from scripts.bench.index.live import Counts, live
from scripts.bench.index.lots.checked import checked
from scripts.bench.index.outcome import Outcome, Ratio, ratios
from scripts.bench.index.peers import PONDER_TUNED, SQD, peers
from scripts.bench.index.report import Report, show
from scripts.exits import ExitCode, Failure, run
from scripts.system.postgres import server_folder, temporary_cluster

EVENTS: Final = 100_000
PARTS: Final = ("flat", "peers", "real", "live")
LIVE_EVENTS_MAX: Final = 2_000
GROWTH: Final = "growth"
CHECK: Final = "check"
MORE: Final = (GROWTH, CHECK)
"""Measured when they are asked for: each takes as long as all the others."""
GROWN: Final = 100
LOTS_AN_EVENT: Final = 10
SERVER_OPTIONS: Final = ("shared_buffers=256MB", "max_wal_size=4GB")
"""Otherwise as it comes: what is committed survives a loss of power."""

FLAT_PER_S: Final = 50_000
PROVEN_PER_S: Final = 25_000
REAL_PER_S: Final = 25_000
MEMORY_MB: Final = 150
GAIN_MB: Final = 5
TIMES: Final = {PONDER_TUNED: 14.0, SQD: 4.7}


def bench(
    *,
    as_json: bool,
    parts: Sequence[str] = PARTS,
    events: int = EVENTS,
    counts: Counts | None = None,
) -> None:
    """Measure and print. A missed target is printed; raises Failure where our own mirror is wrong."""
    unknown = sorted(set(parts) - {*PARTS, *MORE})
    if unknown:
        known = ", ".join((*PARTS, *MORE))
        raise Failure(
            ExitCode.BAD_USE, f"no part {unknown[0]!r}; there are {known}", rule="bench", place="--part"
        )
    report = run(_measure(parts, events, counts or Counts()))
    show(report, as_json=as_json)
    if report.wrong:
        raise Failure(ExitCode.DIFFERS, "; ".join(report.wrong), rule="mirror")


async def _measure(parts: Sequence[str], events: int, counts: Counts) -> Report:
    report = Report()
    with tempfile.TemporaryDirectory(prefix="tally-bench-") as name, _cluster() as cluster:
        folder = Path(name)
        if {"flat", "peers"} & set(parts):
            async with flat_field(Size(events), folder, cluster, _say) as field:
                await _flat(field, parts, report)
        if GROWTH in parts:
            async with volume_field(Size(events * GROWN), folder, cluster, _say) as field:
                await _growth(field, report)
        if CHECK in parts:
            outcomes, figures = await checked(events * LOTS_AN_EVENT, folder, cluster, _say)
            report.outcomes += outcomes
            report.figures += figures
            report.wrong += _wrong(outcomes)
        if "real" in parts:
            async with real.real_field(events, folder / "real", cluster, _say) as real_field:
                await _real(real_field, report)
        if "live" in parts:
            few = min(events, LIVE_EVENTS_MAX)
            async with real.real_field(few, folder / "live", cluster, _say) as real_field:
                await _live(real_field, counts, report)
    return report


@contextmanager
def _cluster() -> Iterator[Path | None]:
    """A server of our own; None where none is installed."""
    programs = server_folder()
    if programs is None:
        yield None
        return
    with temporary_cluster(programs, SERVER_OPTIONS) as cluster:
        yield cluster


async def _flat(field: Field, parts: Sequence[str], report: Report) -> None:
    mine = await backfill.ours(field) if "flat" in parts else []
    others = [await backfill.plain_script(field)] if "flat" in parts else []
    if "peers" in parts:
        others += await peers(field)
    report.ratios += ratios(mine, others)
    if "flat" not in parts:
        report.outcomes += others
        return
    proven = await backfill.proven(field)
    report.outcomes += [*mine, proven, *others, *await backfill.limits(field)]
    report.wrong += _wrong([*mine, proven])
    report.figures += _flat_figures(mine, proven, report.ratios)


def _flat_figures(mine: list[Outcome], proven: Outcome, found: list[Ratio]) -> list[Figure]:
    on_postgres, on_sqlite = mine
    rate = on_postgres.events_per_s
    half = None if rate is None else rate / 2
    figures = [
        _rate("backfill, PostgreSQL", on_postgres, FLAT_PER_S),
        _rate("backfill, SQLite (half of PostgreSQL)", on_sqlite, half),
        _rate("backfill, every block proven", proven, PROVEN_PER_S),
        _memory("memory of a backfill, PostgreSQL", on_postgres),
    ]
    for one in found:
        if one.ours == on_postgres.name and one.peer in TIMES:
            name = f"times as fast as {one.peer}, PostgreSQL"
            figures.append(Figure(name, one.value, "times", TIMES[one.peer], at_least=True))
    return figures


async def _growth(field: Field, report: Report) -> None:
    mine = await backfill.ours(field)
    report.outcomes += mine
    report.wrong += _wrong(mine)
    for one in mine:
        name = f"memory at {one.events:,} events, {one.name}"
        report.figures += [_memory(name, one), _gain(f"{name}: gained since the second tenth", one)]


async def _real(field: real.RealField, report: Report) -> None:
    with real.databases(field) as databases:
        done = [await real.mirrored(field, database) for database in databases]
        report.outcomes += [one.backfill for one in done]
        report.wrong += _wrong([outcome for one in done for outcome in (one.backfill, one.check)])
        report.wrong += [f"{table} differs between the databases" for table in real.unlike(done)]
        report.figures += [
            *(_rate(f"backfill, {one.backfill.name}", one.backfill, REAL_PER_S) for one in done),
            *(_memory(f"memory of a backfill, {one.backfill.name}", one.backfill) for one in done),
            *real.figures(done),
        ]


async def _live(field: real.RealField, counts: Counts, report: Report) -> None:
    with real.databases(field) as databases:
        done = [await real.backfilled(field, database) for database in databases]
        failed = _wrong(done)
        report.wrong += failed
        if not failed:
            figures, wrong = await live(field, databases, counts)
            report.figures += figures
            report.wrong += wrong


def _rate(name: str, outcome: Outcome, least: float | None) -> Figure:
    return Figure(name, outcome.events_per_s, "events/s", least, at_least=True, note=outcome.problem)


def _memory(name: str, outcome: Outcome) -> Figure:
    """Of the whole process: what failed half way has none."""
    peak_mb = None if outcome.problem else outcome.peak_mb
    return Figure(name, peak_mb, "MB", MEMORY_MB, note=outcome.problem)


def _gain(name: str, outcome: Outcome) -> Figure:
    """The first tenth is when buffers fill; after it nothing may grow with the number of events."""
    memory_mb = outcome.memory_mb
    gained = None if outcome.problem else round(max(memory_mb[2:]) - memory_mb[1], 1)
    return Figure(name, gained, "MB", GAIN_MB, note=outcome.problem)


def _wrong(outcomes: list[Outcome]) -> list[str]:
    """Ours must work: a server that is not installed is the only excuse."""
    failed = [one for one in outcomes if one.problem and one.problem != backfill.NO_SERVER]
    return [f"{one.name}: {one.problem}" for one in failed]


def _say(what: str) -> None:
    screen.notices().print(f"bench index: {what}", markup=False)
