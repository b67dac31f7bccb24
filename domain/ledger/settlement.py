"""How debtors pay and holders are paid, as the module `Settlement` does it."""

from domain import events
from domain.intents import IntentKind, Pay
from domain.ledger import debts, mandates
from domain.ledger.cash import move_cash, pay_out
from domain.ledger.claims import Payout, Unpaid, record_claims
from domain.ledger.commands import Claim, DeclareDefault, FlagOverdue, Signed
from domain.ledger.journal import ClaimRefused, Journal
from domain.ledger.refusal import LedgerRefusal
from domain.ledger.rights import Right
from domain.ledger.signing import require_signed
from domain.parties import Power

ITEMS_MAX = 200


def pay(journal: Journal, signed: Signed[Pay]) -> None:
    """The debtor pays in, all or part."""
    intent = signed.intent
    journal.check_deadline(intent.deadline)
    require_signed(journal, intent.debtor, Power.PAY, signed.digest, signed.signers[0])
    debts.record_payment(
        journal, intent.receivable, intent.debtor, intent.amount, intent.paid_before, signed.digest
    )
    journal.emit(events.IntentUsed(signed.digest, IntentKind.PAY, intent.receivable, journal.sender))
    currency = journal.receivable(intent.receivable).currency
    move_cash(journal, currency, intent.debtor, journal.state.settlement, intent.amount, Right.PAY)


def claim(journal: Journal, command: Claim) -> None:
    """Pay lots out, whoever asks; one that gets nothing is reported and harms no other."""
    if len(command.lots) > ITEMS_MAX:
        raise LedgerRefusal("SettlementTooMany", len(command.lots), ITEMS_MAX)
    waiting: list[Payout] = []
    for entry in record_claims(journal, command.lots):
        if isinstance(entry, Unpaid):
            journal.emit(ClaimRefused(entry.lot, entry.refusal))
            continue
        if waiting and waiting[0].currency != entry.currency:
            pay_out(journal, waiting[0].currency, waiting)
            waiting = []
        waiting.append(entry)
    if waiting:
        pay_out(journal, waiting[0].currency, waiting)
    mandates.release_lots(journal, command.lots)


def flag_overdue(journal: Journal, command: FlagOverdue) -> None:
    """Anyone flags what is due and unpaid."""
    debts.record_overdue(journal, command.receivable)


def declare_default(journal: Journal, command: DeclareDefault) -> None:
    """Anyone declares the default of what is unpaid after its grace period."""
    debts.record_default(journal, command.receivable)
