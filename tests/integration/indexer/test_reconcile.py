"""The mirror equals the chain after any play, and every single spoilt field is found by name."""

import asyncio
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from indexer.changes import sql_table
from indexer.db import make_engine, make_sessions
from indexer.digest import digest_tables
from indexer.errors import Reorganised
from indexer.models import Cursor
from indexer.queries import cash_totals
from indexer.reconcile import Difference, check
from indexer.schema import migrate
from indexer.worker import MirrorWorker
from tests.integration.indexer.conftest import Mirror
from tests.support.chain import DeployedLedger, fresh_ledger
from tests.support.life import life
from tests.support.market import FACE, Trade
from tests.support.play import play
from tests.support.rescue import Rescue
from tests.support.workout import Workout


async def differences(mirror: Mirror, ledger: DeployedLedger) -> list[Difference]:
    async with mirror.read() as session:
        return await check(ledger.client, session)


async def mirrored_story(mirror: Mirror, ledger: DeployedLedger) -> Trade:
    trade = await Trade.open(ledger)
    await trade.story()
    await trade.issue(trade.suppliers[0], days=3)
    await trade.pass_days(10)
    await trade.flag_overdue(trade.deals[-1])
    await trade.pay(trade.deals[-1], 10)
    await trade.set_signer(trade.suppliers[0], ledger.relayer.address, 0)
    await MirrorWorker(ledger.client, mirror.engine).catch_up()
    return trade


async def mirrored_life(mirror: Mirror, ledger: DeployedLedger) -> None:
    """One lot stays charged, frozen and bought under a mandate, so that every column has a value to lose."""
    trade = await Workout.open(ledger)
    mandate = await trade.grant_mandate(recourse=1)
    kept = await trade.issue(trade.suppliers[0])
    bought = await trade.finance_under(kept, kept.lots[0], mandate, 500_00, 480_00)
    await trade.freeze(bought)
    limited = await trade.issue(trade.suppliers[0])
    await trade.finance(limited, limited.lots[0], 600_00, 590_00, secured=500_00, limit=550_00)
    await life(trade)
    pending = Rescue.of(ledger, trade.suppliers[0])
    await pending.propose()
    await pending.second()
    await MirrorWorker(ledger.client, mirror.engine).catch_up()


async def test_after_a_life_the_mirror_equals_the_chain(mirror: Mirror, ledger: DeployedLedger) -> None:
    await mirrored_life(mirror, ledger)
    parts: dict[str, int] = {}
    async with mirror.read() as session:
        assert await check(ledger.client, session, parts.__setitem__) == []
    assert set(parts) == {
        "parties", "receivables", "financing", "invoices", "cash", "governance", "sums", "histories",
    }  # fmt: skip
    assert parts["receivables"] > 50


async def test_a_check_is_of_the_mirrors_block_however_far_the_chain_has_gone(
    mirror: Mirror, ledger: DeployedLedger
) -> None:
    trade = await mirrored_story(mirror, ledger)
    await trade.pay(trade.deals[-1], 20)
    await trade.claim(trade.deals[-1])
    await trade.redeem(trade.bank, 1)
    assert await differences(mirror, ledger) == []


async def test_an_empty_mirror_has_no_differences(mirror: Mirror, ledger: DeployedLedger) -> None:
    assert await differences(mirror, ledger) == []


