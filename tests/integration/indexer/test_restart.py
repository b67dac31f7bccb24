"""kill -9 at any moment: the next run goes on from the cursor, and the rows are those of a quiet run."""

import asyncio
import pickle
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from indexer.changes import all_models, sql_table
from indexer.db import make_engine, make_sessions
from indexer.digest import digest_tables
from indexer.queries import position
from indexer.schema import migrate
from indexer.worker import MirrorWorker
from tests.integration.indexer.conftest import clean_digests
from tests.support import crash_points, mirror_process
from tests.support.chain import DeployedLedger
from tests.support.life import life
from tests.support.mirror import FakeNode
from tests.support.play import play
from tests.support.workout import Workout

ROOT = Path(mirror_process.__file__).parents[2]
KILLS = 6
WRITTEN_OTHERWISE = {
    "mirror_archive",
    "mirror_check",
    "mirror_cursor",
    "mirror_reorganisation",
    "mirror_validators",
}
"""By single statements, or not by the indexer's batches."""


def start(url: str, ledger: DeployedLedger, book: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", mirror_process.__name__, url, ledger.node.url, str(book)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


async def killed_after(url: str, ledger: DeployedLedger, book: Path, lines: int, delay_s: float) -> None:
    """Kill the indexer once it has said so many lines, and a moment later."""
    with start(url, ledger, book) as process:
        for _ in range(lines):
            await asyncio.to_thread(process.stdout.readline)
        await asyncio.sleep(delay_s)
        process.kill()


async def reached(url: str) -> int:
    engine = make_engine(url)
    async with make_sessions(engine)() as session:
        here = await position(session)
    await engine.dispose()
    return here.block_number if here else 0


@pytest.mark.slow
async def test_a_mirror_killed_again_and_again_has_the_rows_of_an_undisturbed_one(
    mirror_url: str, ledger: DeployedLedger, tmp_path: Path
) -> None:
    random = Random(mirror_url)
    trade = await Workout.open(ledger)
    await life(trade)
    await play(trade, random, 40)
    book = tmp_path / "book.json"
    ledger.book.write(book)
    places = []
    # The first kills fall into the migration and the opening of the cursor, the others between blocks.
    early = [(1, delay_s) for delay_s in (0.0, 0.02, 0.1)]
    for lines, delay_s in early + [(random.randint(3, 12), random.uniform(0, 0.008)) for _ in range(KILLS)]:
        await killed_after(mirror_url, ledger, book, lines, delay_s)
        migrate(mirror_url)
        places.append(await reached(mirror_url))
    assert places == sorted(places)
    with start(mirror_url, ledger, book) as last:
        assert await asyncio.to_thread(last.wait) == 0
    quiet = await undisturbed(f"sqlite+aiosqlite:///{tmp_path / 'clean.db'}", ledger)
    assert await digests_of(mirror_url) == quiet
    assert [table for table, digest in quiet.items() if digest.rows == 0] == []
    assert len(set(places)) > KILLS // 2


@pytest.mark.slow
async def test_a_mirror_killed_at_every_statement_of_every_batch_has_the_rows_of_an_undisturbed_one(
    mirror_url: str, lived: FakeNode, tmp_path: Path
) -> None:
    """On the first branch, and when the chain takes another one."""
    branch = lived.fork_after(await lived.block_number() - crash_points.FINALITY // 2)
    nodes = tmp_path / "nodes"
    nodes.write_bytes(pickle.dumps([lived, branch]))
    command = [sys.executable, "-m", crash_points.__name__, mirror_url, str(nodes)]
    done = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    deaths = Counter(done.stdout.split("\n")[:-1])
    assert await digests_of(mirror_url) == await clean_digests(branch, tmp_path)
    written = {name.split()[-1] for name in deaths if " " in name}
    assert written >= {sql_table(model).name for model in all_models()} - WRITTEN_OTHERWISE
    # final blocks, blocks that are not yet, and the turn
    assert deaths[crash_points.COMMITTED] >= 4
    assert deaths["commit"] >= deaths[crash_points.COMMITTED]


async def undisturbed(url: str, ledger: DeployedLedger):
    migrate(url)
    engine = make_engine(url)
    await MirrorWorker(ledger.client, engine).catch_up()
    await engine.dispose()
    return await digests_of(url)


async def digests_of(url: str):
    engine = make_engine(url)
    async with make_sessions(engine)() as session:
        digests = await digest_tables(session)
    await engine.dispose()
    return digests
