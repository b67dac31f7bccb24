"""From a cent back to its invoice and forward to whoever was paid for it."""

import json

import pytest

from domain.ids import ReceivableId
from indexer.lineage import LotTree, Trace, trace
from indexer.queries import UnknownSerial, holder_at
from indexer.worker import MirrorWorker
from tests.integration.indexer.conftest import Mirror
from tests.support.chain import DeployedLedger, random_word
from tests.support.life import GRACE_DAYS
from tests.support.market import FACE, Deal, Held, Trade
from tests.support.workout import Workout

ONE = ReceivableId(1)


async def told(mirror: Mirror, ledger: DeployedLedger) -> tuple[Trade, Deal]:
    trade = await Trade.open(ledger)
    deal = await trade.story()
    await MirrorWorker(ledger.client, mirror.engine).catch_up()
    return trade, deal


def lots_of(tree: LotTree) -> list[LotTree]:
    return [tree, *(below for child in tree.children for below in lots_of(child))]


async def test_the_tree_has_every_lot_under_its_parent_and_what_is_left_adds_up(
    mirror: Mirror, ledger: DeployedLedger
) -> None:
    trade, deal = await told(mirror, ledger)
    async with mirror.read() as session:
        story = await trace(session, ONE)
    lots = lots_of(story.tree)
    assert [lot.hop.lot for lot in lots] == [held.id for held in deal.lots]
    assert [lot.left_minor for lot in lots] == [held.amount for held in deal.lots]
    assert sum(lot.left_minor for lot in lots) == FACE
    assert [lot.hop.cause for lot in lots] == ["issue", "assign", "assign", "finance"]
    purchase = lots[-1].hop.purchase
    assert (purchase.bank, purchase.price_minor, purchase.fees_minor) == (trade.bank.address, 195_00, 1_00)
    assert story.state == "settled"
    assert [payment.principal_minor for payment in story.payments] == [333_33, FACE - 333_33]


async def test_one_cent_leads_from_its_invoice_to_the_party_paid_for_it(
    mirror: Mirror, ledger: DeployedLedger
) -> None:
    trade, deal = await told(mirror, ledger)
    async with mirror.read() as session:
        story = await trace(session, ONE, 199_99)
    first, second, third = trade.suppliers
    assert [hop.to_party for hop in story.path] == [
        first.address, second.address, third.address, trade.bank.address,
    ]  # fmt: skip
    assert [invoice.fingerprint for invoice in story.invoices] == [deal.invoice.fingerprint]
    assert story.payee == trade.bank.address
    assert sum(payout.principal_minor for payout in story.path[-1].payouts) == 200_00
    assert len({hop.evidence for hop in story.path}) == 4
    assert all(hop.event.tx_hash.startswith("0x") and hop.event.block_number for hop in story.path)
    assert json.loads(json.dumps(story.as_dict()))["payee"] == trade.bank.address


async def test_the_next_cent_belongs_to_somebody_else(mirror: Mirror, ledger: DeployedLedger) -> None:
    trade, _ = await told(mirror, ledger)
    async with mirror.read() as session:
        payees = [(await trace(session, ONE, serial)).payee for serial in (200_00, 250_00, FACE - 1)]
    first, second, third = trade.suppliers
    assert payees == [third.address, second.address, first.address]


async def test_a_cent_had_other_holders_before(mirror: Mirror, ledger: DeployedLedger) -> None:
    trade = await Trade.open(ledger)
    deal = await trade.issue(trade.suppliers[0])
    issued = await ledger.now()
    await trade.pass_days(1)
    await trade.assign(deal, deal.lots[0], trade.suppliers[1], 500_00)
    await MirrorWorker(ledger.client, mirror.engine).catch_up()
    async with mirror.read() as session:
        assert await holder_at(session, ONE, 0, issued - 1) is None
        assert (await holder_at(session, ONE, 0, issued)).party == trade.suppliers[0].address
        assert (await holder_at(session, ONE, 0, await ledger.now())).party == trade.suppliers[1].address
        assert (await holder_at(session, ONE, 500_00, await ledger.now())).party == trade.suppliers[0].address
        assert (await trace(session, ONE, 0)).payee is None


@pytest.mark.parametrize(("receivable", "serial"), [(2, 0), (1, FACE), (1, -1)])
async def test_a_serial_that_does_not_exist_is_refused(
    mirror: Mirror, ledger: DeployedLedger, receivable: int, serial: int
) -> None:
    await told(mirror, ledger)
    async with mirror.read() as session:
        with pytest.raises(UnknownSerial):
            await trace(session, ReceivableId(receivable), serial)
        with pytest.raises(UnknownSerial):
            await holder_at(session, ReceivableId(receivable), serial, 0)


async def path(mirror: Mirror, trade: Workout, serial: int) -> Trace:
    """The story of the first receivable's serial, as of now."""
    await MirrorWorker(trade.ledger.client, mirror.engine).catch_up()
    async with mirror.read() as session:
        return await trace(session, ONE, serial)


async def stopped(trade: Workout) -> tuple[Deal, Held, str]:
    """A lot cut off, the rest frozen and moved by a court."""
    first, second, third = trade.suppliers
    deal = await trade.issue(first)
    await trade.assign(deal, deal.lots[0], second, 300_00)
    order = random_word()
    await trade.freeze(deal.lots[0], order=order)
    return deal, await trade.force_move(deal, deal.lots[0], third, 700_00, order=order), order


