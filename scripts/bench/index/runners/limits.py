"""The limit of each stage by itself: downloading, reading, writing rows of facts that are there already."""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import httpx
import msgspec
import psycopg

from chain.logs import RawLog, read_logs
from scripts.bench.index.task import Answer, Task
from scripts.bench.index.verify import plain_url

BLOCKS_A_RANGE: Final = 160
ROWS_A_TRANSACTION: Final = 10_000

Row = tuple[int | str, ...]

_KINDS: Final = ("int8", "int8", "text", "int8", "text", "text", "text", "text", "text", "text", "text")
_COLUMNS: Final = (
    "block_number bigint, log_index bigint, tx_hash varchar(66), tx_index bigint, contract varchar(42), "
    "name text, topic0 varchar(66), topic1 varchar(66), topic2 varchar(66), topic3 varchar(66), data text, "
    "PRIMARY KEY (block_number, log_index)"
)


class _Response(msgspec.Struct):
    result: msgspec.Raw


_RESPONSE: Final = msgspec.json.Decoder(_Response)


def download(task: Task) -> Iterator[bytes]:
    """The answers of eth_getLogs, range by range over one connection."""
    book = task.read_book()
    with httpx.Client(timeout=30.0, trust_env=False) as http:
        for first in range(book.deployed_block, task.through + 1, BLOCKS_A_RANGE):
            last = min(first + BLOCKS_A_RANGE - 1, task.through)
            wanted = {"fromBlock": hex(first), "toBlock": hex(last), "address": book.address("Ledger")}
            request = {"jsonrpc": "2.0", "id": 1, "method": "eth_getLogs", "params": [wanted]}
            yield http.post(task.rpc_url, json=request).raise_for_status().content


def parse(answer: bytes) -> tuple[RawLog, ...]:
    """The logs of an answer."""
    return read_logs(_RESPONSE.decode(answer).result)


def rows(logs: list[RawLog]) -> list[Row]:
    """As the table of facts has them."""
    return [
        (
            log.block_number,
            log.log_index,
            log.transaction_hash,
            log.transaction_index,
            log.address,
            "Recorded",
            *log.topics,
            log.data,
        )
        for log in logs
    ]


def copy_to_postgres(database: str, facts: list[Row]) -> float:
    """Seconds for one binary COPY and its commit."""
    with psycopg.connect(plain_url(database)) as connection:
        connection.execute(f"CREATE TABLE fact ({_COLUMNS})")
        connection.commit()
        started = time.perf_counter()
        with connection.cursor().copy("COPY fact FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(_KINDS)
            for fact in facts:
                copy.write_row(fact)
        connection.commit()
        return time.perf_counter() - started


def insert_into_sqlite(facts: list[Row]) -> float:
    """Seconds for executemany in transactions of 10,000 rows, with a write-ahead log and no rowid."""
    with (
        tempfile.TemporaryDirectory(prefix="tally-bench-") as folder,
        closing(sqlite3.connect(Path(folder) / "facts.db")) as connection,
    ):
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"CREATE TABLE fact ({_COLUMNS}) WITHOUT ROWID")
        statement = f"INSERT INTO fact VALUES ({', '.join('?' * len(_KINDS))})"  # noqa: S608  # no value in it
        started = time.perf_counter()
        for first in range(0, len(facts), ROWS_A_TRANSACTION):
            connection.executemany(statement, facts[first : first + ROWS_A_TRANSACTION])
            connection.commit()
        return time.perf_counter() - started


def main() -> None:
    """See the package."""
    task = Task.given()
    started = time.perf_counter()
    answers = list(download(task))
    downloaded = time.perf_counter()
    logs = [log for answer in answers for log in parse(answer)]
    parsed = time.perf_counter()
    answers.clear()
    facts = rows(logs)
    seconds = {
        "download": downloaded - started,
        "download and parse": parsed - started,
        "SQLite executemany": insert_into_sqlite(facts),
    }
    if task.database:
        seconds["PostgreSQL COPY"] = copy_to_postgres(task.database, facts)
    Answer(seconds).say()


if __name__ == "__main__":
    main()
