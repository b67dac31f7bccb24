"""Old events go into files and come back; at any moment they are in one of the two, whole."""

import asyncio
import gzip
import shutil
import signal
import sys
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, func, make_url, select, text

from chain.bindings import cash
from domain.parties import Role
from indexer.archive import ArchivedNode, archive, manifests, prove, restore
from indexer.archive.files import read
from indexer.changes import sql_table
from indexer.errors import ArchiveRefused, MirrorLocked
from indexer.lock import rebuild_lock
from indexer.models import ChainEvent
from indexer.queries.archive import archive_of, archived_through
from indexer.rebuild import rebuild
from indexer.store import spans
from indexer.worker import MirrorWorker
from tests.integration.indexer.conftest import Mirror, clean_digests
from tests.support.chain import DeployedLedger
from tests.support.market import Trade
from tests.support.mirror import CNY, FakeNode, address_book, log_of

SPAN = 20


@pytest.fixture(autouse=True)
def small_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spans, "SPAN_BLOCKS", SPAN)


@pytest.fixture
async def traded(mirror: Mirror, ledger: DeployedLedger) -> int:
    """Several spans of a real chain in the mirror; the last block."""
    trade = await Trade.open(ledger)
    await trade.story()
    await MirrorWorker(ledger.client, mirror.engine).catch_up()
    return await ledger.client.block_number()


async def count_events(mirror: Mirror) -> int:
    async with mirror.read() as session:
        return int(await session.scalar(select(func.count()).select_from(sql_table(ChainEvent))) or 0)


async def parts(mirror: Mirror) -> int:
    async with mirror.engine.connect() as connection:
        return len(await spans.spans(connection))


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("events-*")}


