"""Cash comes in against credit notices of the settlement bank and goes out against payment orders."""

from collections.abc import Sequence

from api.http.schemas import MoneyBody
from api.http.translation import contract_refusal
from api.ids import now_ms
from api.intents import service as intents
from api.intents.models import IntentRecord
from api.intents.schemas import SummaryLine
from api.outbox.models import Lane, Operation, OperationKind
from api.outbox.service import enqueue
from api.parties.refs import names_of
from api.receivables.money import in_words
from api.receivables.title import require_active
from api.salt import new_salt, secret_salt
from api.settlement.models import CashCredit, Redemption
from api.settlement.schemas import CashCreditBody, RedemptionBody
from api.work import Reading, UnitOfWork
from chain import calls
from domain.commitments import commitment
from domain.ids import PartyAddress
from domain.intents import Redeem
from domain.parties import Power
from indexer import queries
from indexer.models import CashBalance


async def credit(work: UnitOfWork, body: CashCreditBody) -> Operation:
    """Mint cash for a party against a credit notice. Raises `CashCreditRefUsed` and the party's standing."""
    numeric, amount_minor = _cash_amount(work, body.amount)
    party = PartyAddress(body.party)
    await require_active(work, party)
    reference_hash = commitment({"kind": "tallystick.credit-notice.v1", "reference": body.credit_ref})
    if await work.session.get(CashCredit, (reference_hash, numeric)) is not None:
        raise contract_refusal("CashCreditRefUsed", credit_ref=reference_hash)
    operation = await enqueue(
        work,
        lane=Lane.SETTLEMENT_BANK,
        kind=OperationKind.MINT,
        call=calls.mint(work.book, numeric, party, amount_minor, reference_hash),
        subject_ref=f"credit:{reference_hash}",
        visible_to=[party],
    )
    row = CashCredit(
        reference_hash=reference_hash,
        currency=numeric,
        credit_ref=body.credit_ref,
        party=party,
        amount_minor=amount_minor,
        operation_id=operation.id,
        created_ms=now_ms(),
    )
    work.session.add(row)
    await work.session.flush()
    return operation


async def redeem(work: UnitOfWork, body: RedemptionBody) -> IntentRecord:
    """The `Redeem` to sign by the holder (PAY); the account itself stays off the ledger."""
    numeric, amount_minor = _cash_amount(work, body.amount)
    holder = work.caller.party
    await require_active(work, holder)
    held = await queries.balance(work.mirror, holder, numeric)
    if amount_minor > held:
        raise contract_refusal("CashInsufficient", holder=holder, balance=held, amount=amount_minor)
    salt = secret_salt()
    account = {"kind": "tallystick.account.v1", "reference": body.account_ref, "salt": salt}
    intent = Redeem(
        holder=holder,
        currency=numeric,
        amount=amount_minor,
        account_ref=commitment(account),
        deadline=work.now_s + intents.LIFETIME_MAX_S,
        salt=new_salt(),
    )
    record = await intents.prepare(
        work,
        intent=intent,
        required=[(holder, Power.PAY)],
        subject_ref=f"redemption:{intent.account_ref}",
        summary=await _summary(work, intent, body.account_ref),
    )
    row = Redemption(
        digest=record.digest, holder=holder, account_ref=body.account_ref, salt=salt, created_ms=now_ms()
    )
    work.session.add(row)
    await work.session.flush()
    return record


async def balances(read: Reading) -> Sequence[CashBalance]:
    """The caller's cash, one row a currency."""
    return await queries.balances(read.mirror, read.caller.party)


def _cash_amount(work: UnitOfWork, money: MoneyBody) -> tuple[int, int]:
    """ISO 4217 number and minor units of an amount the ledger has cash for."""
    amount_minor, numeric = money.positive_minor(), money.numeric()
    if numeric not in work.book.cash:
        raise contract_refusal("LedgerUnknownCurrency", currency=numeric)
    return numeric, amount_minor


async def _summary(work: UnitOfWork, intent: Redeem, account_ref: str) -> list[SummaryLine]:
    names = await names_of(work.session, intent.holder)
    return [
        SummaryLine(label="Holder", label_zh="持有人", value=names[intent.holder]),
        SummaryLine(label="Amount", label_zh="金额", value=in_words(intent.amount, intent.currency)),
        SummaryLine(label="To account", label_zh="收款账户", value=account_ref),
    ]
