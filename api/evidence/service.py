"""A receivable's story for one caller: all of it for auditors and the debtor, one's own hops for everybody
else.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import msgspec

from api.auth.caller import Scope
from api.evidence.hops import Lens, hop_view, mentioned_in
from api.evidence.schemas import (
    DebtorPaymentView,
    EventProofView,
    EventView,
    LossView,
    LotNode,
    StateStepView,
    TraceView,
)
from api.http.problems import NOT_FOUND, define
from api.http.schemas import MoneyView
from api.http.translation import contract_refusal
from api.parties.refs import PartyRef, names_of
from api.receivables import views as receivables
from api.receivables.access import sees_all_lots, visible_receivable
from api.transfers.repository import evidence_of
from api.work import Reading
from chain.errors import ProofError
from chain.node import ChainNode
from chain.proof.evidence import LogEvidence, TrustedHash, verify_log_evidence
from chain.proof.qbft import verify_seals
from domain.ids import ReceivableId
from indexer import lineage, queries
from indexer.lineage import (
    DebtorPayment,
    Hop,
    Loss,
    LotTree,
    Trace,
    TraceTooLarge,
)
from indexer.models import ChainBlock, ChainEvent, Receivable
from indexer.queries import UnknownSerial
from indexer.queries.archive import archive_of

TRACE_TOO_LARGE = define(
    "trace-too-large", 422, "The tree is too large, ask for a serial", "凭证段过多，请指定序号"
)
EVIDENCE_DIFFERS = define(
    "evidence-differs",
    409,
    "The node and the mirror do not have the same event there",
    "节点与镜像在此处的事件不一致",
)

EVIDENCE_NOT_SEALED = define(
    "evidence-not-sealed",
    409,
    "The node's block does not have the seals of enough validators",
    "节点的区块缺少足够的验证人签封",
)


EVENT_ARCHIVED = define(
    "event-archived",
    410,
    "The events of that block are in the archive; the operator has it",
    "该区块的事件已归档，请向运营方索取",
)


async def trace(read: Reading, receivable_id: ReceivableId, serial: int | None) -> TraceView:
    """The story of a receivable, or of one serial of it.

    Raises `not-found`, `LensSerialOutOfRange` and `trace-too-large`.
    """
    receivable = await visible_receivable(read, receivable_id)
    try:
        story = await lineage.trace(read.mirror, receivable_id, serial)
    except UnknownSerial as error:
        raise contract_refusal(
            "LensSerialOutOfRange", receivable=receivable_id, serial=serial, face=receivable.face_minor
        ) from error
    except TraceTooLarge as error:
        raise TRACE_TOO_LARGE(str(error)) from error
    lens = await _lens(read, receivable, story)
    return await _view(read, receivable, story, lens)


async def prove(read: Reading, client: ChainNode, block_number: int, log_index: int) -> EventProofView:
    """The evidence of one event of the mirror. Raises `not-found`, `event-archived`, `evidence-differs` where
    the node has another block or another event there than the mirror, and `evidence-not-sealed` where it has
    lost the seals.
    """
    event = await read.mirror.get(ChainEvent, (block_number, log_index))
    block = await read.mirror.get(ChainBlock, block_number)
    if event is None and await archive_of(read.mirror, block_number) is not None:
        raise EVENT_ARCHIVED(f"the events of block {block_number} are in the archive")
    if event is None or block is None:
        raise NOT_FOUND("no event of ours is mirrored there")
    evidence = await client.evidence(block_number, log_index)
    try:
        proven = verify_log_evidence(evidence, TrustedHash(block.hash))
    except ProofError as error:
        raise EVIDENCE_DIFFERS(str(error)) from error
    mirrored = [event.topic0, event.topic1, event.topic2, event.topic3]
    if (
        list(proven.topics) != [topic for topic in mirrored if topic is not None]
        or (proven.data, proven.transaction_hash) != (event.data, event.tx_hash)
        or proven.address != event.contract.lower()
    ):
        raise EVIDENCE_DIFFERS("the mirror has another event there")
    validators = await queries.validator_set_at(read.mirror, block_number)
    names = validators.addresses.split() if validators else []
    return EventProofView(
        name=event.name,
        contract=event.contract,
        tx_hash=event.tx_hash,
        block_hash=block.hash,
        validators=names,
        sealers=_sealers(evidence, names),
        evidence=msgspec.to_builtins(evidence),
    )


def _sealers(evidence: LogEvidence, validators: Sequence[str]) -> list[str]:
    """Seals are not in the block's hash: a node may have others than the mirror saw, or none."""
    if not validators:
        return []
    try:
        return list(verify_seals(evidence.header, validators, evidence.hash_rule))
    except ProofError as error:
        raise EVIDENCE_NOT_SEALED(str(error)) from error


