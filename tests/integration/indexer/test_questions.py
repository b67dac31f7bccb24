"""What people ask of the mirror, against a plain reading of the same events, on either database."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from chain.translate import Translator
from domain.calendar import date_of, due_instant, last_instant
from domain.events import LotMoved
from domain.ids import PartyAddress, ReceivableId, lot_id
from indexer import queries
from indexer.db import make_sessions
from indexer.models import LedgerTable, Lot, LotMove, Receivable
from indexer.queries import BadCursor, Page, Step, UnknownSerial
from indexer.worker import MirrorWorker
from scripts.bench.questions.filling import Size, fill, told
from scripts.bench.questions.lives import BANKS, DEBTORS, NOW_S, SUPPLIERS
from tests.integration.indexer.conftest import Mirror
from tests.support.books import Books, Told, books, holdings, owed, owed_to
from tests.support.chain import DeployedLedger
from tests.support.life import life
from tests.support.mirror import CNY, FakeNode, address, address_book, word
from tests.support.play import play
from tests.support.workout import Workout

Story = Sequence[Told]


async def read_again(ledger: DeployedLedger) -> Story:
    """All events of the chain, in order."""
    found = await ledger.client.logs(0, await ledger.client.block_number())
    times = {header.number: header.timestamp for header in found.headers}
    translator = Translator(ledger.book)
    return [
        Told(log.block_number, log.log_index, times[log.block_number], event)
        for log in found.logs
        if (event := translator.translate(log)) is not None
    ]


async def lived(mirror: Mirror, ledger: DeployedLedger, steps: int) -> tuple[Story, list[str]]:
    """A life with every event, then random play; the events, and who may have held something."""
    trade = await Workout.open(ledger)
    await life(trade)
    await play(trade, Random(11), steps)
    await MirrorWorker(ledger.client, mirror.engine).catch_up()
    return await read_again(ledger), [
        party.address for party in (*trade.suppliers, trade.bank, *trade.registers, trade.debtor)
    ]


async def all_of(page_of: Callable[[str | None], Awaitable[Page[Any]]]) -> list[Any]:
    """All pages put together."""
    rows: list[Any] = []
    page = await page_of(None)
    while True:
        rows += page.items
        if page.next_cursor is None:
            return rows
        page = await page_of(page.next_cursor)


async def same_holders(session: AsyncSession, story: Story, random: Random) -> None:
    """A serial of every receivable, at the end of some block: by its time and by its number."""
    latest = books(story)
    for _ in range(12):
        at = random.choice(story)
        by_time = books(one for one in story if one.time_s <= at.time_s)
        by_block = books(one for one in story if one.block <= at.block)
        for number, account in latest.items():
            serial = random.randrange(account.issued.face)
            in_time = await queries.holder_at(session, ReceivableId(number), serial, at.time_s)
            in_block = await queries.holder_at_block(session, ReceivableId(number), serial, at.block)
            for then, found in ((by_time, in_time), (by_block, in_block)):
                expected = then[number].holding(serial) if number in then else None
                assert (found and (found.party, found.lot, found.since_s)) == expected


async def same_trees(session: AsyncSession, story: Story, limit: int) -> None:
    moves = {one.event.child: one.event for one in story if isinstance(one.event, LotMoved)}
    for number, account in books(story).items():
        tree = await all_of(
            lambda cursor, number=number: queries.tree_of(session, number, cursor=cursor, limit=limit)
        )
        assert [branch.lot.id for branch in tree] == sorted(account.ranges)
        for branch in tree:
            first, end = account.ranges[branch.lot.id]
            hop, move = branch.hop, moves[branch.lot.id]
            assert (branch.lot.first_serial, branch.lot.amount_minor) == (first, end - first)
            assert (hop.parent, hop.from_party, hop.to_party) == (move.parent, move.from_, move.to)
            assert (hop.first_serial, hop.amount_minor, hop.cause) == (move.first, move.amount, move.cause)
        for holder in {branch.lot.owner for branch in tree}:
            own = await all_of(
                lambda cursor, number=number, holder=holder: queries.tree_of(
                    session, number, holder=holder, cursor=cursor, limit=limit
                )
            )
            assert own == [branch for branch in tree if branch.lot.owner == holder]


async def same_holdings(session: AsyncSession, then: Books, party: str, at_s: int, limit: int) -> int:
    expected = holdings(then, party)
    rows = await all_of(
        lambda cursor: queries.holdings_at(session, PartyAddress(party), at_s, cursor=cursor, limit=limit)
    )
    found = {
        row.lot: (
            row.debtor,
            row.currency,
            row.due_s,
            row.first_serial,
            row.amount_minor,
            row.open_minor,
            row.since_s,
        )
        for row in rows
    }
    assert found == expected
    assert [row.lot for row in rows] == sorted(expected)
    sums: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    for _, currency, _, _, amount, left, _ in expected.values():
        sums[currency] = [old + new for old, new in zip(sums[currency], (amount, left), strict=True)]
    totals = await queries.holding_sums_at(session, PartyAddress(party), at_s)
    assert {row.currency: [row.amount_minor, row.open_minor] for row in totals} == sums
    return len(found)


async def same_exposures(
    session: AsyncSession, now: Books, parties: Sequence[str], now_s: int, limit: int
) -> None:
    rows = await all_of(
        lambda cursor: queries.exposures(session, now_s, cursor=cursor, limit=limit),
    )
    expected = owed(now, now_s)
    assert _exposed(rows) == expected
    for debtor in {debtor for debtor, _ in expected}:
        one = await queries.exposures(session, now_s, debtor=PartyAddress(debtor))
        assert _exposed(one.items) == {key: value for key, value in expected.items() if key[0] == debtor}
    for party in parties:
        rows = await all_of(
            lambda cursor, party=party: queries.exposures_of_holder(
                session, party, now_s, cursor=cursor, limit=limit
            )
        )
        owed_now = owed_to(now, party, now_s)
        assert _exposed(rows) == owed_now
        for debtor in {debtor for debtor, _ in owed_now}:
            one = await queries.exposures_of_holder(session, party, now_s, debtor=PartyAddress(debtor))
            assert _exposed(one.items) == {key: row for key, row in owed_now.items() if key[0] == debtor}


async def same_ladders(session: AsyncSession, now: Books, parties: Sequence[str], limit: int) -> None:
    debts = [
        (account.issued.debtor, "", account.issued.due, account.issued.currency, account.left)
        for account in now.values()
    ]
    owned = [
        (debtor, party, due_s, currency, left)
        for party in parties
        for debtor, currency, due_s, _, _, left, _ in holdings(now, party).values()
    ]
    debtors = {debtor for debtor, *_ in debts}
    for step in Step:
        for debtor, holder in [
            (None, None),
            *((debtor, None) for debtor in debtors),
            *((None, party) for party in parties),
            *((debtor, party) for debtor in debtors for party in parties),
        ]:
            expected: defaultdict[tuple[date, int], int] = defaultdict(int)
            for owes, owns, due_s, currency, left in debts if holder is None else owned:
                if left and debtor in (None, owes) and holder in (None, owns):
                    expected[_rung(date_of(due_s), step), currency] += left
            rows = await all_of(
                lambda cursor, step=step, debtor=debtor, holder=holder: queries.maturities(
                    session, step, debtor=debtor, holder=holder, cursor=cursor, limit=limit
                )
            )
            assert [(row.first_day, row.currency) for row in rows] == sorted(expected)
            assert {(row.first_day, row.currency): row.open_minor for row in rows} == expected


def _exposed(rows: Sequence[Any]) -> dict[tuple[str, int], tuple[int, int]]:
    found = {(row.debtor, row.currency): (row.open_minor, row.overdue_minor) for row in rows}
    assert list(found) == sorted(found)
    assert len(found) == len(rows)
    return found


def _rung(day: date, step: Step) -> date:
    """The slow way: back until a Monday or a first of a month."""
    while (step is Step.WEEK and day.weekday()) or (step is Step.MONTH and day.day > 1):
        day -= timedelta(days=1)
    return day


async def test_a_life_with_every_event_is_answered_as_its_events_say(
    mirror: Mirror, ledger: DeployedLedger
) -> None:
    story, parties = await lived(mirror, ledger, 40)
    random, now = Random(3), books(story)
    lots = 0
    async with mirror.read() as session:
        await same_holders(session, story, random)
        await same_trees(session, story, 3)
        for at in (*random.sample(story, 40), story[-1]):
            then = books(one for one in story if one.time_s <= at.time_s)
            for party in parties:
                lots += await same_holdings(session, then, party, at.time_s, 4)
        for now_s in (story[-1].time_s, story[-1].time_s + random.randint(1, 100) * 86_400):
            await same_exposures(session, now, parties, now_s, 1)
        await same_ladders(session, now, parties, 2)
    assert lots > 50


async def test_many_parties_and_currencies_are_answered_as_their_events_say(mirror: Mirror) -> None:
    size = Size(6_000)
    await fill(mirror.engine, size, lambda _what, _done, _total: None)
    story = sorted(
        (Told(fact.block_number, fact.log_index, fact.time_s, event) for fact, event in told(size)),
        key=lambda one: (one.block, one.log),
    )
    random, now = Random(5), books(story)
    parties = [*BANKS.parties[:4], *SUPPLIERS.parties[:4], DEBTORS.parties[0]]
    async with mirror.read() as session:
        await same_holders(session, story, random)
        await same_trees(session, story, 7)
        for party in parties:
            at_s = last_instant(date_of(NOW_S) - timedelta(days=random.randint(1, 900)))
            then = books(one for one in story if one.time_s <= at_s)
            await same_holdings(session, then, party, at_s, 5)
        await same_exposures(session, now, parties, NOW_S, 10)
        await same_ladders(session, now, parties[:2], 25)


async def test_lots_of_a_predecessor_ledger_have_holders_without_hops(mirror: Mirror) -> None:
    one = ReceivableId(7)
    node = FakeNode(address_book())
    node.mine()
    await MirrorWorker(node, mirror.engine).catch_up()
    async with make_sessions(mirror.engine).begin() as session:
        session.add_all(_taken_over(one))
    async with mirror.read() as session:
        first, second = lot_id(one, 1), lot_id(one, 2)
        for when_s, serial, lot in (
            (100, 0, first),
            (199, 299, first),
            (200, 299, second),
            (200, 300, first),
        ):
            found = await queries.holder_at(session, one, serial, when_s)
            assert (found.lot, found.party) == (lot, address(lot % 16))
        assert await queries.holder_at(session, one, 0, 99) is None
        assert (await queries.holder_at_block(session, one, 0, 1)).lot == first
        assert (await queries.holder_at_block(session, one, 0, 2)).lot == second
        assert [branch.hop is None for branch in (await queries.tree_of(session, one)).items] == [True, False]


def _taken_over(number: ReceivableId) -> list[LedgerTable]:
    """A receivable with one lot, from which 300 of 1,000 were cut here in block 2."""
    first, second = lot_id(number, 1), lot_id(number, 2)
    place = {"block_number": 2, "log_index": 0}
    return [
        Receivable(
            id=number, debtor=address(9), creditor=address(1), currency=CNY, face_minor=1_000, issued_s=100,
            due_s=900, state=1, terms_hash=word(1), invoice_set=word(2), **place,
        ),
        Lot(
            id=first, receivable=number, parent=0, owner=address(1), depth=0, first_serial=300,
            amount_minor=700, seq=1, since_s=100, **place,
        ),
        Lot(
            id=second, receivable=number, parent=first, owner=address(2), depth=1, first_serial=0,
            amount_minor=300, since_s=200, **place,
        ),
        LotMove(
            child=second, receivable=number, parent=first, from_party=address(1), to_party=address(2),
            first_serial=0, amount_minor=300, parent_left_minor=700, parent_seq=1, depth=1, cause=1,
            evidence=word(3), tx_hash=word(4), moved_s=200, **place,
        ),
    ]  # fmt: skip


@pytest.mark.parametrize(("receivable", "serial"), [(2, 0), (1, 100_000), (1, -1)])
async def test_a_serial_that_does_not_exist_has_no_holder(
    mirror: Mirror, ledger: DeployedLedger, receivable: int, serial: int
) -> None:
    trade = await Workout.open(ledger)
    await trade.issue(trade.suppliers[0])
    await MirrorWorker(ledger.client, mirror.engine).catch_up()
    async with mirror.read() as session:
        with pytest.raises(UnknownSerial):
            await queries.holder_at_block(session, ReceivableId(receivable), serial, 10)


async def test_a_ladder_goes_on_only_from_where_a_page_ended(mirror: Mirror) -> None:
    async with mirror.read() as session:
        for cursor in ("1", "1.2.3", "x.1", f"{due_instant(date(2026, 1, 1))}.CNY"):
            with pytest.raises(BadCursor):
                await queries.maturities(session, Step.DAY, cursor=cursor)
