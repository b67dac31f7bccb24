"""What a mirror takes is said by table and index, partitions together."""

from pathlib import Path

import pytest

from indexer.db import make_engine
from indexer.schema import migrate
from indexer.store.spans import make_spans
from scripts.bench.index.sizes import growth, relation_bytes


@pytest.fixture(params=["sqlite", "postgres"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        found = f"sqlite+aiosqlite:///{tmp_path / 'mirror.db'}"
    else:
        found = request.getfixturevalue("postgres_url")
    migrate(found)
    engine = make_engine(found)
    await make_spans(engine, 1, 2_000_001)
    await engine.dispose()
    return found


async def test_every_table_and_index_has_a_size(url: str) -> None:
    sizes = relation_bytes(url)
    tables = {table for table, _ in sizes}
    assert {"chain_event", "lot", "mirror_archive"} <= tables
    assert not {table for table in tables if table.startswith("chain_event_")}
    assert {index for table, index in sizes if table == "chain_event"} >= {"", "tx_hash"}
    assert ("lot", "owner_id") in sizes


def test_growth_is_for_a_million_and_adds_up() -> None:
    megabyte = 1 << 20
    sizes = {("a", ""): 20 * megabyte, ("a", "key"): megabyte // 5, ("b", ""): megabyte // 5}
    figures = {figure.name: figure.value for figure in growth("mix", sizes, 500_000)}
    assert figures == {
        "mix: all tables, a million events": 40.8,
        "mix: a, rows, a million events": 40,
        "mix: 2 others, a million events": 0.8,
    }
