"""What a batch of events changes, gathered in memory row by row so that each row is written once a batch.

Nearly every event carries the state after it, so nothing has to be read first: a change is a new row, a whole
row that replaces another, some columns of a row that must exist, a sum to add to, or a column that has what
another row has at that moment, which the database may have to look up.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from typing import Any

from indexer.errors import REBUILD_COMMAND, InconsistentEvents
from indexer.models import LedgerTable

Columns = dict[str, Any]
Row = tuple[Any, ...]
RowsByKey = dict[Row, Columns]
Table = type[LedgerTable]


@dataclass(frozen=True, slots=True)
class Fact:
    """Where and when an event happened; `currency` (ISO 4217 number) is the cash token's, else 0."""

    block_number: int
    log_index: int
    time_s: int
    tx_hash: str
    contract: str
    currency: int = 0


def _tables() -> defaultdict[Table, RowsByKey]:
    return defaultdict(dict)


@dataclass(slots=True)
class Changes:
    """One batch. `inserts`, `puts`, `updates` and `sums` hold columns by table and primary key.

    `copies` holds, by the same, the key of the row from which a column comes: after the inserts, before
    anything else is written, the database still has what is to be copied. `closings` are receivables whose
    lots take over when it was closed, if it is, once everything else is written.
    """

    inserts: defaultdict[Table, RowsByKey] = field(default_factory=_tables)
    puts: defaultdict[Table, RowsByKey] = field(default_factory=_tables)
    updates: defaultdict[Table, RowsByKey] = field(default_factory=_tables)
    sums: defaultdict[Table, RowsByKey] = field(default_factory=_tables)
    copies: defaultdict[Table, dict[Row, dict[str, Row]]] = field(default_factory=_tables)
    closings: set[int] = field(default_factory=set)

    def insert(self, fact: Fact, table: Table, **row: Any) -> None:
        """A row that no event has written before; columns left out take the model's default."""
        row = {**_defaults(table), **row, "block_number": fact.block_number, "log_index": fact.log_index}
        key = _key(table)(row)
        written = self.inserts[table]
        if key in written:
            raise InconsistentEvents(
                f"{table.__name__} {key} comes again at block {fact.block_number}, log {fact.log_index}; "
                f"compare with a fresh mirror: {REBUILD_COMMAND}"
            )
        written[key] = row

    def put(self, fact: Fact, table: Table, **row: Any) -> None:
        """A whole row that takes the place of the one with its key, if there is one."""
        row["block_number"], row["log_index"] = fact.block_number, fact.log_index
        key = _key(table)(row)
        self.updates.get(table, {}).pop(key, None)
        self.copies.get(table, {}).pop(key, None)
        self.puts[table][key] = row

    def update(self, fact: Fact, table: Table, key: Columns, **columns: Any) -> None:
        """Some columns of a row that must exist."""
        columns["block_number"], columns["log_index"] = fact.block_number, fact.log_index
        identity = _key(table)(key)
        pending = self.copies.get(table, {}).get(identity, {})
        for name in columns.keys() & pending.keys():
            del pending[name]
        for written in (self.inserts, self.puts):
            row = written.get(table, {}).get(identity)
            if row is not None:
                row |= columns
                return
        self.updates[table].setdefault(identity, dict(key)).update(columns)

    def copy(self, fact: Fact, table: Table, key: Columns, column: str, source: Columns) -> None:
        """A column of a row that must exist takes what it is in the row `source`, as of now."""
        identity, origin = _key(table)(key), _key(table)(source)
        pending = self.copies.get(table, {}).get(origin, {})
        if column in pending:
            self.copies[table].setdefault(identity, {})[column] = pending[column]
            return
        for written in (self.inserts, self.puts, self.updates):
            row = written.get(table, {}).get(origin, {})
            if column in row:
                self.update(fact, table, key, **{column: row[column]})
                return
        self.copies[table].setdefault(identity, {})[column] = origin

    def add(self, fact: Fact, table: Table, key: Columns, amount_minor: int) -> None:
        """Add to the amount of a row, which starts at 0."""
        row = self.sums[table].setdefault(_key(table)(key), {**key, "amount_minor": 0})
        row["amount_minor"] += amount_minor
        row["block_number"], row["log_index"] = fact.block_number, fact.log_index


@cache
def key_columns(table: Table) -> tuple[str, ...]:
    """Names of the columns of the primary key, in the order of the table."""
    return tuple(column.name for column in sql_table(table).primary_key)


def all_models() -> list[Table]:
    """Every table of the mirror, whatever module it is in."""
    found: list[Table] = []
    wanted: list[Table] = [LedgerTable]
    while wanted:
        model = wanted.pop()
        wanted += model.__subclasses__()
        if hasattr(model, "__table__"):
            found.append(model)
    return found


def sql_table(model: Table) -> Any:
    """The SQLAlchemy table behind a model."""
    return model.__table__  # type: ignore[attr-defined]


@cache
def _defaults(table: Table) -> Columns:
    fields = table.model_fields.items()
    return {name: field.default for name, field in fields if not field.is_required()}


@cache
def _key(table: Table) -> Callable[[Columns], Row]:
    names = key_columns(table)
    if len(names) == 1:
        (name,) = names
        return lambda row: (row[name],)
    return itemgetter(*names)
