"""Loans against lots, as the module `Pledges` checks it."""

from domain import events
from domain.ids import LotId, PartyAddress
from domain.intents import IntentKind, Pledge, Realise, Release
from domain.ledger.cash import move_cash
from domain.ledger.charges import ChargeOrder, charge, lower_pledge
from domain.ledger.claims import still_secured
from domain.ledger.commands import Signed
from domain.ledger.journal import Journal
from domain.ledger.refusal import LedgerRefusal
from domain.ledger.rights import Right
from domain.ledger.signing import require_signed
from domain.ledger.titles import Move, move
from domain.lots import LotFlag
from domain.parties import Power
from domain.receivable import Cause


def pledge(journal: Journal, signed: Signed[Pledge]) -> None:
    """Lock a lot for a loan, and pay the loan out."""
    intent = signed.intent
    owner_signers, pledgee_signers = signed.signers
    journal.check_deadline(intent.deadline)
    if intent.advance > intent.secured:
        raise LedgerRefusal("PledgesAdvanceOverSecured", intent.advance, intent.secured)
    require_signed(journal, intent.owner, Power.ASSIGN, signed.digest, owner_signers)
    require_signed(journal, intent.pledgee, Power.FINANCE, signed.digest, pledgee_signers)
    order = ChargeOrder(
        lot=intent.lot,
        seq=intent.seq,
        owner=intent.owner,
        chargee=intent.pledgee,
        kind=LotFlag.PLEDGED,
        secured=intent.secured,
        recourse_limit=0,
        evidence=intent.evidence,
    )
    charge(journal, order)
    journal.emit(
        events.Pledged(
            intent.lot,
            intent.owner,
            intent.pledgee,
            intent.secured,
            intent.advance,
            intent.evidence,
            signed.digest,
        ),
        events.IntentUsed(signed.digest, IntentKind.PLEDGE, intent.lot, journal.sender),
    )
    _pay(journal, intent.lot, intent.pledgee, intent.owner, intent.advance)


def release(journal: Journal, signed: Signed[Release]) -> None:
    """Lower a pledge or lift it, against a repayment or none."""
    intent = signed.intent
    owner_signers, pledgee_signers = signed.signers
    journal.check_deadline(intent.deadline)
    require_signed(journal, intent.pledgee, Power.FINANCE, signed.digest, pledgee_signers)
    if intent.repayment:
        require_signed(journal, intent.owner, Power.PAY, signed.digest, owner_signers)
    owner = lower_pledge(journal, intent.lot, intent.seq, intent.pledgee, intent.secured, intent.evidence)
    if owner != intent.owner:
        raise LedgerRefusal("PledgesOwnerDiffers", intent.lot, owner, intent.owner)
    journal.emit(
        events.PledgeReleased(
            intent.lot,
            owner,
            intent.pledgee,
            intent.secured,
            intent.repayment,
            intent.evidence,
            signed.digest,
        ),
        events.IntentUsed(signed.digest, IntentKind.RELEASE, intent.lot, journal.sender),
    )
    _pay(journal, intent.lot, owner, intent.pledgee, intent.repayment)


def realise(journal: Journal, signed: Signed[Realise]) -> None:
    """Sell a pledged lot free of its pledge, with the owner's consent."""
    intent = signed.intent
    journal.check_deadline(intent.deadline)
    if not intent.price:
        raise LedgerRefusal("PledgesZeroPrice", intent.lot)
    _check_signed(journal, signed)
    lot = journal.lot(intent.lot)
    if lot.chargee != intent.pledgee:
        raise LedgerRefusal("LedgerLotNotPledgedTo", intent.lot, intent.pledgee)
    order = Move(
        intent.lot, intent.seq, intent.owner, intent.buyer, lot.amount, Cause.RECOVERY, intent.evidence
    )
    secured = still_secured(journal.receivable(lot.receivable), lot)
    child = move(journal, order)
    to_pledgee = min(intent.price, secured)
    journal.emit(
        events.PledgeRealised(
            child=child,
            pledgee=intent.pledgee,
            buyer=intent.buyer,
            owner=intent.owner,
            amount=lot.amount,
            price=intent.price,
            to_pledgee=to_pledgee,
            evidence=intent.evidence,
            digest=signed.digest,
        ),
        events.IntentUsed(signed.digest, IntentKind.REALISE, child, journal.sender),
    )
    if intent.buyer != intent.pledgee:
        _pay(journal, intent.lot, intent.buyer, intent.pledgee, to_pledgee)
    _pay(journal, intent.lot, intent.buyer, intent.owner, intent.price - to_pledgee)


def _check_signed(journal: Journal, signed: Signed[Realise]) -> None:
    intent = signed.intent
    owner_signers, pledgee_signers, buyer_signers = signed.signers
    require_signed(journal, intent.owner, Power.ASSIGN, signed.digest, owner_signers)
    require_signed(journal, intent.pledgee, Power.FINANCE, signed.digest, pledgee_signers)
    if intent.buyer != intent.pledgee:
        require_signed(journal, intent.buyer, Power.PAY, signed.digest, buyer_signers)


def _pay(journal: Journal, lot: LotId, payer: PartyAddress, to: PartyAddress, amount: int) -> None:
    if amount:
        currency = journal.receivable(journal.lot(lot).receivable).currency
        move_cash(journal, currency, payer, to, amount, Right.PLEDGE)
