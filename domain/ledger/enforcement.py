"""What is done under an order, as the module `Enforcement` checks it, and what the guardian stops."""

from collections.abc import Sequence

from domain import events
from domain.ids import Digest, LotId
from domain.ledger import debts
from domain.ledger.charges import set_frozen
from domain.ledger.commands import ForceMove, Freeze, Pause, Resume, Suspend, Unfreeze, Unpause, WriteOff
from domain.ledger.journal import Journal, written
from domain.ledger.refusal import LedgerRefusal
from domain.ledger.rights import Office, Place, Right
from domain.ledger.signing import require_active
from domain.ledger.titles import Move, move
from domain.parties import Role
from domain.receivable import Cause

ITEMS_MAX = 200


def freeze(journal: Journal, command: Freeze) -> None:
    """Stop lots, all or none of them."""
    _set_frozen(journal, command.lots, command.order, frozen=True)


def unfreeze(journal: Journal, command: Unfreeze) -> None:
    """Let lots go again."""
    _set_frozen(journal, command.lots, command.order, frozen=False)


def suspend(journal: Journal, command: Suspend) -> None:
    """Stop a whole receivable before its first payment."""
    journal.require_office(Office.FREEZER)
    debts.set_suspended(journal, command.receivable, command.order, suspended=True)


def resume(journal: Journal, command: Resume) -> None:
    """Let a receivable go on."""
    journal.require_office(Office.FREEZER)
    debts.set_suspended(journal, command.receivable, command.order, suspended=False)


def force_move(journal: Journal, command: ForceMove) -> None:
    """Move a lot to another admitted party, whoever owns it and frozen or not."""
    journal.require_office(Office.COURT)
    require_active(journal, command.to, Role(0))
    owner = journal.lot(command.lot).owner
    move(
        journal,
        Move(command.lot, None, owner, command.to, command.amount, Cause.FORCED, command.order),
    )


def write_off(journal: Journal, command: WriteOff) -> None:
    """Give up a receivable in default."""
    journal.require_office(Office.COURT)
    debts.write_off(journal, command.receivable, command.order)


def pause(journal: Journal, command: Pause) -> None:
    """The guardian stops rights."""
    journal.require_office(Office.GUARDIAN)
    _set_paused(journal, command.place, command.rights, _paused(journal, command.place) | command.rights)


def unpause(journal: Journal, command: Unpause) -> None:
    """Rights act again."""
    journal.require_office(Office.UNPAUSER)
    _set_paused(journal, command.place, command.rights, _paused(journal, command.place) & ~command.rights)


def _set_frozen(journal: Journal, lots: Sequence[LotId], order: Digest, *, frozen: bool) -> None:
    journal.require_office(Office.FREEZER)
    if len(lots) > ITEMS_MAX:
        raise LedgerRefusal("EnforcementTooMany", len(lots), ITEMS_MAX)
    for lot in lots:
        set_frozen(journal, lot, order, frozen=frozen)


def _paused(journal: Journal, place: Place) -> int:
    return journal.state.paused.get(place, Right(0))


def _set_paused(journal: Journal, place: Place, mask: int, paused: int) -> None:
    if mask & ~Right.PAUSABLE:
        raise LedgerRefusal("RightsNotPausable", mask)
    journal.change(paused=written(journal.state.paused, place, Right(paused)))
    journal.emit(events.PauseChanged(paused))