async def _lens(read: Reading, receivable: Receivable, story: Trace) -> Lens:
    hops = list(_hops(story))
    mentioned = {address for hop in hops for address in mentioned_in(hop) if address is not None}
    return Lens(
        money=partial(_money, receivable.currency),
        names=await names_of(read.session, story.debtor, story.creditor, *sorted(mentioned)),
        kept=await evidence_of(read.session, (hop.evidence for hop in hops)),
        party=read.caller.party,
        sees_all=sees_all_lots(read.caller, receivable),
        audits=read.caller.has(Scope.AUDIT),
    )


async def _view(read: Reading, receivable: Receivable, story: Trace, lens: Lens) -> TraceView:
    detail = await receivables.receivable_detail(read, receivable)
    return TraceView(
        receivable_id=detail.id,
        state=detail.state,
        debtor=detail.debtor,
        creditor=detail.creditor,
        face=detail.face,
        issue_digest=story.issue_digest,
        invoices=detail.invoices,
        payments=[_payment(payment, lens) for payment in story.payments],
        states=[
            StateStepView(
                from_state=step.from_state,
                to_state=step.to_state,
                order=step.order,
                event=EventView.of(step.event),
            )
            for step in story.states
        ],
        loss=_loss(story.loss, lens) if story.loss else None,
        tree=_node(story.tree, lens) if story.tree else None,
        serial=str(story.serial) if story.serial is not None else None,
        path=[hop_view(hop, lens) for hop in story.path],
        payee=_payee(story, lens),
        sealed_from_block=await queries.sealed_from(read.mirror),
    )


def _payee(story: Trace, lens: Lens) -> PartyRef | None:
    """A chargee who was paid instead of the owner is for those two and the auditor."""
    if story.payee is None or not lens.shows(story.path[-1]):
        return None
    owner = story.path[-1].to_party
    hidden = story.payee != owner and not lens.agreed(owner, story.payee)
    return None if hidden else lens.ref(story.payee)


def _node(tree: LotTree, lens: Lens) -> LotNode | None:
    """The branch as the caller sees it; one in which it has no part is left out."""
    children = [node for child in tree.children if (node := _node(child, lens)) is not None]
    if not children and not lens.shows(tree.hop):
        return None
    return LotNode(
        hop=hop_view(tree.hop, lens),
        left=lens.money(tree.left_minor),
        left_first_serial=str(tree.left_first_serial),
        children=children,
    )


def _loss(loss: Loss, lens: Lens) -> LossView:
    return LossView(
        principal=lens.money(loss.principal_minor),
        interest=lens.money(loss.interest_minor),
        order=loss.order,
        event=EventView.of(loss.event),
    )


def _payment(payment: DebtorPayment, lens: Lens) -> DebtorPaymentView:
    return DebtorPaymentView(
        installment=payment.installment,
        principal=lens.money(payment.principal_minor),
        interest=lens.money(payment.interest_minor),
        digest=payment.digest,
        event=EventView.of(payment.event),
    )


def _hops(story: Trace) -> Iterator[Hop]:
    yield from story.path
    if story.tree is not None:
        yield from _below(story.tree)


def _below(tree: LotTree) -> Iterable[Hop]:
    yield tree.hop
    for child in tree.children:
        yield from _below(child)


def _money(currency: int, amount_minor: int) -> MoneyView:
    return MoneyView.of(amount_minor, currency)
