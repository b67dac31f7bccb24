"""Deposits, as the contract `Cash` keeps them for each currency."""

from collections.abc import Sequence
from dataclasses import replace

from domain import events
from domain.calendar import DAY_SECONDS
from domain.ids import ZERO_ADDRESS, ZERO_DIGEST, PartyAddress
from domain.intents import IntentKind, Redeem
from domain.ledger.claims import Payout
from domain.ledger.commands import Mint, Signed
from domain.ledger.journal import Journal, written
from domain.ledger.refusal import LedgerRefusal
from domain.ledger.rights import Office, Right
from domain.ledger.signing import require_active, require_signed
from domain.ledger.state import CashBook
from domain.money import AMOUNT_MAX_MINOR
from domain.parties import Power, Role


def move_cash(  # the arguments of the contract's function, and the currency that chooses it
    journal: Journal, currency: int, payer: PartyAddress, to: PartyAddress, amount: int, right: Right
) -> None:
    """Move cash between parties."""
    journal.require_right(currency, right)
    if not amount or to == ZERO_ADDRESS:
        raise LedgerRefusal("CashZeroValue")
    book = _debited(journal.state.cash[currency], payer, amount)
    journal.put_cash(currency, _credited(book, to, amount))
    journal.emit(events.Transfer(payer, to, amount))


def pay_out(journal: Journal, currency: int, payouts: Sequence[Payout]) -> None:
    """Pay what was claimed out of what was paid in. Claims cannot be paused."""
    book = journal.state.cash[currency]
    for payout in payouts:
        book = _credited(_debited(book, journal.state.settlement, payout.amount), payout.to, payout.amount)
        journal.emit(events.Transfer(journal.state.settlement, payout.to, payout.amount))
    journal.put_cash(currency, book)


def mint(journal: Journal, command: Mint) -> None:
    """The settlement bank credits a party against a credit notice, each of which counts once."""
    journal.require_office(Office.SETTLEMENT_BANK)
    book = journal.state.cash[command.currency]
    if not command.amount or command.credit_ref == ZERO_DIGEST:
        raise LedgerRefusal("CashZeroValue")
    if command.credit_ref in book.credit_refs:
        raise LedgerRefusal("CashCreditRefUsed", command.credit_ref)
    require_active(journal, command.to, Role(0))
    today = journal.now_s // DAY_SECONDS
    minted = book.minted_minor if book.mint_day == today else 0
    left = book.mint_limit_minor - minted
    if command.amount > left:
        raise LedgerRefusal("CashMintLimit", command.amount, left)
    supply = book.supply + command.amount
    if supply > AMOUNT_MAX_MINOR:
        raise LedgerRefusal("CashSupplyLimit", supply, AMOUNT_MAX_MINOR)
    book = replace(
        book,
        credit_refs=book.credit_refs | {command.credit_ref},
        mint_day=today,
        minted_minor=minted + command.amount,
    )
    journal.put_cash(command.currency, _credited(book, command.to, command.amount))
    journal.emit(
        events.CashMinted(command.to, command.amount, command.credit_ref),
        events.Transfer(ZERO_ADDRESS, command.to, command.amount),
    )


def redeem(journal: Journal, signed: Signed[Redeem]) -> None:
    """Cash back to the holder's own bank account."""
    intent = signed.intent
    journal.check_deadline(intent.deadline)
    if not intent.amount or intent.account_ref == ZERO_DIGEST:
        raise LedgerRefusal("CashZeroValue")
    journal.use_once(signed.digest)
    require_signed(journal, intent.holder, Power.PAY, signed.digest, signed.signers[0])
    book = _debited(journal.state.cash[intent.currency], intent.holder, intent.amount)
    journal.put_cash(intent.currency, book)
    journal.emit(
        events.CashRedeemed(intent.holder, intent.amount, intent.account_ref, signed.digest),
        events.Transfer(intent.holder, ZERO_ADDRESS, intent.amount),
        events.IntentUsed(signed.digest, IntentKind.REDEEM, 0, journal.sender),
    )


def _debited(book: CashBook, holder: PartyAddress, amount: int) -> CashBook:
    balance = book.balances.get(holder, 0)
    if balance < amount:
        raise LedgerRefusal("CashInsufficient", holder, balance, amount)
    return replace(book, balances=written(book.balances, holder, balance - amount))


def _credited(book: CashBook, holder: PartyAddress, amount: int) -> CashBook:
    balance = book.balances.get(holder, 0) + amount
    return replace(book, balances=written(book.balances, holder, balance))
