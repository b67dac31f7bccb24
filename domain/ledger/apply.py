"""The one way to change the books."""

from collections.abc import Callable
from typing import Any

from domain import intents
from domain.ledger import (
    cash,
    commands,
    enforcement,
    financing,
    issuance,
    mandates,
    pledges,
    settlement,
    signing,
    transfers,
)
from domain.ledger.journal import Journal, LedgerEvent
from domain.ledger.state import LedgerState

_OF_ONE_INTENT: dict[type[Any], Callable[[Journal, Any], None]] = {
    intents.Issue: issuance.issue,
    intents.Cancel: issuance.cancel,
    intents.Assign: transfers.assign,
    intents.Export: transfers.export,
    intents.Finance: financing.finance,
    intents.Buyback: financing.buy_back,
    intents.Mandate: mandates.grant,
    intents.Pledge: pledges.pledge,
    intents.Release: pledges.release,
    intents.Realise: pledges.realise,
    intents.Pay: settlement.pay,
    intents.Redeem: cash.redeem,
    intents.Revoke: signing.revoke,
}


def _carry(journal: Journal, command: commands.Carry) -> None:
    _OF_ONE_INTENT[type(command.item.intent)](journal, command.item)


_OF_COMMAND: dict[type[Any], Callable[[Journal, Any], None]] = {
    commands.Carry: _carry,
    commands.FinanceUnderMandate: financing.finance_under_mandate,
    commands.AssignMany: transfers.assign_many,
    commands.FinanceMany: financing.finance_many,
    commands.ReleaseExposure: mandates.release_exposure,
    commands.Claim: settlement.claim,
    commands.FlagOverdue: settlement.flag_overdue,
    commands.DeclareDefault: settlement.declare_default,
    commands.Freeze: enforcement.freeze,
    commands.Unfreeze: enforcement.unfreeze,
    commands.Suspend: enforcement.suspend,
    commands.Resume: enforcement.resume,
    commands.ForceMove: enforcement.force_move,
    commands.WriteOff: enforcement.write_off,
    commands.Mint: cash.mint,
    commands.UpdateParty: signing.update_party,
    commands.Pause: enforcement.pause,
    commands.Unpause: enforcement.unpause,
}


def apply(
    state: LedgerState, command: commands.Command, now_s: int
) -> tuple[LedgerState, tuple[LedgerEvent, ...]]:
    """The books after a command in a block of this time, and what is emitted. Raises LedgerRefusal."""
    journal = Journal(state, now_s, command.sender)
    _OF_COMMAND[type(command)](journal, command)
    return journal.state, tuple(journal.emitted)
