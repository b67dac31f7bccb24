"""Passing part of a lot on: the `Assign` of owner and receiver, and the evidence of the trade behind it."""

from typing import Any

from api.ids import now_ms
from api.intents import service as intents
from api.intents.models import IntentRecord
from api.intents.schemas import SummaryLine
from api.parties.refs import names_of
from api.receivables.ids import to_lot_id
from api.receivables.money import in_words
from api.receivables.title import movable, require_active, require_not_self
from api.salt import new_salt, secret_salt
from api.transfers.models import AssignmentEvidence
from api.transfers.schemas import AssignmentBody, TradeEvidence
from api.work import UnitOfWork
from domain.commitments import commitment
from domain.ids import LotId, PartyAddress
from domain.intents import Assign
from domain.parties import Power
from indexer.models import Lot, Receivable


async def assign(work: UnitOfWork, body: AssignmentBody) -> IntentRecord:
    """The `Assign` to sign, by the owner (ASSIGN) and the receiver (ACCEPT).

    Raises the refusals of the ledger by their names, the receiver's standing included, before anybody signs.
    """
    cut = await movable(work, to_lot_id(body.lot_id), body.amount)
    receiver = PartyAddress(body.to)
    require_not_self(cut.lot, receiver)
    await require_active(work, work.caller.party)
    await require_active(work, receiver)
    document = _evidence(cut.lot, receiver, body.evidence)
    intent = Assign(
        owner=work.caller.party,
        to=receiver,
        lot=LotId(cut.lot.id),
        seq=cut.lot.seq,
        amount=cut.amount_minor,
        evidence=commitment(document),
        deadline=work.now_s + intents.LIFETIME_MAX_S,
        salt=new_salt(),
    )
    record = await intents.prepare(
        work,
        intent=intent,
        required=[(work.caller.party, Power.ASSIGN), (receiver, Power.ACCEPT)],
        subject_ref=f"lot:{cut.lot.id}",
        summary=await _summary(work, intent, cut.receivable, body.evidence),
    )
    await _keep(work, intent, record, document)
    return record


def _evidence(lot: Lot, receiver: PartyAddress, evidence: TradeEvidence) -> dict[str, Any]:
    return {
        "kind": "tallystick.assignment-evidence.v1",
        "lot": str(lot.id),
        "owner": lot.owner,
        "receiver": receiver,
        "evidence": evidence.model_dump(mode="json"),
        "salt": secret_salt(),
    }


async def _keep(work: UnitOfWork, intent: Assign, record: IntentRecord, document: dict[str, Any]) -> None:
    row = AssignmentEvidence(
        evidence=intent.evidence,
        digest=record.digest,
        document=document,
        owner=intent.owner,
        receiver=intent.to,
        created_ms=now_ms(),
    )
    work.session.add(row)
    await work.session.flush()


async def _summary(
    work: UnitOfWork, intent: Assign, receivable: Receivable, evidence: TradeEvidence
) -> list[SummaryLine]:
    names = await names_of(work.session, intent.owner, intent.to)
    return [
        SummaryLine(label="From", label_zh="转出方", value=names[intent.owner]),
        SummaryLine(label="To", label_zh="受让方", value=names[intent.to]),
        SummaryLine(label="Amount", label_zh="金额", value=in_words(intent.amount, receivable.currency)),
        SummaryLine(label="Receivable", label_zh="凭证", value=str(receivable.id)),
        SummaryLine(label="Trade", label_zh="贸易背景", value=f"{evidence.kind} {evidence.reference}"),
    ]
