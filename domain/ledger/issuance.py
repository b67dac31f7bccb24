"""How receivables come to be and are taken back, as the module `Issuance` checks it."""

from domain import events
from domain.calendar import DAY_SECONDS, date_of
from domain.ids import ZERO_DIGEST
from domain.intents import Cancel, IntentKind, Issue
from domain.ledger import invoices
from domain.ledger.commands import Signed
from domain.ledger.debts import cancel as cancel_receivable
from domain.ledger.journal import Journal
from domain.ledger.refusal import LedgerRefusal
from domain.ledger.signing import known_party, require_active, require_signed
from domain.ledger.titles import open_receivable
from domain.parties import Power, Role
from domain.rules import LedgerParameter

INVOICES_MAX = 50


def issue(journal: Journal, signed: Signed[Issue]) -> None:
    """Debtor and creditor sign the same receivable."""
    intent = signed.intent
    journal.check_deadline(intent.deadline)
    _check_invoices(journal, intent)
    _check_due(journal, intent)
    _check_statutory_term(journal, intent)
    journal.use_once(signed.digest)
    _check_parties(journal, signed)
    receivable = open_receivable(journal, intent, signed.invoice_set)
    journal.emit(events.IntentUsed(signed.digest, IntentKind.ISSUE, receivable, journal.sender))
    invoices.bind(journal, receivable, intent.invoices)


def cancel(journal: Journal, signed: Signed[Cancel]) -> None:
    """Debtor and creditor take back what nothing happened to; its invoices are free again."""
    intent = signed.intent
    debtor_signers, creditor_signers = signed.signers
    journal.check_deadline(intent.deadline)
    require_signed(journal, intent.debtor, Power.CONFIRM, signed.digest, debtor_signers)
    require_signed(journal, intent.creditor, Power.ACCEPT, signed.digest, creditor_signers)
    bound = cancel_receivable(journal, intent.receivable, intent.debtor, intent.creditor, intent.evidence)
    if signed.invoice_set != bound:
        raise LedgerRefusal("IssuanceInvoicesDiffer", intent.receivable, bound, signed.invoice_set)
    journal.emit(events.IntentUsed(signed.digest, IntentKind.CANCEL, intent.receivable, journal.sender))
    invoices.release(journal, intent.receivable, intent.invoices)


def _check_invoices(journal: Journal, intent: Issue) -> None:
    """The face is what the invoices say, and nothing is financed before it was invoiced."""
    if len(intent.invoices) > INVOICES_MAX:
        raise LedgerRefusal("IssuanceTooManyInvoices", len(intent.invoices), INVOICES_MAX)
    for use in intent.invoices:
        if use.issued_at > journal.now_s:
            raise LedgerRefusal("IssuancePrepayment", use.fingerprint, use.issued_at)
    invoiced = sum(use.amount for use in intent.invoices)
    if invoiced != intent.face:
        raise LedgerRefusal("IssuanceFaceMismatch", intent.face, invoiced)


def _check_due(journal: Journal, intent: Issue) -> None:
    if intent.due % DAY_SECONDS:
        raise LedgerRefusal("IssuanceDueNotADay", intent.due)
    today = journal.now_s - journal.now_s % DAY_SECONDS
    if intent.due < today:
        raise LedgerRefusal("IssuanceDuePast", intent.due, today)
    latest = today + _rule(journal, LedgerParameter.MAX_TERM_DAYS) * DAY_SECONDS
    if intent.due > latest:
        raise LedgerRefusal("IssuanceTermTooLong", intent.due, latest)


def _check_statutory_term(journal: Journal, intent: Issue) -> None:
    """A large buyer pays a small supplier in time; a later day needs the supplier's agreement of its own."""
    if intent.delivered_at > journal.now_s:
        raise LedgerRefusal("IssuanceNotDelivered", intent.delivered_at)
    if intent.extension != ZERO_DIGEST:
        return
    term_days = _rule(journal, LedgerParameter.STATUTORY_TERM_DAYS)
    latest = intent.delivered_at + term_days * DAY_SECONDS
    if not term_days or intent.due <= latest:
        return
    if Role.LARGE_BUYER not in known_party(journal, intent.debtor).roles:
        return
    if Role.SMALL_SUPPLIER in known_party(journal, intent.creditor).roles:
        raise LedgerRefusal("IssuanceStatutoryTerm", intent.due, latest)


def _check_parties(journal: Journal, signed: Signed[Issue]) -> None:
    intent = signed.intent
    debtor_signers, creditor_signers = signed.signers
    if intent.debtor == intent.creditor:
        raise LedgerRefusal("IssuanceSameParty", intent.debtor)
    require_signed(journal, intent.debtor, Power.CONFIRM, signed.digest, debtor_signers)
    require_active(journal, intent.debtor, Role.DEBTOR)
    require_signed(journal, intent.creditor, Power.ACCEPT, signed.digest, creditor_signers)
    blocking = journal.state.blocking.get(intent.debtor, 0)
    if blocking:
        raise LedgerRefusal("IssuanceDebtorBlocked", intent.debtor, blocking)


def _rule(journal: Journal, parameter: LedgerParameter) -> int:
    return journal.state.rules.value(parameter, date_of(journal.now_s))
