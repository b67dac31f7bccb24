"""`tally bench index` for real, with loads that are small enough for a test."""

from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from chain.logs import read_logs
from chain.rpc import JsonRpc, Request
from scripts.bench.index import backfill, real
from scripts.bench.index.backfill import Field, flat_field
from scripts.bench.index.child import run_python
from scripts.bench.index.flat import Size
from scripts.bench.index.live import Counts, live
from scripts.bench.index.lots.field import lots_field
from scripts.bench.index.mix import load
from scripts.bench.index.peers import NAMES, peers
from scripts.bench.index.verify import connected
from scripts.system.postgres import empty_database
from tests.support.tally import last_json, tally

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

EVENTS = 250
FEW = Counts(blocks=12, burst=10, missed=3, orphaned=4, final=8)


def silent(_what: str) -> None:
    """Nobody looks."""


async def logs(rpc: JsonRpc, field: Field) -> list[tuple[int, int, tuple[str, ...], str]]:
    """Blocks counted from the first of the load, indexes, topics and data of all events."""
    (raw,) = await rpc.batch(
        [Request("eth_getLogs", ({"fromBlock": "0x0", "toBlock": hex(field.chain.through)},))]
    )
    first = field.chain.book.deployed_block + 1
    return [(log.block_number - first, log.log_index, log.topics, log.data) for log in read_logs(raw)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def field(tmp_path_factory: pytest.TempPathFactory, postgres_cluster: Path) -> AsyncIterator[Field]:
    """A chain with the flat load, 20 events a block."""
    folder = tmp_path_factory.mktemp("flat")
    async with flat_field(Size(EVENTS, 20), folder, postgres_cluster, silent) as made:
        yield made


async def test_our_mirror_is_right_in_both_databases(field: Field) -> None:
    outcomes = await backfill.ours(field)
    assert [one.name for one in outcomes] == [backfill.OURS_POSTGRES_NAME, backfill.OURS_SQLITE_NAME]
    assert [one.problem for one in outcomes] == ["", ""]
    assert all(one.events_per_s for one in outcomes)
    assert all(one.peak_mb and one.peak_mb > 20 for one in outcomes)
    assert list(field.folder.iterdir()) == [field.book], "what was mirrored is not kept"


async def test_a_stand_in_for_a_node_tells_the_same_load(field: Field, tmp_path: Path) -> None:
    size = Size(EVENTS, 20)
    node = JsonRpc(field.chain.rpc_url, 10.0)
    async with backfill.volume_field(size, tmp_path, None, silent) as volume:
        outcomes = await backfill.ours(volume)
        other = JsonRpc(volume.chain.rpc_url, 10.0)
        assert await logs(other, volume) == await logs(node, field)
        await other.close()
    await node.close()
    assert [one.problem for one in outcomes] == [backfill.NO_SERVER, ""]


async def test_a_mirror_with_other_content_is_wrong_and_has_no_rate(field: Field) -> None:
    other = replace(field.content, totals={**field.content.totals, "0xaa": 1})
    for outcome in await backfill.ours(replace(field, content=other)):
        assert outcome.problem.startswith("wrong: the total differs for 0xaa: None, not 1")
        assert outcome.events_per_s is None
    plain = await backfill.plain_script(replace(field, content=other))
    assert plain.problem.startswith("wrong: the sum of amounts")


async def test_a_plain_script_and_the_limits_are_measured(field: Field) -> None:
    outcomes = [await backfill.plain_script(field), *await backfill.limits(field)]
    assert [one.problem for one in outcomes] == [""] * 5
    rates: dict[str, Any] = {one.name: one.events_per_s for one in outcomes}
    assert rates["limit: download"] >= rates["limit: download and parse"]


async def test_without_a_server_what_needs_one_says_so(field: Field) -> None:
    alone = replace(field, cluster=None)
    on_postgres, on_sqlite = await backfill.ours(alone)
    assert on_postgres.problem == backfill.NO_SERVER
    assert on_sqlite.problem == ""
    assert [one.problem for one in await peers(alone)] == [backfill.NO_SERVER] * len(NAMES)
    (copy,) = [one for one in await backfill.limits(alone) if one.problem]
    assert (copy.name, copy.seconds) == ("limit: PostgreSQL COPY", None)
    assert copy.problem == backfill.NO_SERVER


async def test_the_peers_are_right_on_the_same_blocks(field: Field) -> None:
    outcomes = await peers(field)
    assert [one.name for one in outcomes] == list(NAMES)
    missing = [one.problem for one in outcomes if one.problem.startswith("not measured: npm ci")]
    if missing:
        pytest.skip(missing[0])
    assert [one.problem for one in outcomes] == [""] * len(NAMES)
    assert all(one.events_per_s for one in outcomes)


async def test_the_real_mix_is_kept_mirrored_checked_and_followed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, postgres_cluster: Path
) -> None:
    monkeypatch.setattr(load, "KEPT", tmp_path / "kept")
    made: list[int] = []
    kept = await load.kept_mix(600, made.append)
    assert await load.kept_mix(600, made.append) == kept
    assert len(made) == 1, "what is kept is not made again"
    async with real.real_field(600, tmp_path, postgres_cluster, silent) as field:
        assert field.chain.mix.events >= 600
        assert field.chain.mix.receivables == load.LIVES_AT_ONCE
        with real.databases(field) as databases:
            done = [await real.mirrored(field, database) for database in databases]
            assert [(one.backfill.problem, one.check.problem) for one in done] == [("", "")] * 2
            assert real.unlike(done) == []
            figures, wrong = await live(field, databases, FEW)
    assert wrong == []
    values = {figure.name: figure.value for figure in (*real.figures(done), *figures)}
    for name in (real.ON_POSTGRES, real.ON_SQLITE):
        assert values[f"real mix, {name}: check"]
        assert values[f"{name}: block to row p95"] >= values[f"{name}: block to row p50"]
        assert values[f"{name}: burst of 10 blocks caught up"] < 5
        assert values[f"{name}: restart to head after kill -9, 3 blocks missed"]
        assert values[f"{name}: reorganisation of 4 blocks"]
        for clients in ("", ", 300 of them"):
            told = f"{name}: block to SSE client{clients}"
            assert values[f"{told} p95"] >= values[f"{told} p50"] > 0


