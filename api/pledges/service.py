"""A lot locked for a loan, let go against repayment, sold for the lender: each an intent of its sides."""

from collections.abc import Sequence
from typing import Final

from api.http.schemas import MoneyBody
from api.http.translation import contract_refusal
from api.intents import service as intents
from api.intents.models import IntentRecord
from api.intents.schemas import SummaryLine
from api.outbox.models import OperationKind
from api.outbox.service import Followup
from api.parties.refs import names_of
from api.pledges.schemas import PledgeBody, RealisationBody, ReleaseBody
from api.receivables.agreements import evidence_of
from api.receivables.followups import tell_lot
from api.receivables.ids import to_lot_id
from api.receivables.money import in_words, minor_in
from api.receivables.title import (
    lot_and_receivable,
    require_active,
    require_chargeable,
    require_not_self,
)
from api.salt import new_salt
from api.work import UnitOfWork
from domain.ids import LotId, PartyAddress
from domain.intents import Pledge, Realise, Release
from domain.lots import LotFlag
from domain.parties import Power
from indexer.models import Lot, Receivable

_NOTHING: Final = 0


async def pledge(work: UnitOfWork, body: PledgeBody) -> IntentRecord:
    """The `Pledge` to sign by owner (ASSIGN) and pledgee (FINANCE), who then pays the advance out.

    Raises the refusals of the ledger by their names.
    """
    owner, pledgee = work.caller.party, PartyAddress(body.pledgee)
    lot, receivable = await lot_and_receivable(work, to_lot_id(body.lot_id))
    if lot.owner != owner:
        raise contract_refusal("LedgerNotOwner", lot=lot.id, given=owner)
    await require_active(work, owner)
    await require_active(work, pledgee)
    secured, advance = minor_in(body.secured, receivable.currency), _minor(body.advance, receivable)
    if advance > secured:
        raise contract_refusal("PledgesAdvanceOverSecured", advance=advance, secured=secured)
    require_chargeable(lot, receivable, work.now_s)
    require_not_self(lot, pledgee)
    if not lot.amount_minor:
        raise contract_refusal("LedgerBadCharge", lot=lot.id, secured=secured, recourse_limit=_NOTHING)
    intent = Pledge(
        owner=owner,
        pledgee=pledgee,
        lot=LotId(lot.id),
        seq=lot.seq,
        secured=secured,
        advance=advance,
        evidence=evidence_of(body.agreement_sha256),
        deadline=work.now_s + intents.LIFETIME_MAX_S,
        salt=new_salt(),
    )
    return await intents.prepare(
        work,
        intent=intent,
        required=[(owner, Power.ASSIGN), (pledgee, Power.FINANCE)],
        subject_ref=f"lot:{lot.id}",
        summary=[
            *await _sides(work, lot, pledgee),
            _amount("Secured amount", "担保金额", secured, receivable),
            _amount("Paid out now", "立即放款", advance, receivable),
        ],
    )


async def release(work: UnitOfWork, lot_id: LotId, body: ReleaseBody) -> IntentRecord:
    """The `Release` to sign by the pledgee (FINANCE), and by the owner (PAY) where it repays.

    Raises the refusals of the ledger by their names.
    """
    lot, receivable = await _pledged_to_caller(work, lot_id)
    secured, repayment = _minor(body.secured, receivable), _minor(body.repayment, receivable)
    if secured >= lot.secured_minor:
        raise contract_refusal("LedgerBadCharge", lot=lot.id, secured=secured, recourse_limit=_NOTHING)
    owner, pledgee = PartyAddress(lot.owner), work.caller.party
    intent = Release(
        owner=owner,
        pledgee=pledgee,
        lot=LotId(lot.id),
        seq=lot.seq,
        secured=secured,
        repayment=repayment,
        evidence=evidence_of(body.agreement_sha256),
        deadline=work.now_s + intents.LIFETIME_MAX_S,
        salt=new_salt(),
    )
    return await intents.prepare(
        work,
        intent=intent,
        required=[*([(owner, Power.PAY)] if repayment else []), (pledgee, Power.FINANCE)],
        subject_ref=f"lot:{lot.id}",
        summary=[
            *await _sides(work, lot, pledgee),
            _amount("Secured from now on", "变更后担保金额", secured, receivable),
            _amount("Repaid by the owner", "持有人还款", repayment, receivable),
        ],
    )


async def realise(work: UnitOfWork, lot_id: LotId, body: RealisationBody) -> IntentRecord:
    """The `Realise` to sign by owner (ASSIGN), pledgee (FINANCE) and, where it is another, buyer (PAY).

    Raises the refusals of the ledger by their names.
    """
    lot, receivable = await _pledged_to_caller(work, lot_id)
    owner, pledgee, buyer = PartyAddress(lot.owner), work.caller.party, PartyAddress(body.buyer)
    await require_active(work, buyer)
    require_not_self(lot, buyer)
    price = minor_in(body.price, receivable.currency)
    intent = Realise(
        owner=owner,
        pledgee=pledgee,
        buyer=buyer,
        lot=LotId(lot.id),
        seq=lot.seq,
        price=price,
        evidence=evidence_of(body.agreement_sha256),
        deadline=work.now_s + intents.LIFETIME_MAX_S,
        salt=new_salt(),
    )
    names = await names_of(work.session, buyer)
    return await intents.prepare(
        work,
        intent=intent,
        required=[
            (owner, Power.ASSIGN),
            (pledgee, Power.FINANCE),
            *([(buyer, Power.PAY)] if buyer != pledgee else []),
        ],
        subject_ref=f"lot:{lot.id}",
        summary=[
            *await _sides(work, lot, pledgee),
            SummaryLine(label="Buyer", label_zh="买方", value=names[buyer]),
            _amount("Price", "价款", price, receivable),
        ],
    )


async def _pledged_to_caller(work: UnitOfWork, lot_id: LotId) -> tuple[Lot, Receivable]:
    """Whose lot it is and what is owed on it is shown to nobody who has no pledge on it."""
    lot, receivable = await lot_and_receivable(work, lot_id)
    if not lot.flags & LotFlag.PLEDGED or lot.chargee != work.caller.party:
        raise contract_refusal("LedgerLotNotPledgedTo", lot=lot_id, pledgee=work.caller.party)
    await require_active(work, work.caller.party)
    if lot.flags & LotFlag.FROZEN:
        raise contract_refusal("LedgerLotFrozen", lot=lot_id)
    return lot, receivable


def _minor(money: MoneyBody | None, receivable: Receivable) -> int:
    return minor_in(money, receivable.currency) if money is not None else _NOTHING


async def _sides(work: UnitOfWork, lot: Lot, pledgee: PartyAddress) -> Sequence[SummaryLine]:
    names = await names_of(work.session, lot.owner, pledgee)
    return [
        SummaryLine(label="Owner", label_zh="持有人", value=names[lot.owner]),
        SummaryLine(label="Pledgee", label_zh="质权人", value=names[pledgee]),
        SummaryLine(label="Lot", label_zh="凭证段", value=str(lot.id)),
    ]


def _amount(label: str, label_zh: str, amount_minor: int, receivable: Receivable) -> SummaryLine:
    return SummaryLine(label=label, label_zh=label_zh, value=in_words(amount_minor, receivable.currency))


FOLLOWUPS: Final[dict[OperationKind, Followup]] = dict.fromkeys(
    (OperationKind.PLEDGE, OperationKind.RELEASE, OperationKind.REALISE), tell_lot
)
