"""The questions, each with arguments that vary, and how long the answers take."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from domain.calendar import date_of, last_instant
from domain.ids import LOT_INDEX_BITS, ReceivableId
from indexer import queries
from indexer.models import Lot, Receivable
from indexer.queries import Step
from scripts.bench.questions.filling import Size
from scripts.bench.questions.lives import BANKS, BEGIN_S, DEBTORS, NOW_S, SUPPLIERS, WIDE_LOTS, Crowd

PAGE: Final = 50
WARM_UP: Final = 3

Ask = Callable[[AsyncSession], Awaitable[Any]]


@dataclass(slots=True)
class Answers:
    """How long each answer took, and how long a processor, ours or the database's, worked on it.

    On a machine that does nothing else both are the same. The latter is left out where nobody says.
    """

    name: str
    wall_ms: list[float] = field(default_factory=list)
    processor_ms: list[float] = field(default_factory=list)


class Asker:
    """Another question of its kind each time; a party is asked about as often as it trades."""

    def __init__(self, size: Size, faces: dict[int, int], wide: list[int], random: Random) -> None:
        self._size = size
        self._faces = faces
        self._ids = tuple(faces)
        self._wide = tuple(wide) or self._ids
        self._random = random

    @classmethod
    async def of(cls, session: AsyncSession, size: Size, random: Random) -> "Asker":
        """Knows the receivables, and which of them are wide."""
        rows = await session.execute(select(col(Receivable.id), col(Receivable.face_minor)))
        faces = {number: face for number, face in rows}  # noqa: C416  # rows are no pairs to the type checker
        lots = select(col(Lot.receivable)).group_by(col(Lot.receivable)).having(func.count() > WIDE_LOTS // 2)
        return cls(size, faces, list((await session.scalars(lots)).all()), random)

    def kinds(self) -> dict[str, Callable[[], Ask]]:
        """Every kind by name."""
        return {
            "who held a serial at a time": lambda: self._holder_at(self._ids),
            "who held a serial after a block": lambda: self._holder_at_block(self._ids),
            "who held a serial, one of 9,000 lots": lambda: self._holder_at(self._wide),
            "tree of a receivable": lambda: self._tree(self._ids),
            "tree of a receivable, of 9,000 lots": lambda: self._tree(self._wide),
            "holdings of a supplier on a date": lambda: self._holdings(SUPPLIERS),
            "holdings of a bank on a date": lambda: self._holdings(BANKS),
            "sums of a supplier's holdings on a date": lambda: self._sums(SUPPLIERS),
            "sums of a bank's holdings on a date": lambda: self._sums(BANKS),
            "exposure to a debtor": lambda: self._exposures(debtor=DEBTORS.one(self._random)),
            "exposure to all debtors": self._exposures,
            "exposure of a bank by debtor": self._exposures_of_bank,
            "what a debtor pays, by day": lambda: self._ladder(Step.DAY, debtor=DEBTORS.one(self._random)),
            "what comes in for a supplier, by day": lambda: self._ladder(
                Step.DAY, holder=SUPPLIERS.one(self._random)
            ),
            "what comes in for a bank, by day": lambda: self._ladder(
                Step.DAY, holder=BANKS.one(self._random)
            ),
            "maturities of the ledger, by week": lambda: self._ladder(Step.WEEK),
            "maturities of the ledger, by month": lambda: self._ladder(Step.MONTH),
        }

    def _serial(self, among: tuple[int, ...]) -> tuple[ReceivableId, int]:
        number = self._random.choice(among)
        return ReceivableId(number), self._random.randrange(self._faces[number])

    def _day(self) -> int:
        """The end of a day of the last year: books are closed, audits made."""
        return last_instant(date_of(NOW_S) - timedelta(days=self._random.randint(1, 365)))

    def _holder_at(self, among: tuple[int, ...]) -> Ask:
        number, serial = self._serial(among)
        when_s = self._random.randrange(BEGIN_S, NOW_S)
        return lambda session: queries.holder_at(session, number, serial, when_s)

    def _holder_at_block(self, among: tuple[int, ...]) -> Ask:
        number, serial = self._serial(among)
        block = self._random.randint(1, self._size.blocks)
        return lambda session: queries.holder_at_block(session, number, serial, block)

    def _tree(self, among: tuple[int, ...]) -> Ask:
        """The first page, of a wide one any."""
        number, _ = self._serial(among)
        after = self._random.randrange(WIDE_LOTS) if among is self._wide else 0
        cursor = str((number << LOT_INDEX_BITS) + after)
        return lambda session: queries.tree_of(session, number, cursor=cursor, limit=PAGE)

    def _holdings(self, crowd: Crowd) -> Ask:
        party, at_s = crowd.one(self._random), self._day()
        return lambda session: queries.holdings_at(session, party, at_s, limit=PAGE)

    def _sums(self, crowd: Crowd) -> Ask:
        party, at_s = crowd.one(self._random), self._day()
        return lambda session: queries.holding_sums_at(session, party, at_s)

    def _exposures(self, **of: Any) -> Ask:
        return lambda session: queries.exposures(session, NOW_S, limit=PAGE, **of)

    def _exposures_of_bank(self) -> Ask:
        bank = BANKS.one(self._random)
        return lambda session: queries.exposures_of_holder(session, bank, NOW_S, limit=PAGE)

    def _ladder(self, step: Step, **of: Any) -> Ask:
        return lambda session: queries.maturities(session, step, limit=PAGE, **of)


async def answers(
    sessions: async_sessionmaker[AsyncSession], kinds: dict[str, Callable[[], Ask]], times: int
) -> AsyncIterator[Answers]:
    """Each kind so many times, after a few that are not counted; a session each, as for a request."""
    for name, another in kinds.items():
        found = Answers(name)
        for count in range(-WARM_UP, times):
            ask = another()
            async with sessions() as session:
                server = await _server_clock(session)
                worked, started = _worked_ms(server), time.perf_counter()
                await ask(session)
                wall_ms, after = (time.perf_counter() - started) * 1_000, _worked_ms(server)
            if count >= 0:
                found.wall_ms.append(wall_ms)
                if worked is not None and after is not None:
                    found.processor_ms.append(after - worked)
        yield found


async def _server_clock(session: AsyncSession) -> Path | None:
    """Where the kernel says how long the session's process at the database server worked; SQLite has none."""
    if session.get_bind().dialect.name == "sqlite":
        return None
    return Path(f"/proc/{await session.scalar(text('SELECT pg_backend_pid()'))}/schedstat")


def _worked_ms(server: Path | None) -> float | None:
    """By this process and the server's; None where the kernel does not say."""
    mine = time.process_time_ns()
    if server is None:
        return mine / 1_000_000
    if not server.exists():
        return None
    return (mine + int(server.read_text("ascii").split()[0])) / 1_000_000
