"""Title against cash, and buy-back under recourse, as the module `Financing` checks it."""

from functools import partial

from domain import events
from domain.ids import ZERO_ADDRESS, LotId
from domain.intents import Buyback, Finance, IntentKind, Recourse
from domain.ledger import mandates
from domain.ledger.cash import move_cash
from domain.ledger.charges import ChargeOrder, charge
from domain.ledger.commands import FinanceMany, FinanceUnderMandate, Quoted, Signed
from domain.ledger.journal import ItemRefused, Journal
from domain.ledger.refusal import LedgerRefusal
from domain.ledger.rights import Right
from domain.ledger.signing import require_active, require_signed, require_signed_by
from domain.ledger.titles import Move, move
from domain.lots import LotFlag
from domain.parties import Power, Role
from domain.receivable import Cause

ITEMS_MAX = 50


def finance(journal: Journal, signed: Signed[Finance]) -> None:
    """The bank signs itself."""
    intent = signed.intent
    _check_finance(journal, intent)
    require_signed(journal, intent.bank, Power.FINANCE, signed.digest, signed.signers[0])
    _buy(journal, signed, mandated=False)


def finance_under_mandate(journal: Journal, command: FinanceUnderMandate) -> None:
    """The key that the bank's mandate names signs alone, within the mandate."""
    _finance_quoted(journal, command.item)


def finance_many(journal: Journal, command: FinanceMany) -> None:
    """Many at once; an item that is refused is reported and harms no other."""
    if len(command.items) > ITEMS_MAX:
        raise LedgerRefusal("FinancingTooMany", len(command.items), ITEMS_MAX)
    for index, item in enumerate(command.items):
        refusal = journal.attempt(partial(_finance_item, journal, item))
        if refusal is not None:
            signed = item.signed if isinstance(item, Quoted) else item
            journal.emit(ItemRefused(index, signed.digest, refusal))


def buy_back(journal: Journal, signed: Signed[Buyback]) -> None:
    """The seller takes back what it sold with recourse."""
    intent = signed.intent
    bank_signers, seller_signers = signed.signers
    journal.check_deadline(intent.deadline)
    require_signed(journal, intent.bank, Power.FINANCE, signed.digest, bank_signers)
    require_signed(journal, intent.seller, Power.PAY, signed.digest, seller_signers)
    lot = journal.lot(intent.lot)
    if LotFlag.RECOURSE not in lot.flags or lot.chargee != intent.seller:
        raise LedgerRefusal("FinancingNoRecourse", intent.lot, intent.seller)
    if lot.recourse_limit and intent.price > lot.recourse_limit:
        raise LedgerRefusal("FinancingOverRecourse", intent.lot, intent.price, lot.recourse_limit)
    order = Move(
        intent.lot, intent.seq, intent.bank, intent.seller, lot.amount, Cause.BUYBACK, intent.evidence
    )
    child = move(journal, order)
    journal.emit(
        events.BoughtBack(
            child, intent.bank, intent.seller, lot.amount, intent.price, intent.evidence, signed.digest
        ),
        events.IntentUsed(signed.digest, IntentKind.BUYBACK, child, journal.sender),
    )
    mandates.release_lots(journal, [intent.lot])
    currency = journal.receivable(lot.receivable).currency
    move_cash(journal, currency, intent.seller, intent.bank, intent.price, Right.BUYBACK)


def _finance_item(journal: Journal, item: Signed[Finance] | Quoted) -> None:
    if isinstance(item, Quoted):
        _finance_quoted(journal, item)
    else:
        finance(journal, item)


def _finance_quoted(journal: Journal, item: Quoted) -> None:
    signed, mandate = item.signed, item.mandate
    intent = signed.intent
    _check_finance(journal, intent)
    if intent.bank != mandate.bank:
        raise LedgerRefusal("MandateBankDiffers", mandate.bank, intent.bank)
    days = mandates.check_in_force(journal, item.mandate_id, mandate, intent.lot)
    mandates.check_quote(intent, mandate, days)
    _check_earlier_recourse(journal, intent.lot)
    require_signed_by(journal, mandate.bank, mandate.quoter, Power.QUOTE, signed.digest, signed.signers[0])
    child = _buy(journal, signed, mandated=True)
    mandates.use(journal, item.mandate_id, mandate.limit, child, intent.amount)