async def test_the_check_of_many_lots_finds_none_that_differs_but_the_one_that_does(
    tmp_path: Path, postgres_cluster: Path
) -> None:
    urls = [f"sqlite+aiosqlite:///{tmp_path / 'mirror.db'}"]
    told: list[int] = []
    with empty_database(postgres_cluster) as url:
        urls.append(url)
        async with lots_field(600, tmp_path / "lots", urls, told.append) as many:
            assert told == [many.lots]
            assert many.lots >= 500
            for database in urls:
                done = await run_python("check", many.task(database))
                assert done.problem == ""
                assert done.answer.fields is not None
                assert done.answer.fields > 13 * many.lots
            with closing(connected(urls[0])) as connection:
                connection.execute("UPDATE lot SET seq = seq + 1 WHERE id = (SELECT max(id) FROM lot)")
                connection.commit()
            spoilt = await run_python("check", many.task(urls[0]))
    assert spoilt.problem.startswith("1 differences, cash holds: True; ")
    assert "field='seq'" in spoilt.problem


async def test_json_is_the_last_line_and_targets_that_are_missed_are_no_failure() -> None:
    done = tally("bench", "index", "--json", "--part", "flat", "--events", "100")
    assert done.returncode == 0, done.stderr
    document = last_json(done)
    assert document["name"] == "index"
    assert document["wrong"] == []
    rates = {one["name"]: one["events_per_s"] for one in document["outcomes"]}
    assert rates.keys() >= {
        backfill.OURS_SQLITE_NAME,
        backfill.PROVEN_NAME,
        backfill.WEB3_NAME,
        "limit: download",
    }
    assert all(rates.values())
    assert {one["peer"] for one in document["ratios"]} == {backfill.WEB3_NAME}
    assert len(done.stdout.splitlines()) == 1
    assert [one["name"] for one in document["figures"] if one["value"] is None] == []