async def test_an_order_stands_beside_the_stop_and_the_forced_move_on_the_path_of_its_serials_alone(
    mirror: Mirror, ledger: DeployedLedger
) -> None:
    trade = await Workout.open(ledger)
    _, _, order = await stopped(trade)
    story = await path(mirror, trade, 500_00)
    assert [hop.cause for hop in story.path] == ["issue", "forced"]
    assert [(change.flags, change.evidence) for change in story.path[0].flags] == [(("frozen",), order)]
    assert story.path[1].evidence == order
    assert story.path[1].flags == ()
    assert [hop.flags for hop in (await path(mirror, trade, 100_00)).path] == [(), ()]


async def test_the_path_of_a_pledged_serial_tells_the_loan_the_division_and_the_sale(
    mirror: Mirror, ledger: DeployedLedger
) -> None:
    trade = await Workout.open(ledger)
    first, second, _ = trade.suppliers
    deal = await trade.issue(first)
    await trade.pledge(deal.lots[0], trade.bank, 300_00, 200_00)
    await trade.release(deal.lots[0], 250_00, 50_00)
    await trade.pay(deal, 400_00)
    await trade.claim(deal)
    held, charged = (await path(mirror, trade, 0)).path[0], (250_00, 0)
    assert [(step.step, step.secured_minor, step.cash_minor) for step in held.pledges] == [
        ("pledged", 300_00, 200_00),
        ("released", 250_00, 50_00),
    ]
    (last,) = held.charges[1:]
    assert (last.chargee, (last.secured_minor, last.recourse_limit_minor)) == (trade.bank.address, charged)
    (payout,) = held.payouts
    assert (payout.chargee, payout.to_chargee_minor, payout.to_owner_minor) == (
        trade.bank.address,
        250_00,
        150_00,
    )
    await trade.realise(deal, deal.lots[0], second, 500_00)
    story = await path(mirror, trade, 0)
    assert story.path[0].payouts == held.payouts
    (sale,) = story.path[1].pledges
    assert (sale.step, sale.buyer, sale.cash_minor) == ("realised", second.address, 500_00)
    assert sale.to_pledgee_minor == 0  # it had all of it before
    assert (story.path[1].cause, story.payee) == ("recovery", None)


async def test_the_pledgee_is_the_payee_of_a_serial_while_its_owner_got_nothing(
    mirror: Mirror, ledger: DeployedLedger
) -> None:
    trade = await Workout.open(ledger)
    deal = await trade.issue(trade.suppliers[0])
    await trade.pledge(deal.lots[0], trade.bank, 300_00, 0)
    await trade.pay(deal, 100_00)
    await trade.claim(deal)
    assert (await path(mirror, trade, 0)).payee == trade.bank.address
    await trade.pay(deal, 900_00)
    await trade.claim(deal)
    assert (await path(mirror, trade, 0)).payee == trade.suppliers[0].address


async def test_recourse_leads_from_the_purchase_to_the_buy_back(
    mirror: Mirror, ledger: DeployedLedger
) -> None:
    trade = await Workout.open(ledger)
    seller = trade.suppliers[0]
    deal = await trade.issue(seller)
    bought = await trade.finance(deal, deal.lots[0], 600_00, 590_00, secured=500_00, limit=550_00)
    await trade.buy_back(deal, bought, 540_00)
    story = await path(mirror, trade, 0)
    purchase, back = story.path[1:]
    assert purchase.purchase.seller == seller.address
    (charge,) = purchase.charges
    assert (charge.chargee, charge.secured_minor, charge.recourse_limit_minor) == (
        seller.address,
        500_00,
        550_00,
    )
    assert (back.repurchase.price_minor, back.to_party) == (540_00, seller.address)
    assert back.charges == ()


async def test_an_exported_serial_ends_in_the_other_register(mirror: Mirror, ledger: DeployedLedger) -> None:
    trade = await Workout.open(ledger)
    deal = await trade.issue(trade.suppliers[0])
    await trade.export(deal, deal.lots[0], 400_00)
    last = (await path(mirror, trade, 0)).path[-1]
    assert last.departure.registry == trade.registers[0].address
    assert (last.departure.registry_ref, last.cause) == (last.evidence, "export")
    assert [change.flags for change in last.flags] == [("exported",)]


async def test_a_receivable_tells_who_ordered_its_states_and_what_was_lost(
    mirror: Mirror, ledger: DeployedLedger
) -> None:
    trade = await Workout.open(ledger)
    deal = await trade.issue(trade.suppliers[0], days=2)
    stop, go, end = random_word(), random_word(), random_word()
    await trade.suspend(deal, stop)
    await trade.resume(deal, go)
    await trade.pass_days(2 + GRACE_DAYS + 1)
    await trade.declare_default(deal)
    await trade.write_off(deal, end)
    story = await path(mirror, trade, 0)
    assert [(step.from_state, step.to_state, step.order) for step in story.states] == [
        ("active", "suspended", stop),
        ("suspended", "active", go),
        ("active", "defaulted", None),
        ("defaulted", "written_off", end),
    ]
    assert (story.loss.principal_minor, story.loss.order) == (FACE, end)
    assert story.loss.interest_minor > 0


async def test_a_cancelled_receivable_has_given_its_invoice_back(
    mirror: Mirror, ledger: DeployedLedger
) -> None:
    trade = await Workout.open(ledger)
    deal = await trade.issue(trade.suppliers[0])
    (bound,) = (await path(mirror, trade, 0)).invoices
    await trade.cancel(deal)
    story = await path(mirror, trade, 0)
    (given_back,) = story.invoices
    assert bound.released is None
    assert given_back.released.block_number == story.states[-1].event.block_number
    assert (story.states[-1].to_state, story.states[-1].order is None) == ("cancelled", False)
