"""A debtor pays what it owes: the `Pay` to sign."""

from api.http.translation import contract_refusal
from api.intents import service as intents
from api.intents.models import IntentRecord
from api.intents.schemas import SummaryLine
from api.parties.refs import names_of
from api.receivables.access import visible_receivable
from api.receivables.debt import PAYABLE, Payoff, payoff
from api.receivables.ids import to_receivable_id
from api.receivables.money import in_words, minor_in
from api.receivables.title import require_active
from api.salt import new_salt
from api.settlement.schemas import PaymentBody
from api.work import UnitOfWork
from domain.calendar import date_of
from domain.ids import ReceivableId
from domain.intents import Pay
from domain.parties import Power
from indexer.models import Receivable


async def pay(work: UnitOfWork, body: PaymentBody) -> IntentRecord:
    """The `Pay` to sign by the debtor (PAY). Raises the refusals of the ledger by their names."""
    receivable = await visible_receivable(work, to_receivable_id(body.receivable_id))
    amount_minor = minor_in(body.amount, receivable.currency)
    await require_active(work, work.caller.party)
    owed = _owed(work, receivable, amount_minor)
    intent = Pay(
        debtor=work.caller.party,
        receivable=ReceivableId(receivable.id),
        amount=amount_minor,
        paid_before=owed.paid_before_minor,
        deadline=work.now_s + intents.LIFETIME_MAX_S,
        salt=new_salt(),
    )
    return await intents.prepare(
        work,
        intent=intent,
        required=[(work.caller.party, Power.PAY)],
        subject_ref=f"receivable:{receivable.id}",
        summary=await _summary(work, receivable, owed, amount_minor),
    )


def _owed(work: UnitOfWork, receivable: Receivable, amount_minor: int) -> Payoff:
    if receivable.debtor != work.caller.party:
        raise contract_refusal("LedgerNotDebtor", receivable=receivable.id, given=work.caller.party)
    if receivable.state not in PAYABLE:
        raise contract_refusal("LedgerNotPayable", receivable=receivable.id, state=receivable.state)
    owed = payoff(receivable, work.now_s)
    if amount_minor > owed.total_minor:
        raise contract_refusal(
            "LedgerOverpaid", receivable=receivable.id, amount=amount_minor, owed=owed.total_minor
        )
    return owed


async def _summary(
    work: UnitOfWork, receivable: Receivable, owed: Payoff, amount_minor: int
) -> list[SummaryLine]:
    names = await names_of(work.session, receivable.debtor)
    interest = min(amount_minor, owed.interest_minor)
    return [
        SummaryLine(label="Debtor", label_zh="债务人", value=names[receivable.debtor]),
        SummaryLine(label="Receivable", label_zh="凭证", value=str(receivable.id)),
        SummaryLine(label="Amount", label_zh="付款金额", value=in_words(amount_minor, receivable.currency)),
        SummaryLine(
            label="Of it interest", label_zh="其中利息", value=in_words(interest, receivable.currency)
        ),
        SummaryLine(label="Due date", label_zh="到期日", value=date_of(receivable.due_s).isoformat()),
    ]
