"""Migrations and models are the same schema, on both databases, up and down."""

import asyncio
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, create_engine, inspect, make_url, text
from sqlalchemy.pool import NullPool

from domain.ids import ZERO_ADDRESS
from domain.receivable import ReceivableState
from indexer import migrations
from indexer.db import make_engine
from indexer.models import ChainEvent, LedgerTable
from indexer.schema import migrate
from indexer.store.bulk import bulk
from indexer.store.shapes import shape
from indexer.store.spans import make_spans, spans
from tests.support.mirror import address

REVISIONS = sorted(
    path.name.partition("_")[0] for path in Path(migrations.__file__).parent.glob("versions/0*.py")
)


def sync_engine(url: str):
    parsed = make_url(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    return create_engine(parsed.set(drivername="sqlite") if is_sqlite else parsed, poolclass=NullPool)


def schema_of(url: str) -> str | None:
    return None if url.startswith("sqlite") else "ledger"


def tables(url: str) -> set[str]:
    with sync_engine(url).connect() as connection:
        return {name for name in inspect(connection).get_table_names(schema_of(url)) if not is_span(name)}


def is_span(name: str | None, kind: str = "table") -> bool:
    """A part of the table of events (PostgreSQL), which no model has."""
    return kind == "table" and bool(name and name.startswith("chain_event_"))


def test_the_newest_revision_is_what_the_models_say(mirror_url: str) -> None:
    migrate(mirror_url)
    schema = schema_of(mirror_url)
    wanted = MetaData(naming_convention=LedgerTable.metadata.naming_convention)
    for table in LedgerTable.metadata.tables.values():
        table.to_metadata(wanted, schema=schema)
    with sync_engine(mirror_url).connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "version_table": "mirror_version",
                "version_table_schema": schema,
                "include_schemas": schema is not None,
                "include_name": lambda name, kind, _parents: kind != "schema" or name == schema,
                "include_object": lambda _object, name, kind, _reflected, _other: not is_span(name, kind),
            },
        )
        assert compare_metadata(context, wanted) == []


def test_down_takes_everything_away_and_up_brings_it_back(mirror_url: str) -> None:
    migrate(mirror_url)
    before = tables(mirror_url)
    assert len(before) == len(LedgerTable.metadata.tables) + 1
    migrate(mirror_url, "base")
    assert tables(mirror_url) == {"mirror_version"}
    migrate(mirror_url)
    assert tables(mirror_url) == before


def columns(url: str) -> dict[str, set[str]]:
    with sync_engine(url).connect() as connection:
        found = inspect(connection)
        return {
            table: {column["name"] for column in found.get_columns(table, schema_of(url))}
            for table in found.get_table_names(schema_of(url))
        }


def test_each_revision_goes_back_to_the_one_before(mirror_url: str) -> None:
    seen = []
    for revision in REVISIONS:
        migrate(mirror_url, revision)
        seen.append(columns(mirror_url))
    migrate(mirror_url)
    assert columns(mirror_url) == seen[-1]
    for before in reversed(seen[:-1]):
        migrate(mirror_url, "-1")
        assert columns(mirror_url) == before
    assert "flags" in seen[1]["lot"] - seen[0]["lot"]


def test_a_lot_of_an_older_mirror_is_without_flags_and_charge(mirror_url: str) -> None:
    migrate(mirror_url, "0001")
    prefix = "" if mirror_url.startswith("sqlite") else "ledger."
    row = {
        "block_number": 1, "log_index": 1, "id": 7, "receivable": 1, "parent": 0, "owner": address(1),
        "depth": 0, "first_serial": 0, "amount_minor": 5, "seq": 0, "claimed_through": 2, "since_s": 1,
    }  # fmt: skip
    names, places = ", ".join(row), ", ".join(f":{name}" for name in row)
    with sync_engine(mirror_url).begin() as connection:
        connection.execute(text(f"INSERT INTO {prefix}lot ({names}) VALUES ({places})"), row)  # noqa: S608
    migrate(mirror_url)
    added = "flags, chargee, secured_minor, recourse_limit_minor"
    with sync_engine(mirror_url).begin() as connection:
        (found,) = connection.execute(text(f"SELECT id, claimed_through, {added} FROM {prefix}lot"))  # noqa: S608
    assert tuple(found) == (7, 2, 0, ZERO_ADDRESS, 0, 0)


