"""Random play within what the players of a market may try.

What the ledger refuses is part of the play: it must change nothing.
"""

from random import Random

from chain.errors import ContractReverted
from domain.parties import PartyStatus, Power
from tests.support.chain import ALL_POWERS, random_word
from tests.support.market import FACE
from tests.support.workout import Workout


async def play(trade: Workout, random: Random, steps: int) -> int:
    """`steps` random commands; the answer is how many the ledger accepted."""
    accepted = 0
    for _ in range(steps):
        try:
            await _one(trade, random)
            accepted += 1
        except ContractReverted:
            continue
    return accepted


async def _one(trade: Workout, random: Random) -> None:
    kind = random.choices(
        ("issue", "lot", "money", "charge", "order", "end", "time", "party"),
        weights=(2, 6, 6, 4, 3, 2, 1, 1) if trade.deals else (1, 0, 0, 0, 0, 0, 0, 0),
    )[0]
    if kind == "issue":
        await trade.issue(random.choice(trade.suppliers), random.randint(200, FACE), random.randint(2, 200))
    elif kind == "lot":
        await _move_a_lot(trade, random)
    elif kind == "money":
        await _move_money(trade, random)
    elif kind == "charge":
        await _charge_a_lot(trade, random)
    elif kind == "order":
        await _order(trade, random)
    elif kind == "end":
        await _end_a_deal(trade, random)
    elif kind == "time":
        await trade.pass_days(random.randint(1, 40))
    else:
        await _change_a_party(trade, random)


async def _move_a_lot(trade: Workout, random: Random) -> None:
    deal = random.choice(trade.deals)
    held = random.choice(deal.lots)
    amount = random.choice((held.amount, random.randint(1, max(1, held.amount)), held.amount + 1))
    to = random.choice(trade.suppliers)
    how = random.random()
    price = max(1, amount - amount // 20)
    if how < 0.3:
        await trade.assign(deal, held, to, amount)
    elif how < 0.4:
        await trade.assign_twice(deal, held, to, amount)
    elif how < 0.7:
        secured, limit = random.choice(((0, 0), (amount, 0), (amount // 2, amount)))
        await trade.finance(deal, held, amount, price, random.choice((0, 1)), secured, limit)
    elif how < 0.9:
        mandate = random.choice(trade.mandates) if trade.mandates else await trade.grant_mandate(recourse=1)
        await trade.finance_under(deal, held, mandate, amount, price)
    else:
        await trade.export(deal, held, amount)


async def _charge_a_lot(trade: Workout, random: Random) -> None:
    """Those that are charged already are likelier to be chosen: the others are many."""
    lots = [(deal, held) for deal in trade.deals for held in deal.lots]
    charged = [(deal, held) for deal, held in lots if held.chargee is not None]
    deal, held = random.choice(charged if charged and random.random() < 0.7 else lots)
    price = max(1, held.amount // 2)
    how = random.random()
    if how < 0.4:
        await trade.pledge(
            held, random.choice([trade.bank, *trade.suppliers]), price, random.choice((0, price))
        )
    elif how < 0.6:
        await trade.release(held, random.choice((0, price // 2)), random.choice((0, 1)))
    elif how < 0.8:
        await trade.realise(deal, held, random.choice([trade.bank, *trade.suppliers]), price)
    else:
        await trade.buy_back(deal, held, price)


async def _order(trade: Workout, random: Random) -> None:
    deal = random.choice(trade.deals)
    held = random.choice(deal.lots)
    how = random.random()
    if how < 0.3:
        await trade.freeze(held)
    elif how < 0.5:
        await trade.unfreeze(held)
    elif how < 0.6:
        await trade.suspend(deal)
    elif how < 0.8:
        await trade.resume(deal)
    else:
        await trade.force_move(deal, held, random.choice(trade.suppliers), held.amount)


async def _end_a_deal(trade: Workout, random: Random) -> None:
    deal = random.choice(trade.deals)
    how = random.random()
    if how < 0.3:
        await trade.cancel(deal)
    elif how < 0.6:
        await trade.declare_default(deal)
    elif how < 0.8:
        await trade.write_off(deal)
    else:
        await trade.pay_all(deal)


async def _move_money(trade: Workout, random: Random) -> None:
    deal = random.choice(trade.deals)
    how = random.random()
    if how < 0.5:
        left = max(1, deal.face - deal.paid)
        await trade.pay(deal, random.choice((left, random.randint(1, left))))
    elif how < 0.8:
        await trade.claim(deal)
    elif how < 0.85:
        await trade.release_exposure(deal)
    elif how < 0.9:
        await trade.redeem(random.choice([*trade.suppliers, trade.bank]), random.randint(1, FACE))
    else:
        await trade.flag_overdue(deal)


async def _change_a_party(trade: Workout, random: Random) -> None:
    party = random.choice(trade.suppliers)
    how = random.random()
    if how < 0.4:
        await trade.set_signer(party, trade.ledger.relayer.address, random.choice((0, ALL_POWERS)))
    elif how < 0.6:
        await trade.set_threshold(party, random.choice(list(Power)), 1)
    elif how < 0.8:
        await trade.revoke(party, random_word())
    else:
        await trade.set_status(party, random.choice((PartyStatus.ACTIVE, PartyStatus.SUSPENDED)))
