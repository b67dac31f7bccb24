"""The `Buyback` of a lot that was sold with recourse: title back against cash, in one transaction."""

from typing import Final

from api.buybacks.schemas import BuyBackBody
from api.http.translation import contract_refusal
from api.intents import service as intents
from api.intents.models import IntentRecord
from api.intents.schemas import SummaryLine
from api.outbox.models import OperationKind
from api.outbox.service import Followup
from api.parties.refs import names_of
from api.receivables.agreements import evidence_of
from api.receivables.followups import tell_lot
from api.receivables.ids import to_lot_id
from api.receivables.money import in_words, minor_in
from api.receivables.title import lot_and_receivable, require_active
from api.salt import new_salt
from api.work import UnitOfWork
from domain.ids import LotId, PartyAddress
from domain.intents import Buyback
from domain.lots import LotFlag
from domain.parties import Power


async def buy_back(work: UnitOfWork, body: BuyBackBody) -> IntentRecord:
    """The intent to sign by bank (FINANCE) and seller (PAY); either asks for it.

    Raises the refusals of the ledger by their names.
    """
    lot, receivable = await lot_and_receivable(work, to_lot_id(body.lot_id))
    bank, seller = PartyAddress(lot.owner), PartyAddress(lot.chargee)
    if not lot.flags & LotFlag.RECOURSE or work.caller.party not in (bank, seller):
        raise contract_refusal("FinancingNoRecourse", lot=lot.id, seller=work.caller.party)
    await require_active(work, bank)
    await require_active(work, seller)
    if lot.flags & LotFlag.FROZEN:
        raise contract_refusal("LedgerLotFrozen", lot=lot.id)
    price = minor_in(body.price, receivable.currency)
    if lot.recourse_limit_minor and price > lot.recourse_limit_minor:
        raise contract_refusal(
            "FinancingOverRecourse", lot=lot.id, price=price, limit=lot.recourse_limit_minor
        )
    intent = Buyback(
        bank=bank,
        seller=seller,
        lot=LotId(lot.id),
        seq=lot.seq,
        price=price,
        evidence=evidence_of(body.agreement_sha256),
        deadline=work.now_s + intents.LIFETIME_MAX_S,
        salt=new_salt(),
    )
    names = await names_of(work.session, bank, seller)
    return await intents.prepare(
        work,
        intent=intent,
        required=[(bank, Power.FINANCE), (seller, Power.PAY)],
        subject_ref=f"lot:{lot.id}",
        summary=[
            SummaryLine(label="Bank", label_zh="银行", value=names[bank]),
            SummaryLine(label="Taken back by", label_zh="回购方", value=names[seller]),
            SummaryLine(label="Lot", label_zh="凭证段", value=str(lot.id)),
            SummaryLine(
                label="Amount", label_zh="金额", value=in_words(lot.amount_minor, receivable.currency)
            ),
            SummaryLine(label="Price", label_zh="回购价款", value=in_words(price, receivable.currency)),
        ],
    )


FOLLOWUPS: Final[dict[OperationKind, Followup]] = {OperationKind.BUYBACK: tell_lot}
