"""Drafts that bring receivables about and pass lots on."""

from domain.calendar import DAY_SECONDS
from domain.ids import ZERO_DIGEST, Fingerprint
from domain.intents import Assign, Cancel, Export, InvoiceUse, Issue
from domain.ledger import commands as c
from domain.parties import Role
from domain.receivable import ReceivableState
from tests.support.reference.cast import CURRENCIES, Player
from tests.support.reference.desk import Desk

_S = ReceivableState


def issue(desk: Desk, creditor: Player | None = None) -> c.Command:
    """A receivable backed by new invoices, or by what is left of old ones."""
    debtor = desk.dice.pick(desk.cast.having(Role.DEBTOR))
    creditor = creditor or desk.other(debtor.address, desk.cast.having(Role.SUPPLIER))
    face = desk.dice.pick([1_000, 12_345, 100, 37, 7])
    uses = _invoices(desk, face)
    intent = Issue(
        debtor=debtor.address,
        creditor=creditor.address,
        face=sum(use.amount for use in uses),
        due=desk.today + desk.dice.pick([20, 6, 2, 24, 28]) * DAY_SECONDS,
        currency=desk.dice.pick(CURRENCIES),
        terms_hash=desk.dice.word(),
        delivered_at=desk.today - desk.dice.pick([0, 2]) * DAY_SECONDS,
        extension=desk.dice.word() if desk.dice.chance(50) else ZERO_DIGEST,
        invoices=uses,
        deadline=desk.deadline,
        salt=desk.dice.salt(),
    )
    command = desk.carried(intent)
    desk.issues[command.item.invoice_set] = intent
    return command


def _invoices(desk: Desk, face: int) -> tuple[InvoiceUse, ...]:
    day = desk.today - 3 * DAY_SECONDS
    left = [
        InvoiceUse(fingerprint, standing.total, standing.total - standing.used, day)
        for fingerprint, standing in desk.state.invoices.items()
        if standing.used < standing.total
    ]
    if left and desk.dice.chance(30):
        return (desk.dice.pick(left),)
    first = InvoiceUse(Fingerprint(desk.dice.word()), 2 * face, face, day)
    if desk.dice.chance(70):
        return (first,)
    return first, InvoiceUse(Fingerprint(desk.dice.word()), face, face, day)


def cancel(desk: Desk) -> c.Command | None:
    """Of a receivable that is whole, or seems to be."""
    whole_only = desk.dice.chance(70)
    found = [
        number
        for number in desk.receivables(_S.ACTIVE)
        if not whole_only or desk.state.receivables[number].lot_count == 1
    ]
    if not found:
        return None
    number = desk.dice.pick(found)
    entry = desk.state.receivables[number]
    issue = desk.issues[entry.invoice_set]
    return desk.carried(
        Cancel(
            debtor=entry.debtor,
            creditor=entry.creditor,
            receivable=number,
            evidence=desk.dice.word(),
            invoices=issue.invoices,
            deadline=desk.deadline,
            salt=desk.dice.salt(),
        )
    )


def _assignment(desk: Desk) -> Assign | None:
    found = desk.pick_lot(desk.movable)
    if found is None:
        return None
    number, lot, receivable = found
    return Assign(
        owner=lot.owner,
        to=desk.other(lot.owner).address,
        lot=number,
        seq=lot.seq,
        amount=desk.part_of(lot, receivable),
        evidence=desk.dice.word(),
        deadline=desk.deadline,
        salt=desk.dice.salt(),
    )


def assign(desk: Desk) -> c.Command | None:
    """A lot or a part of it to somebody else."""
    intent = _assignment(desk)
    return None if intent is None else desk.carried(intent)


def assign_many(desk: Desk) -> c.Command | None:
    """Up to three at once; two of the same lot make the second one stale."""
    intents = [_assignment(desk) for _ in range(desk.dice.number(1, 3))]
    items = tuple(desk.signed(intent) for intent in intents if intent is not None)
    return c.AssignMany(sender=desk.cast.relayer, items=items) if items else None


def export(desk: Desk) -> c.Command | None:
    """To the other register."""
    found = desk.pick_lot(desk.movable)
    if found is None:
        return None
    number, lot, receivable = found
    return desk.carried(
        Export(
            owner=lot.owner,
            registry=desk.cast.players["registry"].address,
            lot=number,
            seq=lot.seq,
            amount=desk.part_of(lot, receivable),
            registry_ref=desk.dice.word(),
            deadline=desk.deadline,
            salt=desk.dice.salt(),
        )
    )
