"""From a cent back to its invoice and forward to whoever was paid for it."""

import json

import pytest

from domain.ids import ReceivableId
from indexer.lineage import LotTree, UnknownSerial, holder_at, trace
from indexer.worker import MirrorWorker
from tests.integration.indexer.conftest import Mirror
from tests.support.chain import DeployedLedger
from tests.support.market import FACE, Deal, Trade

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
