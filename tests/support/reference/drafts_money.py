"""Drafts that move cash."""

from domain.ids import ReceivableId, lot_id
from domain.intents import Pay, Redeem
from domain.ledger import commands as c
from domain.ledger.rights import Office
from domain.receivable import ReceivableState
from domain.settlement import accrue
from tests.support.reference.cast import CURRENCIES
from tests.support.reference.desk import Desk

_S = ReceivableState
_PAYABLE = (_S.ACTIVE, _S.SUSPENDED, _S.SETTLING, _S.DEFAULTED)


def pay(desk: Desk) -> c.Command | None:
    """All, a part, or just the interest."""
    found = desk.receivables(*_PAYABLE)
    if not found:
        return None
    number = desk.dice.pick(found)
    entry = desk.state.receivables[number]
    debt = accrue(entry.debt, desk.now_s)
    total = debt.interest_owed + debt.principal_owed
    part = desk.dice.number(1, max(1, total - 1))
    return desk.carried(
        Pay(
            debtor=entry.debtor,
            receivable=number,
            amount=max(1, desk.dice.pick([part, total, debt.interest_owed, total // 3])),
            paid_before=entry.paid + entry.interest_paid,
            deadline=desk.deadline,
            salt=desk.dice.salt(),
        )
    )


def claim(desk: Desk) -> c.Command | None:
    """Lots of one receivable or of all, some twice, one that does not exist."""
    found = list(desk.state.lots)
    if desk.dice.chance(70):
        one = desk.dice.pick(list(desk.state.receivables))
        found = [lot for lot in found if desk.state.lots[lot].receivable == one]
    some = [lot for lot in found if desk.dice.chance(80)]
    if some and desk.dice.chance(20):
        some.append(some[0])
    if desk.dice.chance(15):
        some.append(lot_id(ReceivableId(1), 99))
    return c.Claim(sender=desk.cast.relayer, lots=tuple(some))


def redeem(desk: Desk) -> c.Command:
    """Cash back to the bank."""
    holder = desk.dice.pick(list(desk.cast.players.values()))
    currency = desk.dice.pick(CURRENCIES)
    return desk.carried(
        Redeem(
            holder=holder.address,
            currency=currency,
            amount=max(1, desk.dice.pick([100, desk.balance(currency, holder.address)])),
            account_ref=desk.dice.word(),
            deadline=desk.deadline,
            salt=desk.dice.salt(),
        )
    )


def mint(desk: Desk) -> c.Command:
    """Cash from the settlement bank."""
    return c.Mint(
        sender=desk.cast.officers[Office.SETTLEMENT_BANK],
        currency=desk.dice.pick(CURRENCIES),
        to=desk.dice.pick(list(desk.cast.players.values())).address,
        amount=desk.dice.pick([500, 1]),
        credit_ref=desk.dice.word(),
    )