def _check_earlier_recourse(journal: Journal, lot_number: LotId) -> None:
    """A lot bought second hand brings along what its first seller gets beyond the secured amount."""
    lot = journal.lot(lot_number)
    if LotFlag.RECOURSE in lot.flags and lot.secured != lot.amount:
        raise LedgerRefusal("MandateNotFullySecured", lot.amount, lot.secured)


def _check_finance(journal: Journal, intent: Finance) -> None:
    journal.check_deadline(intent.deadline)
    fees_named = bool(intent.fees) == (intent.fees_to != ZERO_ADDRESS)
    if not 0 < intent.price <= intent.amount or intent.fees >= intent.price or not fees_named:
        raise LedgerRefusal("FinancingBadPrice", intent.amount, intent.price, intent.fees)
    if intent.day_count not in mandates.DAY_COUNTS:
        raise LedgerRefusal("FinancingBadDayCount", intent.day_count)
    if not _is_recourse_good(intent):
        raise LedgerRefusal("FinancingBadRecourse", intent.recourse, intent.secured, intent.recourse_limit)


def _is_recourse_good(intent: Finance) -> bool:
    if intent.recourse == Recourse.WITHOUT:
        return not intent.secured and not intent.recourse_limit
    if not 0 < intent.secured <= intent.amount or intent.recourse_limit > intent.amount:
        return False
    if intent.recourse == Recourse.WITH:
        return not intent.recourse_limit
    return intent.recourse == Recourse.LIMITED and bool(intent.recourse_limit)


def _buy(journal: Journal, signed: Signed[Finance], *, mandated: bool) -> LotId:
    """Title, charge, cash, in this order, or nothing."""
    intent = signed.intent
    require_active(journal, intent.bank, Role.BANK)
    require_signed(journal, intent.seller, Power.ASSIGN, signed.digest, signed.signers[1])
    order = Move(
        lot=intent.lot,
        seq=intent.seq,
        owner=intent.seller,
        to=intent.bank,
        amount=intent.amount,
        cause=Cause.FINANCE,
        evidence=intent.terms_hash,
        mandated=mandated,
    )
    child = move(journal, order)
    if intent.recourse:
        _charge_seller(journal, intent, child)
    _emit_financed(journal, signed, child)
    # a bank that sells on frees what its own mandate counted
    mandates.release_lots(journal, [intent.lot])
    _move_cash(journal, intent, child)
    return child


def _charge_seller(journal: Journal, intent: Finance, child: LotId) -> None:
    charge(
        journal,
        ChargeOrder(
            lot=child,
            seq=0,
            owner=intent.bank,
            chargee=intent.seller,
            kind=LotFlag.RECOURSE,
            secured=intent.secured,
            recourse_limit=intent.recourse_limit,
            evidence=intent.terms_hash,
        ),
    )


def _emit_financed(journal: Journal, signed: Signed[Finance], child: LotId) -> None:
    intent = signed.intent
    journal.emit(
        events.Financed(
            child=child,
            bank=intent.bank,
            seller=intent.seller,
            amount=intent.amount,
            price=intent.price,
            fees=intent.fees,
            fees_to=intent.fees_to,
            rate_ppm=intent.rate_ppm,
            day_count=intent.day_count,
            recourse=intent.recourse,
            registration_ref=intent.registration_ref,
            notice_ref=intent.notice_ref,
            terms_hash=intent.terms_hash,
            digest=signed.digest,
        ),
        events.IntentUsed(signed.digest, IntentKind.FINANCE, child, journal.sender),
    )


def _move_cash(journal: Journal, intent: Finance, child: LotId) -> None:
    currency = journal.receivable(journal.lot(child).receivable).currency
    move_cash(journal, currency, intent.bank, intent.seller, intent.price - intent.fees, Right.FINANCE)
    if intent.fees:
        require_active(journal, intent.fees_to, Role(0))
        move_cash(journal, currency, intent.bank, intent.fees_to, intent.fees, Right.FINANCE)
