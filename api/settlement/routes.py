"""Payments, claims, redemptions, cash credits, balances, the overdue flag and default."""

from typing import Final

from api.auth.caller import Scope
from api.deps import Read, Work, needs
from api.http.routing import router
from api.http.schemas import MoneyView
from api.intents import service as intents
from api.intents.schemas import IntentView
from api.outbox.schemas import OperationView
from api.receivables.ids import to_receivable_id
from api.settlement import cash, claims, payments
from api.settlement.schemas import CashCreditBody, ClaimBody, PaymentBody, RedemptionBody

PAYMENTS: Final = router("/payments", "settlement")
CLAIMS: Final = router("/claims", "settlement")
REDEMPTIONS: Final = router("/redemptions", "settlement")
CASH_CREDITS: Final = router("/cash-credits", "settlement")
BALANCES: Final = router("/balances", "settlement")
OVERDUE: Final = router("/receivables", "settlement")

ROUTERS: Final = (PAYMENTS, CLAIMS, REDEMPTIONS, CASH_CREDITS, BALANCES, OVERDUE)

_MEMBERS: Final = needs(Scope.READ, Scope.SUBMIT, Scope.CONFIRM, Scope.QUOTE, Scope.FINANCE, Scope.PAY)

_CONCERNED: Final = needs(
    Scope.READ, Scope.SUBMIT, Scope.CONFIRM, Scope.QUOTE, Scope.FINANCE, Scope.PAY, Scope.AUDIT
)


@PAYMENTS.post("", status_code=201, dependencies=[needs(Scope.PAY)])
async def pay_receivable(body: PaymentBody, work: Work) -> IntentView:
    """Pay a receivable, in whole or in part: an intent that the debtor's signers sign."""
    return await intents.view(work, await payments.pay(work, body))


@CLAIMS.post("", status_code=201, dependencies=[needs(Scope.SUBMIT, Scope.FINANCE)])
async def claim_lots(body: ClaimBody, work: Work) -> OperationView:
    """Be paid out: the open shares of up to 100 of one's lots, each by itself."""
    return OperationView.of(await claims.claim(work, body))


@REDEMPTIONS.post("", status_code=201, dependencies=[needs(Scope.PAY)])
async def redeem_cash(body: RedemptionBody, work: Work) -> IntentView:
    """Turn cash on the ledger into a bank payment to oneself: an intent that the holder's signers sign."""
    return await intents.view(work, await cash.redeem(work, body))


@CASH_CREDITS.post("", status_code=201, dependencies=[needs(Scope.SETTLE)])
async def credit_cash(body: CashCreditBody, work: Work) -> OperationView:
    """Book a credit notice of the settlement bank as cash of a party."""
    return OperationView.of(await cash.credit(work, body))


@BALANCES.get("", dependencies=[_MEMBERS])
async def list_balances(read: Read) -> list[MoneyView]:
    """The cash of the caller's party, one amount a currency."""
    return [MoneyView.of(row.amount_minor, row.currency) for row in await cash.balances(read)]


@OVERDUE.post("/{receivable_id}/overdue-flag", status_code=201, dependencies=[_CONCERNED])
async def flag_overdue(receivable_id: str, work: Work) -> OperationView:
    """Flag a receivable that is due and unpaid; until it is paid its debtor cannot issue."""
    return OperationView.of(await claims.flag_overdue(work, to_receivable_id(receivable_id)))


@OVERDUE.post("/{receivable_id}/default", status_code=201, dependencies=[_CONCERNED])
async def declare_default(receivable_id: str, work: Work) -> OperationView:
    """Put a receivable in default whose days of grace are over; what is paid later is still taken."""
    return OperationView.of(await claims.declare_default(work, to_receivable_id(receivable_id)))