async def test_what_is_archived_is_gone_is_proven_and_comes_back_as_it_was(
    mirror: Mirror, ledger: DeployedLedger, traded: int, tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    before, events, spans_before = await mirror.digests(), await count_events(mirror), await parts(mirror)
    moved = await archive(mirror.url, folder, traded)
    assert len(moved) >= 2, "several spans"
    assert moved == manifests(folder)
    through = moved[-1].through_block
    assert through < traded
    assert await count_events(mirror) == events - sum(one.events for one in moved)
    async with mirror.read() as session:
        assert await archived_through(session) == through
        assert (await archive_of(session, through)) is not None
        assert (await archive_of(session, through + 1)) is None
    if mirror.url.startswith("postgresql"):
        assert await parts(mirror) == spans_before - len(moved), "dropped, not emptied"
    after = await mirror.digests()
    assert {name for name in after if after[name] != before[name]} == {"chain_event"}

    assert await prove(ledger.client, folder) == moved
    assert await archive(mirror.url, folder, traded) == [], "nothing is archived twice"

    back = await restore(mirror.url, folder)
    assert [one.name for one in back] == [one.name for one in reversed(moved)]
    assert await mirror.digests() == before
    assert await parts(mirror) == spans_before
    assert await archive(mirror.url, folder, traded) == moved, "the same files again"


async def test_the_mirror_goes_on_and_the_next_span_follows_the_last_manifest(
    mirror: Mirror, ledger: DeployedLedger, traded: int, tmp_path: Path
) -> None:
    (first,) = await archive(mirror.url, tmp_path, 2 * SPAN - 1)
    for number in range(SPAN + 1):
        await ledger.admit(f"party {number}", Role.SUPPLIER)
    await MirrorWorker(ledger.client, mirror.engine).catch_up()
    moved = await archive(mirror.url, tmp_path, await ledger.client.block_number())
    assert moved[0].previous == first.sha256
    assert moved[0].first_block == first.through_block + 1
    assert manifests(tmp_path) == [first, *moved]
    with pytest.raises(ArchiveRefused, match="does not have what was archived"):
        await archive(mirror.url, tmp_path / "elsewhere", traded)


async def test_others_write_while_a_span_is_written(mirror: Mirror, traded: int, tmp_path: Path) -> None:
    url = make_url(mirror.url)
    is_sqlite = url.get_backend_name() == "sqlite"
    alone = create_engine(url.set(drivername="sqlite") if is_sqlite else url, poolclass=NullPool)
    table = "mirror_check" if is_sqlite else "ledger.mirror_check"
    statement = text(f"INSERT INTO {table} VALUES (:number, 1, 1, 0, NULL)")  # noqa: S608
    written: list[int] = []

    def progress(block: int, _last: int) -> None:
        with alone.begin() as connection:
            connection.execute(statement, {"number": block})
        written.append(block)

    moved = await archive(mirror.url, tmp_path, traded, progress)
    assert written == [one.through_block for one in moved]


async def test_blocks_that_may_still_go_away_stay(
    mirror: Mirror, ledger: DeployedLedger, tmp_path: Path
) -> None:
    await Trade.open(ledger)
    head = await ledger.client.block_number()
    await MirrorWorker(ledger.client, mirror.engine, finality_blocks=head).catch_up()
    assert await archive(mirror.url, tmp_path, head) == []


async def test_a_branch_that_begins_in_an_earlier_span_is_taken_back_beside_an_archive(
    mirror: Mirror, tmp_path: Path
) -> None:
    book = address_book()
    minted = log_of(book.cash_address(CNY), cash.Transfer, bytes(20), (1).to_bytes(20), 5)
    node = FakeNode(book)
    for _ in range(5 * SPAN):
        node.mine(minted)
    worker = MirrorWorker(node, mirror.engine, finality_blocks=3 * SPAN)
    await worker.catch_up()
    moved = await archive(mirror.url, tmp_path, 5 * SPAN)
    assert moved[-1].through_block == 2 * SPAN - 1, "the last span that is final"
    node.roll_back(2 * SPAN + SPAN // 2)
    for _ in range(3 * SPAN):
        node.mine(minted, minted, fork=1)
    await worker.catch_up()
    folder = tmp_path / "clean"
    folder.mkdir()
    clean = await clean_digests(node, folder)
    digests = await mirror.digests()
    assert {name for name in clean if digests[name] != clean[name]} == {"chain_event"}
    await restore(mirror.url, tmp_path)
    assert await mirror.digests() == clean


async def test_the_same_blocks_make_the_same_files_on_both_databases(
    mirror: Mirror, ledger: DeployedLedger, traded: int, tmp_path: Path
) -> None:
    await archive(mirror.url, tmp_path, traded)
    other = tmp_path / "other"
    other.mkdir()
    url = f"sqlite+aiosqlite:///{tmp_path / 'other.db'}"
    await rebuild(ledger.client, url)
    await archive(url, other, traded)
    assert files(other) == files(tmp_path)


async def test_a_rebuild_takes_from_the_archive_what_its_node_no_longer_has(
    mirror: Mirror, ledger: DeployedLedger, traded: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await mirror.digests()
    through = (await archive(mirror.url, tmp_path, traded))[-1].through_block
    told = ledger.client.logs
    asked: list[int] = []

    async def pruned(first: int, last: int):
        asked.append(first)
        return await told(first, last)

    monkeypatch.setattr(ledger.client, "logs", pruned)
    made = await rebuild(ledger.client, mirror.url, archive=tmp_path)
    assert made.differences == ()
    assert min(asked) > through
    assert await mirror.digests() == before, "all of it is back"


async def test_a_rebuild_without_the_archive_compares_what_the_old_mirror_still_has(
    mirror: Mirror, ledger: DeployedLedger, traded: int, tmp_path: Path
) -> None:
    before = await mirror.digests()
    await archive(mirror.url, tmp_path, traded)
    assert (await rebuild(ledger.client, mirror.url)).differences == ()
    assert await mirror.digests() == before


async def test_during_a_rebuild_nothing_is_archived(mirror: Mirror, traded: int, tmp_path: Path) -> None:
    async with rebuild_lock(mirror.engine):
        with pytest.raises(MirrorLocked):
            await archive(mirror.url, tmp_path, traded)


async def test_a_block_that_was_tampered_with_in_the_mirror_is_not_archived(
    mirror: Mirror, traded: int, tmp_path: Path
) -> None:
    prefix = "" if mirror.url.startswith("sqlite") else "ledger."
    async with mirror.engine.begin() as connection:
        spoil = f"UPDATE {prefix}chain_block SET parent_hash = hash WHERE number = 30"  # noqa: S608
        await connection.execute(text(spoil))
    events = await count_events(mirror)
    with pytest.raises(ArchiveRefused, match="not the child"):
        await archive(mirror.url, tmp_path, traded)
    (kept,) = manifests(tmp_path)
    assert await count_events(mirror) == events - kept.events


@pytest.mark.parametrize("spoilt", ["changed", "short", "renamed", "missing"])
async def test_a_file_that_is_not_what_it_was_is_refused_by_everybody(
    mirror: Mirror, ledger: DeployedLedger, traded: int, tmp_path: Path, spoilt: str
) -> None:
    moved = await archive(mirror.url, tmp_path, traded)
    lines, manifest = tmp_path / f"{moved[0].name}.jsonl.gz", tmp_path / f"{moved[0].name}.json"
    if spoilt == "changed":
        lines.write_bytes(gzip.compress(gzip.decompress(lines.read_bytes()).replace(b"[0,", b"[1,", 1)))
    elif spoilt == "short":
        lines.write_bytes(lines.read_bytes()[:-20])
    elif spoilt == "renamed":
        manifest.rename(tmp_path / "events-000000000000-000000000001.json")
    else:
        manifest.unlink()
    events = await count_events(mirror)
    with pytest.raises(ArchiveRefused):
        await restore(mirror.url, tmp_path)
    with pytest.raises(ArchiveRefused):
        await prove(ledger.client, tmp_path)
    with pytest.raises(ArchiveRefused):
        await ArchivedNode(ledger.client, tmp_path, ledger.client.logs).logs(
            moved[0].first_block, moved[0].through_block
        )
    assert await count_events(mirror) >= events, "what came back did so whole"


async def test_an_event_that_never_was_is_found_by_the_proof(
    mirror: Mirror, ledger: DeployedLedger, traded: int, tmp_path: Path
) -> None:
    prefix = "" if mirror.url.startswith("sqlite") else "ledger."
    async with mirror.engine.begin() as connection:
        spoil = f"UPDATE {prefix}chain_event SET tx_hash = topic0 WHERE block_number < 15"  # noqa: S608
        await connection.execute(text(spoil))
    await archive(mirror.url, tmp_path, traded)
    with pytest.raises(ArchiveRefused, match="other events"):
        await prove(ledger.client, tmp_path)


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from indexer.archive import archive, files, moving, restore
from indexer.store import spans

url, folder, where, before, span = sys.argv[1:]
spans.SPAN_BLOCKS = int(span)

def die(*_args, **_values):
    os.kill(os.getpid(), signal.SIGKILL)

async def die_later(*_args, **_values):
    die()

async def die_in(connection, span):
    await spans.drop_span(connection, span)
    die()

match where:
    case "writing": files.Writer.finish = die
    case "publishing": Path.replace = die
    case "written": moving._read_through = die
    case "dropping": moving.drop_span = die_in
    case "restoring": moving._require_same_blocks = die_later
work = restore if where == "restoring" else archive
rest = () if where == "restoring" else (int(before),)
asyncio.run(work(url, Path(folder), *rest))
"""


@pytest.mark.parametrize("where", ["writing", "publishing", "written", "dropping", "restoring"])
async def test_killed_anywhere_the_events_are_in_one_of_the_two_whole(
    mirror: Mirror, traded: int, tmp_path: Path, where: str
) -> None:
    before = await mirror.digests()
    folder = tmp_path / "archive"
    folder.mkdir()
    if where == "restoring":
        await archive(mirror.url, folder, traded)
    kept = await mirror.digests()
    await mirror.engine.dispose()
    arguments = [mirror.url, str(folder), where, str(traded), str(SPAN)]
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, *arguments)
    assert await process.wait() == -signal.SIGKILL
    assert await mirror.digests() == kept, "not done is as if it had not begun"
    if where == "restoring":
        await restore(mirror.url, folder)
        assert await mirror.digests() == before
        return
    moved = await archive(mirror.url, folder, traded)
    assert manifests(folder) == moved
    for manifest in moved:
        assert len(list(read(folder, manifest))) == manifest.through_block - manifest.first_block + 1
    await restore(mirror.url, folder)
    assert await mirror.digests() == before
    shutil.rmtree(folder)
