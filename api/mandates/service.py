"""Granting a mandate, taking it back, looking at one's own."""

from collections.abc import Sequence

from api.auth.caller import Scope
from api.auth.visibility import require_visible
from api.http.problems import NOT_FOUND
from api.http.schemas import instant
from api.http.translation import contract_refusal
from api.intents import service as intents
from api.intents.models import IntentRecord
from api.intents.revocation import revoke
from api.intents.schemas import SummaryLine
from api.intents.signing import check_signer
from api.mandates.schemas import MandateBody, MandateView
from api.outbox.models import Operation, OperationKind, OperationState
from api.outbox.service import Followup
from api.parties.refs import names_of
from api.receivables.money import in_words
from api.receivables.title import require_active
from api.salt import new_salt
from api.work import Reading, UnitOfWork
from domain.ids import Digest, PartyAddress
from domain.intents import Mandate, Recourse
from domain.parties import Power, Role
from indexer import models, queries
from indexer.queries import Page


async def grant(work: UnitOfWork, body: MandateBody) -> IntentRecord:
    """The `Mandate` to sign by the bank (FINANCE); its quoter has to be a key of the bank that may quote.

    Raises the refusals of the ledger by their names.
    """
    bank, debtor = work.caller.party, PartyAddress(body.debtor)
    await require_active(work, bank, Role.BANK)
    await require_active(work, debtor, Role.DEBTOR)
    await check_signer(work.mirror, bank, body.quoter, [Power.QUOTE], work.now_s)
    currency = body.limit.numeric()
    if currency not in work.book.cash:
        raise contract_refusal("LedgerUnknownCurrency", currency=currency)
    recourse = Recourse[body.recourse.upper()]
    valid_from_s, valid_until_s = int(body.valid_from.timestamp()), int(body.valid_until.timestamp())
    if valid_until_s <= max(valid_from_s, work.now_s):
        raise contract_refusal(
            "MandateBadTerms",
            day_count=body.day_count,
            recourse=recourse,
            valid_from=valid_from_s,
            valid_until=valid_until_s,
        )
    intent = Mandate(
        bank=bank,
        quoter=PartyAddress(body.quoter),
        debtor=debtor,
        currency=currency,
        limit=body.limit.positive_minor(),
        min_rate_ppm=body.min_rate_ppm,
        day_count=body.day_count,
        max_tenor_days=body.max_tenor_days,
        recourse=recourse,
        valid_from=valid_from_s,
        valid_until=valid_until_s,
        deadline=work.now_s + intents.LIFETIME_MAX_S,
        salt=new_salt(),
    )
    return await intents.prepare(
        work,
        intent=intent,
        required=[(bank, Power.FINANCE)],
        subject_ref=f"debtor:{debtor}",
        summary=await _summary(work, intent),
    )


async def withdraw(work: UnitOfWork, mandate_id: Digest) -> IntentRecord:
    """The `Revoke` of a mandate of the caller's bank, to sign by any one of its keys.

    Raises `not-found` and `PartiesIntentRevoked`.
    """
    mandate = await queries.mandate(work.mirror, mandate_id)
    if mandate is None or mandate.bank != work.caller.party:
        raise NOT_FOUND("no such mandate")
    return await revoke(work, mandate_id, f"mandate:{mandate_id}", f"mandate {mandate_id}")


async def page(read: Reading, cursor: str | None, limit: int) -> Page[models.Mandate]:
    """The mandates of the caller's bank; all of them for an auditor."""
    bank = None if read.caller.has(Scope.AUDIT) else read.caller.party
    return await queries.mandates(read.mirror, bank=bank, cursor=cursor, limit=limit)


async def visible(read: Reading, mandate_id: Digest) -> models.Mandate:
    """A mandate, for its bank and auditors: what a bank would pay is no business of others, the debtor
    included. Raises `not-found`.
    """
    mandate = await queries.mandate(read.mirror, mandate_id)
    if mandate is None:
        raise NOT_FOUND("no such mandate")
    require_visible(read.caller, [PartyAddress(mandate.bank)], "mandate")
    return mandate


async def views(read: Reading, mandates: Sequence[models.Mandate]) -> list[MandateView]:
    """Mandates with their names and standing."""
    named = (party for mandate in mandates for party in (mandate.bank, mandate.debtor))
    names = await names_of(read.session, *named)
    ids = [mandate.id for mandate in mandates]
    withdrawn = {
        (bank, mandate_id)
        for bank in {mandate.bank for mandate in mandates}
        for mandate_id in await queries.revoked_by(read.mirror, PartyAddress(bank), ids)
    }
    return [
        MandateView.of(mandate, names, now_s=read.now_s, is_withdrawn=(mandate.bank, mandate.id) in withdrawn)
        for mandate in mandates
    ]


async def _summary(work: UnitOfWork, intent: Mandate) -> list[SummaryLine]:
    names = await names_of(work.session, intent.debtor)
    recourse = "with recourse 有追索" if intent.recourse else "without recourse 无追索"
    return [
        SummaryLine(label="Key that quotes", label_zh="报价密钥", value=intent.quoter),
        SummaryLine(label="Debtor", label_zh="债务人", value=names[intent.debtor]),
        SummaryLine(label="Limit", label_zh="额度", value=in_words(intent.limit, intent.currency)),
        SummaryLine(
            label="Rate at least", label_zh="利率下限", value=f"{intent.min_rate_ppm / 10_000:.4f} %"
        ),
        SummaryLine(label="Days at most", label_zh="最长天数", value=str(intent.max_tenor_days)),
        SummaryLine(label="Recourse", label_zh="追索权", value=recourse),
        SummaryLine(label="From", label_zh="生效", value=instant(intent.valid_from)),
        SummaryLine(label="Until", label_zh="失效", value=instant(intent.valid_until)),
    ]


async def _granted(_work: UnitOfWork, operation: Operation) -> None:
    if operation.state == OperationState.DONE:
        operation.result = {"mandate_id": operation.digest}


FOLLOWUPS: dict[OperationKind, Followup] = {OperationKind.MANDATE: _granted}
