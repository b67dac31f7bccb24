"""A runner is only as good as what it leaves in its database."""

import sqlite3
from pathlib import Path

import pytest

from scripts.bench.index.flat import Content
from scripts.bench.index.verify import OURS_SQLITE, difference, plain_url

CONTENT = Content(facts=(3, 4, 1), latest={1: ("0xaa", 5), 2: ("0xbb", 7)}, totals={"0xaa": 12, "0xbb": 7})


@pytest.fixture
def mirror(tmp_path: Path) -> sqlite3.Connection:
    """A mirror that has just what it must."""
    connection = sqlite3.connect(tmp_path / "mirror.db", isolation_level=None)
    connection.executescript(
        """
        CREATE TABLE chain_event (block_number, log_index);
        INSERT INTO chain_event VALUES (1, 0), (1, 1), (2, 0);
        CREATE TABLE flat_latest (id, party, amount_minor);
        INSERT INTO flat_latest VALUES (1, '0xAA', 5), (2, '0xBB', 7);
        CREATE TABLE flat_total (party, amount_minor);
        INSERT INTO flat_total VALUES ('0xAA', 12), ('0xBB', 7);
        """
    )
    return connection


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("SELECT 1", ""),
        ("DELETE FROM chain_event WHERE block_number = 2", "facts"),
        ("UPDATE chain_event SET log_index = 1 WHERE block_number = 2", "facts"),
        ("UPDATE flat_latest SET amount_minor = 6 WHERE id = 1", "latest differs for 1: ('0xaa', 6)"),
        ("UPDATE flat_latest SET party = '0xBB' WHERE id = 1", "latest differs for 1: ('0xbb', 5)"),
        ("DELETE FROM flat_latest WHERE id = 2", "latest differs for 2: None"),
        ("INSERT INTO flat_total VALUES ('0xCC', 1)", "the total differs for 0xcc: 1, not None"),
        ("UPDATE flat_total SET amount_minor = 13 WHERE party = '0xAA'", "the total differs for 0xaa: 13"),
    ],
)
def test_what_is_not_as_it_must_be_is_named(
    mirror: sqlite3.Connection, tmp_path: Path, change: str, said: str
) -> None:
    mirror.execute(change)
    mirror.close()
    found = difference(f"sqlite+aiosqlite:///{tmp_path / 'mirror.db'}", OURS_SQLITE, CONTENT)
    assert found.startswith(said)
    assert bool(found) is bool(said)


def test_other_clients_get_the_address_without_our_driver() -> None:
    url = "postgresql+psycopg://tally@/tally_1?host=/tmp/socket"
    assert plain_url(url) == "postgresql://tally@/tally_1?host=%2Ftmp%2Fsocket"
