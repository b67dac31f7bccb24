"""How lots are passed on, as the modules `Transfers` and `Exports` check it."""

from functools import partial

from domain import events
from domain.intents import Assign, Export, IntentKind
from domain.ledger.commands import AssignMany, Signed
from domain.ledger.journal import ItemRefused, Journal, written
from domain.ledger.refusal import LedgerRefusal
from domain.ledger.signing import require_active, require_signed
from domain.ledger.titles import Move, move
from domain.parties import Power, Role
from domain.receivable import Cause

ITEMS_MAX = 50


def assign(journal: Journal, signed: Signed[Assign]) -> None:
    """Split a lot and pass the part on."""
    intent = signed.intent
    owner_signers, receiver_signers = signed.signers
    journal.check_deadline(intent.deadline)
    require_signed(journal, intent.owner, Power.ASSIGN, signed.digest, owner_signers)
    require_signed(journal, intent.to, Power.ACCEPT, signed.digest, receiver_signers)
    order = Move(
        intent.lot, intent.seq, intent.owner, intent.to, intent.amount, Cause.ASSIGN, intent.evidence
    )
    child = move(journal, order)
    journal.emit(events.IntentUsed(signed.digest, IntentKind.ASSIGN, child, journal.sender))


def assign_many(journal: Journal, command: AssignMany) -> None:
    """Many at once; an item that is refused is reported and harms no other."""
    if len(command.items) > ITEMS_MAX:
        raise LedgerRefusal("TransfersTooMany", len(command.items), ITEMS_MAX)
    for index, item in enumerate(command.items):
        refusal = journal.attempt(partial(assign, journal, item))
        if refusal is not None:
            journal.emit(ItemRefused(index, item.digest, refusal))


def export(journal: Journal, signed: Signed[Export]) -> None:
    """A lot goes on living in another register; one reference of it takes one lot only."""
    intent = signed.intent
    owner_signers, registry_signers = signed.signers
    journal.check_deadline(intent.deadline)
    reference = (intent.registry, intent.registry_ref)
    if reference in journal.state.exports:
        raise LedgerRefusal("ExportsReferenceUsed", *reference, journal.state.exports[reference])
    require_signed(journal, intent.owner, Power.ASSIGN, signed.digest, owner_signers)
    require_signed(journal, intent.registry, Power.ACCEPT, signed.digest, registry_signers)
    require_active(journal, intent.registry, Role.REGISTRY)
    order = Move(
        lot=intent.lot,
        seq=intent.seq,
        owner=intent.owner,
        to=intent.registry,
        amount=intent.amount,
        cause=Cause.EXPORT,
        evidence=intent.registry_ref,
    )
    child = move(journal, order)
    journal.change(exports=written(journal.state.exports, reference, child))
    journal.emit(
        events.LotExported(
            child, intent.owner, intent.registry, intent.amount, intent.registry_ref, signed.digest
        ),
        events.IntentUsed(signed.digest, IntentKind.EXPORT, child, journal.sender),
    )