SPOILT = [
    ("UPDATE {s}party SET kyb_until_s = 7", "party", "kyb_until_s"),
    ("UPDATE {s}party SET blocking = blocking + 1", "party", "blocking"),
    ("UPDATE {s}signer SET powers = 1", "signer", "powers"),
    ("DELETE FROM {s}threshold", "threshold", "row"),
    ("UPDATE {s}recovery SET ready_s = ready_s + 1", "recovery", "ready_s"),
    ("UPDATE {s}recovery SET state = 2", "recovery", "state"),
    ("DELETE FROM {s}recovery", "recovery", "row"),
    ("UPDATE {s}receivable SET paid_minor = paid_minor - 1", "receivable", "paid_minor"),
    ("UPDATE {s}receivable SET terms_hash = invoice_set", "receivable", "terms_hash"),
    ("UPDATE {s}receivable SET issued_s = issued_s + 1", "receivable", "issued_s"),
    ("DELETE FROM {s}receivable WHERE id = 2", "receivable", "row"),
    ("UPDATE {s}lot SET first_serial = first_serial + 1", "lot", "first_serial"),
    ("UPDATE {s}lot SET seq = seq + 1", "lot", "seq"),
    ("DELETE FROM {s}lot WHERE depth = 1", "lot", "row"),
    ("UPDATE {s}invoice_use SET used_minor = used_minor - 1", "invoice_use", "used_minor"),
    ("UPDATE {s}cash_balance SET amount_minor = amount_minor + 1", "cash_balance", "amount_minor"),
    ("UPDATE {s}cash_supply SET amount_minor = amount_minor + 1", "cash_supply", "amount_minor"),
    ("UPDATE {s}currency_cash SET cash = 'x'", "currency_cash", "cash"),
    ("UPDATE {s}cash_limit SET per_day_minor = '0x0000000000000001'", "cash_limit", "per_day_minor"),
    ("UPDATE {s}module_right SET rights = 63", "module_right", "rights"),
    ("UPDATE {s}rule SET value = value + 1", "rule", "value"),
    ("DELETE FROM {s}rule WHERE param = 2", "rule", "row"),
    ("UPDATE {s}role_grant SET delay_seconds = 1", "role_grant", "delay_seconds"),
    ("UPDATE {s}function_role SET role = '0x0000000000000009'", "function_role", "role"),
    ("DELETE FROM {s}payment", "receivable", "paid_minor"),
    ("DELETE FROM {s}claim", "receivable", "claimed_minor"),
    ("UPDATE {s}receivable SET installments = installments + 1", "receivable", "installments"),
    ("UPDATE {s}lot SET claimed_through = 0", "lot", "claimed_through"),
    ("UPDATE {s}lot SET closed_s = 7 WHERE closed_s IS NULL", "lot", "closed_s"),
    ("UPDATE {s}lot SET closed_s = NULL", "lot", "closed_s"),
    ("UPDATE {s}lot SET flags = 0", "lot", "flags"),
    ("UPDATE {s}lot SET chargee = owner", "lot", "chargee"),
    ("UPDATE {s}lot SET secured_minor = secured_minor + 1", "lot", "secured_minor"),
    ("UPDATE {s}lot SET recourse_limit_minor = 0", "lot", "recourse_limit_minor"),
    ("DELETE FROM {s}lot_flag_change", "lot", "flags"),
    ("UPDATE {s}lot_charge_change SET secured_minor = 7", "lot", "secured_minor"),
    ("UPDATE {s}receivable_state_change SET to_state = 1", "receivable", "state"),
    ("DELETE FROM {s}receivable_order", "receivable_order", "row"),
    ("DELETE FROM {s}write_off", "write_off", "row"),
    ("DELETE FROM {s}financing", "financing", "row"),
    ("DELETE FROM {s}buy_back", "buy_back", "row"),
    ("DELETE FROM {s}pledge_agreement", "pledge_agreement", "row"),
    ("DELETE FROM {s}lot_export", "lot_export", "row"),
    ("UPDATE {s}lot_export SET registry_ref = digest", "lot_export", "child"),
    ("UPDATE {s}mandate SET exposure_minor = '0x0000000000000001'", "mandate", "exposure_minor"),
    ("UPDATE {s}mandate SET id = tx_hash", "mandate", "row"),
    ("UPDATE {s}mandate_holding SET held_minor = held_minor + 1", "mandate_holding", "held_minor"),
    ("DELETE FROM {s}mandate_holding", "mandate_holding", "row"),
    ("DELETE FROM {s}mandate", "mandate", "row"),
    ("UPDATE {s}charge_payment SET amount_minor = amount_minor + 1", "cash_movement", "amount_minor"),
    ("DELETE FROM {s}charge_payment", "cash_movement", "amount_minor"),
    ("DELETE FROM {s}invoice_release", "invoice_use", "used_minor"),
    ("UPDATE {s}invoice_binding SET amount_minor = amount_minor - 1", "invoice_use", "used_minor"),
]


@pytest.mark.slow
@pytest.mark.parametrize("mirror_url", ["sqlite"], indirect=True)
async def test_every_spoilt_field_is_found_by_table_and_name(mirror: Mirror, ledger: DeployedLedger) -> None:
    await mirrored_life(mirror, ledger)
    missed = []
    for statement, table, field in SPOILT:
        connection = await mirror.engine.connect()
        transaction = await connection.begin()
        assert (await connection.execute(text(statement.format(s="")))).rowcount > 0, statement
        async with make_sessions(mirror.engine)(bind=connection) as session:
            found = {
                (difference.table, difference.field) for difference in await check(ledger.client, session)
            }
        if (table, field) not in found:
            missed.append((statement, found))
        await transaction.rollback()
        await connection.close()
    assert missed == []
    assert await differences(mirror, ledger) == []


async def test_a_mirror_of_another_branch_is_not_compared(mirror: Mirror, ledger: DeployedLedger) -> None:
    await mirrored_story(mirror, ledger)
    async with mirror.engine.begin() as connection:
        await connection.execute(sql_table(Cursor).update().values(block_hash="other"))
    with pytest.raises(Reorganised):
        await differences(mirror, ledger)


@settings(max_examples=6)
@given(seed=st.integers(0, 2**32))
def test_whatever_is_played_the_mirror_equals_the_chain(seed: int, tmp_path_factory) -> None:
    asyncio.run(_played(seed, tmp_path_factory.mktemp("play")))


async def _played(seed: int, folder: Path) -> None:
    """Mirrored while it is played in uneven batches, and once more at a stroke: the same rows."""
    random = Random(seed)
    digests = []
    urls = [f"sqlite+aiosqlite:///{folder / name}.db" for name in ("live", "later")]
    for url in urls:
        migrate(url)
    live, later = (make_engine(url) for url in urls)
    async with fresh_ledger() as ledger:
        trade = await Workout.open(ledger, cash=3 * FACE)
        for _ in range(4):
            await play(trade, random, random.randint(1, 20))
            await MirrorWorker(ledger.client, live).catch_up()
        await MirrorWorker(ledger.client, later).catch_up()
        for engine in (live, later):
            async with make_sessions(engine)() as session:
                assert await check(ledger.client, session) == []
                assert [
                    (row.currency, row.supply_minor == row.balances_minor)
                    for row in await cash_totals(session)
                ]
                digests.append(await digest_tables(session))
    for engine in (live, later):
        await engine.dispose()
    assert digests[0] == digests[1]
