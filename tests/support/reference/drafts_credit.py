"""Drafts of banks: purchases, mandates, buy-backs, loans."""

from dataclasses import replace

from domain.calendar import DAY_SECONDS
from domain.ids import ZERO_ADDRESS, LotId
from domain.intents import Buyback, Finance, Mandate, Pledge, Realise, Release
from domain.ledger import commands as c
from domain.ledger.state import CHARGED, Lot, Receivable
from domain.lots import LotFlag
from domain.parties import Role
from domain.pricing import highest_price_minor
from domain.receivable import ReceivableState
from tests.support.reference.cast import Player
from tests.support.reference.desk import Desk


def purchase(desk: Desk, found: tuple[LotId, Lot, Receivable], bank: Player, recourse: int) -> Finance:
    """Terms that a bank and a lot's owner could agree on."""
    number, lot, receivable = found
    amount = desk.part_of(lot, receivable)
    price = max(1, amount - desk.dice.pick([0, 1, amount // 10]))
    fees = min(desk.dice.pick([0, 0, 1, 3]), price - 1)
    return Finance(
        bank=bank.address,
        seller=lot.owner,
        lot=number,
        seq=lot.seq,
        amount=amount,
        price=price,
        fees=fees,
        fees_to=desk.cast.players["fund"].address if fees else ZERO_ADDRESS,
        rate_ppm=30_000,
        day_count=desk.dice.pick([360, 365]),
        recourse=recourse,
        secured=_secured(desk, amount) if recourse else 0,
        recourse_limit=max(1, amount // 2) if recourse == 2 else 0,
        registration_ref=desk.dice.word(),
        notice_ref=desk.dice.word(),
        terms_hash=desk.dice.word(),
        deadline=desk.deadline,
        salt=desk.dice.salt(),
    )


def _secured(desk: Desk, amount: int) -> int:
    return desk.dice.pick([amount, max(1, amount * 4 // 5), 1])


def _sale(desk: Desk) -> Finance | None:
    found = desk.pick_lot(desk.movable)
    if found is None:
        return None
    bank = desk.other(found[1].owner, desk.cast.having(Role.BANK))
    return purchase(desk, found, bank, desk.dice.pick([1, 0, 2]))


def finance(desk: Desk) -> c.Command | None:
    """The bank signs itself."""
    intent = _sale(desk)
    return None if intent is None else desk.carried(intent)


def finance_many(desk: Desk) -> c.Command | None:
    """Some signed by the bank, some by its quoting key."""
    items: list[c.Signed[Finance] | c.Quoted] = []
    for _ in range(desk.dice.number(1, 3)):
        quote = _quote(desk) if desk.dice.chance(40) else None
        intent = _sale(desk) if quote is None else None
        items += [quote] if quote else [desk.signed(intent)] if intent else []
    return c.FinanceMany(sender=desk.cast.relayer, items=tuple(items)) if items else None


def grant_mandate(desk: Desk) -> c.Command:
    """What a bank would let its machine buy."""
    bank = desk.dice.pick(desk.cast.having(Role.BANK))
    active = desk.receivables(ReceivableState.ACTIVE) or list(desk.state.receivables)
    entry = desk.state.receivables[desk.dice.pick(active)]
    mandate = Mandate(
        bank=bank.address,
        quoter=desk.dice.pick([*[bank.quoter.address] * 4, bank.keys[0].address, bank.former.address]),
        debtor=entry.debtor,
        currency=entry.currency,
        limit=desk.dice.pick([20_000, 1_500, 40]),
        min_rate_ppm=desk.dice.pick([30_000, 0, 900_000]),
        day_count=desk.dice.pick([360, 365]),
        max_tenor_days=desk.dice.pick([60, 60, 60, 10]),
        recourse=desk.dice.pick([0, 1]),
        valid_from=desk.now_s - 1,
        valid_until=desk.now_s + desk.dice.pick([30, 3]) * DAY_SECONDS,
        deadline=desk.deadline,
        salt=desk.dice.salt(),
    )
    command = desk.carried(mandate)
    desk.mandates.append(command.item)
    return command


def _quote(desk: Desk) -> c.Quoted | None:
    pairs = [
        (number, mandate)
        for mandate in desk.mandates
        if mandate.digest in desk.state.exposures
        for number in desk.lots(desk.movable)
        if _suits(desk, desk.state.lots[number], mandate.intent)
    ]
    if not pairs:
        return None
    number, mandate = desk.dice.pick(pairs)
    lot = desk.state.lots[number]
    entry = desk.state.receivables[lot.receivable]
    terms = mandate.intent
    intent = purchase(desk, (number, lot, entry), desk.cast.at(terms.bank), terms.recourse)
    days = max(0, (entry.due - desk.today) // DAY_SECONDS)
    highest = highest_price_minor(intent.amount, terms.min_rate_ppm, days, terms.day_count)
    intent = replace(
        intent,
        day_count=terms.day_count,
        secured=intent.amount if terms.recourse else 0,
        price=max(1, highest),
        fees=0,
        fees_to=ZERO_ADDRESS,
    )
    return desk.quoted(intent, mandate)


def _suits(desk: Desk, lot: Lot, mandate: Mandate) -> bool:
    entry = desk.state.receivables[lot.receivable]
    same = (entry.debtor, entry.currency) == (mandate.debtor, mandate.currency)
    return same and lot.owner != mandate.bank


def finance_under_mandate(desk: Desk) -> c.Command | None:
    """At the best price that the mandate allows."""
    item = _quote(desk)
    return c.FinanceUnderMandate(sender=desk.cast.relayer, item=item) if item else None


def release_exposure(desk: Desk) -> c.Command:
    """Of all lots there are."""
    return c.ReleaseExposure(sender=desk.cast.relayer, lots=tuple(desk.state.lots))


def buy_back(desk: Desk) -> c.Command | None:
    """Of a lot sold with recourse."""
    found = desk.pick_lot(lambda lot, _: LotFlag.RECOURSE in lot.flags)
    if found is None:
        return None
    number, lot, _ = found
    most = lot.recourse_limit or lot.amount
    return desk.carried(
        Buyback(
            bank=lot.owner,
            seller=lot.chargee,
            lot=number,
            seq=lot.seq,
            price=desk.dice.pick([most, max(1, most // 2)]),
            evidence=desk.dice.word(),
            deadline=desk.deadline,
            salt=desk.dice.salt(),
        )
    )


def pledge(desk: Desk) -> c.Command | None:
    """Of a lot that has no charge."""
    found = desk.pick_lot(lambda lot, entry: desk.movable(lot, entry) and not lot.flags & CHARGED)
    if found is None:
        return None
    number, lot, _ = found
    secured = desk.dice.pick([max(1, lot.amount * 4 // 5), lot.amount, 1, 2 * lot.amount])
    return desk.carried(
        Pledge(
            owner=lot.owner,
            pledgee=desk.other(lot.owner, desk.cast.having(Role.BANK)).address,
            lot=number,
            seq=lot.seq,
            secured=secured,
            advance=desk.dice.pick([0, secured, secured // 2]),
            evidence=desk.dice.word(),
            deadline=desk.deadline,
            salt=desk.dice.salt(),
        )
    )


def release(desk: Desk) -> c.Command | None:
    """A pledge lowered or lifted."""
    found = desk.pick_lot(lambda lot, _: LotFlag.PLEDGED in lot.flags)
    if found is None:
        return None
    number, lot, _ = found
    return desk.carried(
        Release(
            owner=lot.owner,
            pledgee=lot.chargee,
            lot=number,
            seq=lot.seq,
            secured=desk.dice.pick([lot.secured // 2, 0, max(0, lot.secured - 1)]),
            repayment=desk.dice.pick([0, lot.secured // 3]),
            evidence=desk.dice.word(),
            deadline=desk.deadline,
            salt=desk.dice.salt(),
        )
    )


def realise(desk: Desk) -> c.Command | None:
    """A pledged lot sold, also to the pledgee."""
    found = desk.pick_lot(lambda lot, _: LotFlag.PLEDGED in lot.flags)
    if found is None:
        return None
    number, lot, _ = found
    buyer = desk.dice.pick([lot.chargee, desk.other(lot.owner).address])
    return desk.carried(
        Realise(
            owner=lot.owner,
            pledgee=lot.chargee,
            buyer=buyer,
            lot=number,
            seq=lot.seq,
            price=max(1, desk.dice.pick([lot.amount, lot.secured, lot.secured // 2])),
            evidence=desk.dice.word(),
            deadline=desk.deadline,
            salt=desk.dice.salt(),
        )
    )
