"""A life of receivables in which every event of the ledger happens at least once, told by hand."""

from chain.bindings.codes import Rights
from domain.parties import PartyStatus
from tests.support.chain import random_word
from tests.support.market import FACE, Deal
from tests.support.rescue import Rescue
from tests.support.workout import Workout

GRACE_DAYS = 30


async def life(trade: Workout) -> None:
    """Every event of the ledger at least once: what is agreed early, then what is left when due days pass."""
    await trade.story()
    await _agreed_early(trade)
    late = await _recourse_and_pledge(trade)
    orders = await _under_orders(trade)
    await trade.pass_days(5)
    await _paid_late(trade, late, orders)
    await _around_the_trade(trade)
    await _given_up(trade)


async def _agreed_early(trade: Workout) -> None:
    first, second, _ = trade.suppliers
    cancelled = await trade.issue(first)
    await trade.cancel(cancelled)
    exported = await trade.issue(first)
    await trade.export(exported, exported.lots[0], 400_00)
    await trade.pay(exported, FACE)
    await trade.claim(exported)
    mandate = await trade.grant_mandate()
    bought = await trade.issue(second)
    held = await trade.finance_under(bought, bought.lots[0], mandate, 500_00, 480_00)
    await trade.pay(bought, 100_00)
    await trade.claim(bought)
    await trade.force_move(bought, held, second, held.amount)
    await trade.release_exposure(bought)
    await trade.revoke(trade.bank, trade.id_of(mandate))
    await trade.pay(bought, FACE - 100_00)
    await trade.claim(bought)


async def _recourse_and_pledge(trade: Workout) -> tuple[Deal, Deal]:
    """One sold with limited recourse, one pledged, both soon due."""
    first, second, _ = trade.suppliers
    sold = await trade.issue(first, days=3)
    await trade.finance(sold, sold.lots[0], 600_00, 590_00, secured=500_00, limit=550_00)
    await trade.finance(sold, sold.lots[0], 400_00, 390_00, secured=300_00)
    pledged = await trade.issue(second, days=3)
    held = await trade.assign(pledged, pledged.lots[0], first, 700_00)
    await trade.pledge(held, trade.bank, 500_00, 400_00)
    await trade.release(held, 300_00, 100_00)
    await trade.pledge(pledged.lots[0], trade.bank, 200_00, 0)
    return sold, pledged


async def _under_orders(trade: Workout) -> Deal:
    first, second, third = trade.suppliers
    deal = await trade.issue(first, days=3)
    taken = await trade.assign(deal, deal.lots[0], second, 300_00)
    order = random_word()
    await trade.freeze(deal.lots[0], taken, order=order)
    await trade.suspend(deal)
    await trade.pay(deal, 200_00)
    await trade.claim(deal)
    await trade.resume(deal)
    await trade.unfreeze(deal.lots[0])
    await trade.claim(deal)
    await trade.force_move(deal, taken, third, taken.amount, order=order)
    await trade.claim(deal)
    return deal


async def _paid_late(trade: Workout, late: tuple[Deal, Deal], orders: Deal) -> None:
    sold, pledged = late
    for deal in (sold, pledged, orders):
        await trade.flag_overdue(deal)
        await trade.pay(deal, 333_33)
        await trade.claim(deal)
    await trade.buy_back(sold, sold.lots[1], 400_00)
    await trade.realise(pledged, pledged.lots[0], trade.suppliers[2], 250_00)
    for deal in (sold, pledged, orders):
        await trade.pay_all(deal)
        await trade.claim(deal)


async def _given_up(trade: Workout) -> None:
    first, second, _ = trade.suppliers
    lost = await trade.issue(first, days=2)
    await trade.assign(lost, lost.lots[0], second, 333_33)
    await trade.pass_days(2 + GRACE_DAYS + 1)
    await trade.declare_default(lost)
    await trade.pay(lost, 100_01)
    await trade.claim(lost)
    await trade.write_off(lost)
    await trade.claim(lost)


async def _around_the_trade(trade: Workout) -> None:
    """What is not about one receivable, and a batch of which one item fails."""
    first, second, third = trade.suppliers
    deal = await trade.issue(first)
    await trade.assign_twice(deal, deal.lots[0], second, 100_00)
    await trade.redeem(first, 10_00)
    await trade.set_status(third, PartyStatus.SUSPENDED)
    await trade.pause(Rights.EXPORT)
    await _recovered(Rescue.of(trade.ledger, second))


async def _recovered(rescue: Rescue) -> None:
    """Stopped by the party, then by the guardian, then carried out."""
    await rescue.propose()
    await rescue.veto()
    await rescue.propose()
    await rescue.second()
    await rescue.cancel()
    await rescue.propose()
    await rescue.second()
    await rescue.execute()
