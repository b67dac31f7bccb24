"""Both sides of a check: mirrors filled directly, and a node whose contracts have it in their storage."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from chain.address_book import AddressBook
from chain.deploy import DeploymentTerms, deploy
from chain.devnode import DevNode, DevNodeSettings
from chain.node import ChainNode
from chain.roles import GovernanceAccounts
from indexer.changes import Changes
from indexer.db import make_engine
from indexer.models import CashBalance, CashSupply, InvoiceUse, Lot, Receivable
from indexer.schema import migrate
from indexer.store.bulk import bulk
from indexer.store.projections import write_projections
from indexer.worker import MirrorWorker
from scripts.bench.index.lots import storage
from scripts.bench.index.lots.storage import Holders, Word
from scripts.bench.index.lots.told import Teller
from scripts.bench.index.mix.cast import governance_keys, key
from scripts.bench.index.task import Task
from scripts.bench.questions.filling import Size

NEVER_S: Final = 1_000_000

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class LotsField:
    """A node with so many lots, and what a runner is told about it."""

    url: str
    book: Path
    through: int
    lots: int

    def task(self, database: str) -> Task:
        """For a mirror that was filled with the same."""
        return Task(self.url, str(self.book), self.through, database)


@dataclass(slots=True)
class _State:
    """Words by contract, as text for the node's state file: millions of integers would take gigabytes."""

    book: AddressBook
    holders: Holders = field(default_factory=Holders)
    receivables: int = 0
    balances: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    supplies: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    lines: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def take(self, changes: Changes) -> None:
        """What follows from some receivables, whole."""
        ledger, invoices = self.book.address("Ledger"), self.book.address("Invoices")
        for row in changes.inserts[Receivable].values():
            self.receivables += 1
            self.put(ledger, storage.receivable(row))
        self.put(ledger, (storage.lot(row, self.holders) for row in changes.inserts[Lot].values()))
        self.put(invoices, (storage.invoice(row) for row in changes.puts[InvoiceUse].values()))
        for row in changes.sums[CashBalance].values():
            self.balances[row["currency"], row["holder"]] += row["amount_minor"]
        for row in changes.sums[CashSupply].values():
            self.supplies[row["currency"]] += row["amount_minor"]

    def finish(self) -> None:
        """What is known when everything has been told."""
        ledger = self.book.address("Ledger")
        self.put(ledger, [(storage.RECEIVABLE_COUNT, self.receivables)])
        self.put(ledger, self.holders.words())
        for (currency, holder), amount in self.balances.items():
            self.put(self.book.cash_address(currency), [storage.balance(holder, amount)])
        for currency, amount in self.supplies.items():
            self.put(self.book.cash_address(currency), [storage.supply(amount)])

    def put(self, contract: str, words: "Iterator[Word] | list[Word]") -> None:
        self.lines[contract.lower()] += [f'"0x{slot:064x}":"0x{word:064x}"' for slot, word in words if word]


@asynccontextmanager
async def lots_field(
    lots: int, folder: Path, databases: list[str], progress: Progress
) -> AsyncIterator[LotsField]:
    """Fill the empty databases, and start a node that says the same. At a million lots some minutes."""
    settings = DevNodeSettings(state_file=folder / "chain.json", state_interval_s=NEVER_S)
    engines = [make_engine(url) for url in databases]
    try:
        async with DevNode(settings) as node:
            accounts = GovernanceAccounts(**{role: one.address for role, one in governance_keys().items()})
            made = await deploy(
                node.url, key("deployer"), DeploymentTerms(accounts), reach_time=node.set_time
            )
            for url, engine in zip(databases, engines, strict=True):
                migrate(url)
                async with await ChainNode.connect(node.url, made.book) as client:
                    await MirrorWorker(client, engine).catch_up()
            through = (await node.head()).number
        state = _State(made.book)
        # lives end with some fewer lots than they were to have
        size = Size(lots * 11)
        for told in Teller(made.book, size, through).tell():
            state.take(told.changes)
            for engine in engines:
                await _write(engine, told.changes)
            progress(told.lots)
    finally:
        for engine in engines:
            await engine.dispose()
    state.finish()
    _splice(folder / "chain.json", state.lines)
    made.book.write(folder / "book.json")
    async with DevNode(settings) as node:
        yield LotsField(node.url, folder / "book.json", through, told.lots)


async def _write(engine: AsyncEngine, changes: Changes) -> None:
    async with engine.begin() as connection:
        await write_projections(connection, await bulk(connection), changes)


def _splice(path: Path, lines: dict[str, list[str]]) -> None:
    """Put the words into the accounts of a state that anvil wrote."""
    state = msgspec.json.decode(path.read_bytes(), type=dict[str, msgspec.Raw])
    accounts = msgspec.json.decode(state["accounts"], type=dict[str, dict[str, msgspec.Raw]])
    by_address = {address.lower(): account for address, account in accounts.items()}
    for contract, words in lines.items():
        account = by_address[contract]
        held = bytes(account["storage"]).strip()[1:-1].strip()
        told = [*([held] if held else []), ",".join(words).encode()]
        account["storage"] = msgspec.Raw(b"{" + b",".join(told) + b"}")
    state["accounts"] = msgspec.Raw(msgspec.json.encode(accounts))
    path.write_bytes(msgspec.json.encode(state))