def test_a_receivable_closed_in_an_older_mirror_says_when(mirror_url: str) -> None:
    migrate(mirror_url, "0004")
    states = {1: ReceivableState.ACTIVE, 2: ReceivableState.SETTLED, 3: ReceivableState.CANCELLED}
    with sync_engine(mirror_url).begin() as connection:
        for number, state in states.items():
            _insert(connection, mirror_url, "receivable", id=number, state=state.value, block_number=number)
            _insert(connection, mirror_url, "chain_block", number=number, time_s=1_000 + number)
        for log, state in enumerate((ReceivableState.SETTLING, ReceivableState.SETTLED)):
            _insert(
                connection, mirror_url, "receivable_state_change",
                block_number=9, log_index=log, receivable=2, to_state=state.value, changed_s=700 + log,
            )  # fmt: skip
    migrate(mirror_url)
    prefix = "" if mirror_url.startswith("sqlite") else "ledger."
    with sync_engine(mirror_url).begin() as connection:
        found = connection.execute(text(f"SELECT id, closed_s FROM {prefix}receivable"))  # noqa: S608
        assert dict(found.all()) == {1: None, 2: 701, 3: 1_003}


def test_a_lot_of_an_older_mirror_is_closed_with_its_receivable(mirror_url: str) -> None:
    migrate(mirror_url, "0006")
    with sync_engine(mirror_url).begin() as connection:
        for number, closed_s in ((1, None), (2, 701)):
            _insert(connection, mirror_url, "receivable", id=number, closed_s=closed_s)
            for index in (1, 2):
                _insert(connection, mirror_url, "lot", id=10 * number + index, receivable=number)
    migrate(mirror_url)
    prefix = "" if mirror_url.startswith("sqlite") else "ledger."
    with sync_engine(mirror_url).begin() as connection:
        found = connection.execute(text(f"SELECT id, closed_s FROM {prefix}lot"))  # noqa: S608
        assert dict(found.all()) == {11: None, 12: None, 21: 701, 22: 701}


def test_the_events_of_an_older_mirror_stay_where_they_are_and_new_ones_find_a_place(mirror_url: str) -> None:
    migrate(mirror_url, "0005")
    with sync_engine(mirror_url).begin() as connection:
        for block in (1, 1_500_000):
            _insert(connection, mirror_url, "chain_event", block_number=block, log_index=0)
    migrate(mirror_url)
    asyncio.run(_write_events(mirror_url, 1_999_999, 2_000_001))
    assert _event_blocks(mirror_url) == [1, 1_500_000, 1_999_999, 2_000_001]
    migrate(mirror_url, "-1")
    assert _event_blocks(mirror_url) == [1, 1_500_000, 1_999_999, 2_000_001]


async def _write_events(url: str, *blocks: int) -> None:
    engine = make_engine(url)
    await make_spans(engine, 1_500_001, max(blocks))
    columns = shape(ChainEvent).columns
    async with engine.begin() as connection:
        if not url.startswith("sqlite"):
            found = [(span.first, span.end, span.table) for span in await spans(connection)]
            assert found == [(0, 2_000_000, "chain_event_0"), (2_000_000, 3_000_000, "chain_event_2000000")]
        numbers = {"block_number", "log_index", "tx_index"}
        rows = await bulk(connection)
        for block in blocks:
            values = {name: 0 if name in numbers else "0x00" for name in columns} | {"block_number": block}
            await rows.insert(shape(ChainEvent), [tuple(values.values())])
    await engine.dispose()


def _event_blocks(url: str) -> list[int]:
    prefix = "" if url.startswith("sqlite") else "ledger."
    with sync_engine(url).connect() as connection:
        asked = text(f"SELECT block_number FROM {prefix}chain_event ORDER BY block_number")  # noqa: S608
        return list(connection.scalars(asked))


def _insert(connection: Connection, url: str, table: str, **given: int | None) -> None:
    """A row of an older revision; what is not given is 0, or its text."""
    found = inspect(connection).get_columns(table, schema_of(url))
    row = {
        column["name"]: given.get(column["name"], 0 if "INT" in str(column["type"]) else "0x00")
        for column in found
    }
    if "overdue" in row:
        row["overdue"] = False
    names, places = ", ".join(row), ", ".join(f":{name}" for name in row)
    prefix = "" if url.startswith("sqlite") else "ledger."
    connection.execute(text(f"INSERT INTO {prefix}{table} ({names}) VALUES ({places})"), row)  # noqa: S608


def test_migrating_twice_changes_nothing(mirror_url: str) -> None:
    migrate(mirror_url)
    migrate(mirror_url)
    assert len(tables(mirror_url)) == len(LedgerTable.metadata.tables) + 1
