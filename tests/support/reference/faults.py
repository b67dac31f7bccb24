"""What can be wrong with a command: one thing at a time, so that the check for just that is reached.

A field gets another value of its kind and the intent is signed anew by all whom it names then; or a signature
is missing, foreign, worn out or doubled; or somebody else sends it.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

from domain.calendar import DAY_SECONDS
from domain.ids import ZERO_ADDRESS, ZERO_DIGEST, Fingerprint, LotId, ReceivableId, lot_id
from domain.intents import Buyback, Finance, InvoiceUse, Issue, Realise, Redeem
from domain.ledger import commands as c
from domain.ledger.journal import INTENT_LIFETIME_S
from domain.ledger.rights import Right
from domain.parties import PartyStatus, Role
from tests.support.reference.cast import CURRENCIES, ascending
from tests.support.reference.desk import SIGNED_BY, Desk

NO_CASH_CURRENCY = 752
U64_MAX = 2**64 - 1

_MORE_OFTEN: dict[type[Any], Sequence[str]] = {
    Issue: ("due", "due", "due", "creditor", "currency"),
    Buyback: ("price", "price"),
    Realise: ("price",),
}
"""Fields with faults that are met too rarely otherwise."""

Values = Sequence[Any]
Kind = Callable[[Desk, Any], Values]
"""Other values for a field, given the one it has; none out of the range of its type."""


def spoiled(desk: Desk, command: c.Command) -> c.Command:
    """The command with one fault; not every one of them has to be refused."""
    if isinstance(command, c.Carry):
        return replace(command, item=_spoiled_item(desk, command.item))
    if isinstance(command, c.FinanceUnderMandate):
        return replace(command, item=_spoiled_quote(desk, command.item))
    if isinstance(command, c.AssignMany | c.FinanceMany):
        return _spoiled_batch(desk, command)
    return _spoiled_other(desk, command)


def _spoiled_item(desk: Desk, item: c.Signed[Any]) -> c.Signed[Any]:
    if desk.dice.chance(25):
        return _badly_signed(desk, item)
    if isinstance(item.intent, Issue) and desk.dice.chance(45):
        return desk.signed(_with_other_invoices(desk, item.intent))
    return desk.signed(_with_other_field(desk, item.intent))


def _with_other_field(desk: Desk, intent: Any) -> Any:
    names = [field.name for field in fields(intent) if field.name != "salt"]
    names += _MORE_OFTEN.get(type(intent), ())
    name = desk.dice.pick(names)
    if name == "currency" and isinstance(intent, Redeem):  # each currency has a contract of its own
        return replace(intent, currency=desk.dice.pick(CURRENCIES))
    return replace(intent, **{name: desk.dice.pick(_others(desk, name, getattr(intent, name)))})


def _others(desk: Desk, name: str, value: Any) -> Values:
    return _KINDS.get(name, _words)(desk, value)


def _addresses(desk: Desk, value: str) -> Values:
    return [player.address for player in desk.cast.everybody if player.address != value]


def _quoters(desk: Desk, _value: str) -> Values:
    bank = desk.cast.players["bank"]
    return [bank.former.address, bank.keys[1].address, desk.cast.stranger.quoter.address]


def _lots(desk: Desk, _value: int) -> Values:
    return [*desk.state.lots, lot_id(ReceivableId(1), 99), LotId(5)]


def _receivables(desk: Desk, _value: int) -> Values:
    return [*desk.state.receivables, ReceivableId(len(desk.state.receivables) + 1)]


def _amounts(_desk: Desk, value: int) -> Values:
    around = (0, 1, value - 1, value + 1, value // 2, 2 * value, 2**53, 2**63, U64_MAX)
    return [other for other in around if 0 <= other <= U64_MAX and other != value]


def _deadlines(desk: Desk, _value: int) -> Values:
    return [desk.now_s + seconds for seconds in (-1, INTENT_LIFETIME_S + 1, 0, INTENT_LIFETIME_S)]


def _instants(desk: Desk, value: int) -> Values:
    days = [value + day * DAY_SECONDS for day in (-70, -1, 1, 70)]
    return [*days, value + 1, desk.now_s, desk.now_s + 1]


def _words(desk: Desk, _value: str) -> Values:
    return [ZERO_DIGEST, desk.dice.word()]


_KINDS: dict[str, Kind] = {
    **dict.fromkeys(
        ("debtor", "creditor", "owner", "to", "bank", "seller", "pledgee", "buyer", "registry"), _addresses
    ),
    **dict.fromkeys(("holder", "party"), _addresses),
    "fees_to": lambda desk, value: [*_addresses(desk, value), ZERO_ADDRESS],
    "quoter": _quoters,
    "lot": _lots,
    "receivable": _receivables,
    **dict.fromkeys(("face", "amount", "price", "fees", "secured", "recourse_limit"), _amounts),
    **dict.fromkeys(("limit", "advance", "repayment", "paid_before"), _amounts),
    **dict.fromkeys(("due", "delivered_at", "valid_from", "valid_until"), _instants),
    "deadline": _deadlines,
    "seq": lambda _, value: [max(0, value - 1), value + 1],
    "currency": lambda _, __: [*CURRENCIES, NO_CASH_CURRENCY],
    "recourse": lambda _, __: [0, 1, 2, 3],
    "day_count": lambda _, __: [360, 365, 364],
    "rate_ppm": lambda _, value: [0, value + 1],
    "min_rate_ppm": lambda _, __: [0, 2_000_000, 100_000],
    "max_tenor_days": lambda _, __: [0, 5, 400],
    "digest": lambda desk, value: [*desk.state.exposures, value],
    "registry_ref": lambda desk, _: [ZERO_DIGEST, *(ref for _, ref in desk.state.exports)],
    "invoices": lambda _, value: [value[:-1], (*value, *value)],
}


def _with_other_invoices(desk: Desk, intent: Issue) -> Issue:
    """Faults of what backs a receivable, the face being what the invoices say."""
    first = intent.invoices[0]
    known = [
        InvoiceUse(fingerprint, standing.total, standing.total - standing.used + 1, first.issued_at)
        for fingerprint, standing in desk.state.invoices.items()
    ]
    spoiled: list[tuple[InvoiceUse, ...]] = [
        (replace(first, amount=first.total + 1),),
        (replace(first, total=2**53),),
        (replace(first, total=2**53, amount=2**53),),
        (replace(first, issued_at=desk.now_s + 1),),
        (first, replace(first, fingerprint=Fingerprint(ZERO_DIGEST))),
        (first, replace(first, amount=0, fingerprint=Fingerprint(desk.dice.word()))),
        (first, replace(first, total=0, fingerprint=Fingerprint(desk.dice.word()))),
        (replace(first, amount=1),) * 51,
        (),
        *[(use,) for use in known],
        *[(replace(use, total=use.total + 1, amount=1),) for use in known],
    ]
    uses = desk.dice.pick(spoiled)
    return replace(intent, invoices=uses, face=sum(use.amount for use in uses))


def _badly_signed(desk: Desk, item: c.Signed[Any]) -> c.Signed[Any]:
    index = desk.dice.number(0, len(item.signers) - 1)
    name = SIGNED_BY[type(item.intent)][index]
    player = desk.cast.at(getattr(item.intent, name))
    good = item.signers[index]
    bad: list[c.Signers] = [
        (),
        good[:-1],
        (desk.cast.stranger.keys[0].address,),
        (player.quoter.address,),
        (player.former.address,),
        (*good, *good),
        good[::-1],
    ]
    groups = list(item.signers)
    groups[index] = desk.dice.pick(bad)
    return replace(item, signers=tuple(groups))


def _spoiled_quote(desk: Desk, item: c.Quoted) -> c.Quoted:
    signed, mandate = item.signed, c.Signed(item.mandate, item.mandate_id, ())
    how = desk.dice.pick(
        ["signature", "mandate", "other mandate", "other mandate", "field", "terms", "terms"]
    )
    if how == "signature":
        bank, quoter = desk.cast.at(item.mandate.bank), item.mandate.quoter
        groups = [
            (),
            (desk.cast.players["mill"].keys[0].address,),
            (bank.keys[1].address,),
            (bank.former.address,),
            (quoter, quoter),
            ascending({quoter, bank.quoter.address, bank.keys[0].address}),
        ]
        return replace(item, signed=replace(signed, signers=(desk.dice.pick(groups), signed.signers[1])))
    if how == "mandate":
        mandate = desk.signed(_with_other_field(desk, item.mandate))
    if how == "other mandate":
        mandate = desk.dice.pick(desk.mandates)
    intent = signed.intent
    if how == "field":
        intent = _with_other_field(desk, intent)
    if how == "terms":
        intent = _with_other_terms(desk, intent)
    return desk.quoted(intent, mandate)


def _with_other_terms(desk: Desk, intent: Finance) -> Finance:
    """A good quote, but not one that the mandate allows."""
    other = 1 - min(intent.recourse, 1)
    return desk.dice.pick(
        [
            replace(intent, price=intent.price + 1),
            replace(intent, day_count=725 - intent.day_count),
            replace(intent, recourse=other, secured=other * intent.amount, recourse_limit=0),
            replace(intent, secured=max(0, intent.secured - 1)),
            replace(intent, lot=desk.dice.pick(list(desk.state.lots))),
        ]
    )


def _spoiled_batch(desk: Desk, command: c.AssignMany | c.FinanceMany) -> c.Command:
    if desk.dice.chance(10):
        return replace(command, items=command.items[:1] * 51)
    items = list(command.items)
    index = desk.dice.number(0, len(items) - 1)
    item = items[index]
    items[index] = _spoiled_quote(desk, item) if isinstance(item, c.Quoted) else _spoiled_item(desk, item)
    return replace(command, items=tuple(items))


def _spoiled_other(desk: Desk, command: c.Command) -> c.Command:
    """Of an office or of anyone: another sender, or another value in one field."""
    name = desk.dice.pick([field.name for field in fields(command) if field.name != "place"])
    values = _OFFICE_KINDS.get(name, _KINDS.get(name, _words))(desk, getattr(command, name))
    return replace(command, **{name: desk.dice.pick(values)})


def _groups_of_lots(desk: Desk, value: tuple[LotId, ...]) -> Values:
    some = tuple(desk.state.lots)
    return [(), (*value, lot_id(ReceivableId(9), 1)), some[:1] * 201, some, some[-1:]]


_OFFICE_KINDS: dict[str, Kind] = {
    "sender": lambda desk, _: [desk.cast.relayer],
    "lots": _groups_of_lots,
    "status": lambda _, __: [PartyStatus.NONE],
    "roles": lambda _, __: [Role(0), Role.BANK],
    "kyb_until_s": lambda desk, _: [desk.now_s, 0],
    "rights": lambda _, __: [Right.CLAIM, Right.PAY | Right.FLAG, Right.PAY],
    "currency": lambda _, __: CURRENCIES,
}
