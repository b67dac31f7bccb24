"""`tally bench story`: the demo, then imports and financings one after another, and where their time goes."""

import asyncio
import logging
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from api import logs
from api.outbox.lane import Step
from chain.compile import compile_contracts
from domain.calendar import date_of
from domain.parties import Power
from scripts import screen
from scripts.bench.figures import Figure, show
from scripts.bench.paper import fresh_bill
from scripts.exits import run
from scripts.story.acts.financing import finance
from scripts.story.acts.issuing import issue
from scripts.story.books import Account
from scripts.story.cast import Bill
from scripts.story.client import ApiClient
from scripts.story.narration import Narrator
from scripts.story.papers import read_folder
from scripts.story.performance import Performance, perform
from scripts.story.play import genesis
from scripts.story.summary import percentile
from scripts.story.telling import Draft, Telling
from scripts.story.timeline import Timeline, instant
from scripts.system.embedded import System, Terms, running
from scripts.tally import SAMPLES

FINANCINGS: Final = 120
IMPORTS: Final = 100
MEGABYTE: Final = 1 << 20

HELPS: Final = 5

TARGETS: Final = {
    "cash_ms_p95": 1_000.0,
    "import_ms_p50": 20.0,
    "demo_seconds": 60.0,
    "peak_rss_mb": 300.0,
    "help_seconds": 0.3,
}
"""Memory is that of this process with API, indexer and sender, without the node."""


@dataclass(slots=True)
class Stopwatch:
    """When the sender last reached each of its steps."""

    at: dict[Step, float] = field(default_factory=dict)

    def reached(self, step: Step) -> None:
        """Called by the sender."""
        self.at[step] = time.perf_counter()


def bench(*, as_json: bool) -> None:
    """Measure and print. A missed target is printed, and is no failure of the command."""
    document = run(_measure())
    figures = [
        Figure(name, document[name], unit, TARGETS.get(name))
        for name, unit in (
            ("cash_ms_p50", "ms"),
            ("cash_ms_p95", "ms"),
            ("cash_ms_p99", "ms"),
            ("import_ms_p50", "ms"),
            ("import_ms_p95", "ms"),
            ("demo_seconds", "s"),
            ("peak_rss_mb", "MB"),
            ("help_seconds", "s"),
        )
    ]
    stages = [Figure(f"  {name}", value, "ms") for name, value in document["stages_ms_p50"].items()]
    show(f"Story: {document['financings']} financings", [*figures, *stages], as_json=as_json)
    document["targets"] = [figure.as_dict() for figure in figures if figure.target is not None]
    if as_json:
        screen.print_json(document)


async def _measure() -> dict[str, Any]:
    logs.configure(level=logging.ERROR)
    silent = Narrator(screen.silence())
    stopwatch = Stopwatch()
    await asyncio.to_thread(compile_contracts)  # installing, not playing
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="tally-bench-") as folder:
        terms = Terms(
            Path(folder), keep=False, genesis_s=genesis(read_folder(SAMPLES)), reached=stopwatch.reached
        )
        async with running(terms, lambda _text: None) as system:
            performance = await perform(system, SAMPLES, silent.console)
            performance.require_proof()
            demo_seconds = time.perf_counter() - started
            import_ms, cash_ms, stages = await _more(system, performance, silent, stopwatch)
            checked = await system.check()
    return {
        "name": "story",
        "financings": len(cash_ms),
        "cash_ms_p50": percentile(cash_ms, 50),
        "cash_ms_p95": percentile(cash_ms, 95),
        "cash_ms_p99": percentile(cash_ms, 99),
        "imports": len(import_ms),
        "import_ms_p50": percentile(import_ms, 50),
        "import_ms_p95": percentile(import_ms, 95),
        "demo_seconds": round(demo_seconds, 1),
        "peak_rss_mb": _peak_rss_mb(),
        "help_seconds": await asyncio.to_thread(_help_seconds),
        "stages_ms_p50": {name: round(statistics.median(values), 1) for name, values in stages.items()},
        "mirror_equals_chain": not checked.differences,
        "cash_supply_equals_balances": checked.cash_holds,
    }


async def _more(
    system: System, performance: Performance, silent: Narrator, stopwatch: Stopwatch
) -> tuple[list[float], list[float], dict[str, list[float]]]:
    """Import many invoices, then finance one part of a large receivable after the other."""
    played = performance.telling
    model = played.cast.main[0]
    today = date_of((await system.node.head()).timestamp) + timedelta(days=1)
    async with ApiClient(system.base_url) as client:
        telling = Telling(system, client, played.cast, silent, Timeline(system.reach), played.books)
        await system.reach(instant(today, 9))
        drafts = [await _import(telling, model, f"BENCH-{number:04d}", today) for number in range(IMPORTS)]
        account = await issue(telling, drafts[0])
        stages: dict[str, list[float]] = {}
        for _ in range(FINANCINGS):
            await _finance_one(telling, account, stopwatch, stages)
    return telling.figures.import_ms, telling.figures.cash_ms, stages


async def _import(telling: Telling, model: Bill, number: str, today: date) -> Draft:
    bill = fresh_bill(model, number, today)
    key = bill.seller.one_with(Power.ACCEPT).api_key
    answer = await telling.client.upload(key, "/v1/invoices", bill.paper.content)
    telling.figures.import_ms.append(answer.milliseconds)
    return Draft(answer.body["id"], bill)


async def _finance_one(
    telling: Telling, account: Account, stopwatch: Stopwatch, stages: dict[str, list[float]]
) -> None:
    started = time.perf_counter()
    (holding,) = [held for held in account.live() if held.owner is account.bill.seller]
    await finance(telling, account, holding, holding.serials.amount // FINANCINGS)
    timing = telling.figures.cash[-1]
    moments = [
        ("quotes asked, given and signed", started, timing.posted),
        ("POST to signature checked and simulated", timing.posted, stopwatch.at[Step.SIMULATED]),
        ("nonce saved", stopwatch.at[Step.SIMULATED], stopwatch.at[Step.NONCE_SAVED]),
        ("signed and saved", stopwatch.at[Step.NONCE_SAVED], stopwatch.at[Step.SIGNED]),
        ("sent, and mined by the node", stopwatch.at[Step.SIGNED], stopwatch.at[Step.BROADCAST]),
        ("mirrored and receipt seen", stopwatch.at[Step.BROADCAST], stopwatch.at[Step.MINED]),
        ("finished with its follow-ups", stopwatch.at[Step.MINED], stopwatch.at[Step.DONE]),
        ("answered", stopwatch.at[Step.DONE], timing.answered),
        ("balance read", timing.answered, timing.read),
    ]
    for name, begin, end in moments:
        stages.setdefault(name, []).append((end - begin) * 1000)


def _peak_rss_mb() -> float:
    """Of this process; macOS counts bytes, Linux kilobytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak * (1 if sys.platform == "darwin" else 1024) / MEGABYTE, 1)


def _help_seconds() -> float:
    """The fastest of a few starts of `tally --help`: what it takes on a machine that is not busy."""

    def once() -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "scripts.tally", "--help"], capture_output=True, check=True)
        return time.perf_counter() - started

    return round(min(once() for _ in range(HELPS)), 2)
