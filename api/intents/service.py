"""The life of an intent: prepared by a business folder, signed by its parties, on its way by itself when
complete.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from api.auth.caller import Caller
from api.db import ReadSession
from api.http.problems import define
from api.http.translation import contract_refusal
from api.ids import now_ms
from api.intents import repository
from api.intents.completion import call_of, intent_of, kind_of
from api.intents.models import IntentRecord, IntentRequirement, IntentSignature, IntentState
from api.intents.schemas import IntentView, RequirementView, SummaryLine
from api.intents.signing import ANY_POWER, check_signer, have_and_need, power_of, recover
from api.outbox import service as outbox
from api.outbox.models import Lane, OperationKind
from api.outbox.schemas import OperationView
from api.work import Reading, UnitOfWork
from chain import typed_data
from domain.calendar import DAY_SECONDS
from domain.ids import Digest, PartyAddress
from domain.intents import Intent
from domain.parties import Power

LIFETIME_MAX_S: Final = DAY_SECONDS
"""A deadline is at most a day ahead (`IIntents.IntentDeadlineTooFar`)."""

INTENT_NOT_OPEN = define(
    "intent-not-open", 409, "The intent takes no more signatures", "该签署指令不能再签署"
)
INTENT_NOT_YOURS = define("intent-not-yours", 403, "Your party does not sign this", "贵方不是该指令的签署方")
SIGNER_NOT_YOURS = define(
    "signer-not-yours", 403, "The API key speaks for another signer", "API 密钥属于其他签署人"
)


async def prepare(
    work: UnitOfWork,
    *,
    intent: Intent,
    required: Sequence[tuple[PartyAddress, Power | None]],
    subject_ref: str,
    summary: Sequence[SummaryLine],
) -> IntentRecord:
    """Store an intent to be signed; `required` in the order in which the contract takes the parties'
    signatures, without a power where any one key of the party will do.

    `subject_ref` is the business folder's own name of what it is about; follow-ups of the operation get it
    back. The intent expires at its deadline. Raises the problems `IntentExpired` and `IntentDeadlineTooFar`.
    """
    _check_deadline(intent.deadline, work.now_s)
    record = IntentRecord(
        digest=typed_data.digest(intent, work.book),
        kind=kind_of(intent),
        fields=asdict(intent),
        summary=[line.model_dump() for line in summary],
        subject_ref=subject_ref,
        expires_s=intent.deadline,
        created_ms=now_ms(),
    )
    work.session.add(record)
    await work.session.flush()
    work.session.add_all(
        IntentRequirement(
            digest=record.digest,
            position=position,
            party=party,
            power=ANY_POWER if power is None else power,
        )
        for position, (party, power) in enumerate(required)
    )
    await work.session.flush()
    return record


async def get(session: ReadSession, digest: Digest) -> IntentRecord:
    """The intent of a digest. Raises `not-found`."""
    return await repository.get(session, digest)


async def add_signature(work: UnitOfWork, digest: Digest, signature: str) -> IntentRecord:
    """Count a signature of the caller's party; the last one that is needed puts the intent in the outbox.

    Raises `not-found`, `intent-not-yours`, `intent-not-open`, `signer-not-yours`, and the contract's own
    refusals by their names.
    """
    record = await repository.get_for_update(work.session, digest)
    required = await repository.requirements(work.session, digest)
    powers = _powers_of(work.caller, required)
    _require_open(record, work.now_s)
    collected = await repository.signatures(work.session, digest)
    signer = await _accepted_signer(work, digest, signature, powers, collected)
    row = IntentSignature(
        digest=digest,
        party=work.caller.party,
        signer=signer,
        signature=signature.lower(),
        key_id=work.caller.key_id,
        created_ms=now_ms(),
    )
    work.session.add(row)
    record.state = IntentState.COLLECTING
    await _send_when_complete(work, record, required, [*collected, row])
    await work.session.flush()
    return record


async def withdraw(work: UnitOfWork, digest: Digest) -> IntentRecord:
    """Take an intent back before it is complete; any of its parties may."""
    record = await repository.get_for_update(work.session, digest)
    _powers_of(work.caller, await repository.requirements(work.session, digest))
    _require_open(record, work.now_s)
    record.state = IntentState.WITHDRAWN
    await work.session.flush()
    return record


def state_of(record: IntentRecord, now_s: int) -> IntentState:
    """The state at a business time: an open intent past its deadline is expired."""
    state = IntentState(record.state)
    if state in (IntentState.PREPARED, IntentState.COLLECTING) and now_s > record.expires_s:
        return IntentState.EXPIRED
    return state


async def is_satisfied(reading: Reading, digest: Digest, party: PartyAddress) -> bool:
    """Whether a party has given all the signatures an intent needs of it."""
    collected = await repository.signatures(reading.session, digest)
    mine = [row for row in await repository.requirements(reading.session, digest) if row.party == party]
    return bool(mine) and all([await _is_met(reading, row, collected) for row in mine])


async def view(reading: Reading, record: IntentRecord) -> IntentView:
    """An intent as its parties see it, with the operation that carries it once it is complete."""
    collected = await repository.signatures(reading.session, record.digest)
    rows = [
        await _requirement_view(reading, row, collected)
        for row in await repository.requirements(reading.session, record.digest)
    ]
    operation = await outbox.find(reading.session, record.operation_id) if record.operation_id else None
    return IntentView.of(
        record,
        state=state_of(record, reading.now_s),
        typed_data=typed_data.typed_data(intent_of(record), reading.book),
        signatures=rows,
        operation=OperationView.of(operation) if operation is not None else None,
    )


async def _accepted_signer(
    work: UnitOfWork,
    digest: Digest,
    signature: str,
    powers: Sequence[Power],
    collected: Sequence[IntentSignature],
) -> str:
    signer = recover(digest, signature)
    await check_signer(work.mirror, work.caller.party, signer, powers, work.now_s)
    if work.caller.signer is not None and work.caller.signer != signer:
        raise SIGNER_NOT_YOURS("sign with the key that this API key is bound to", signer=signer)
    if any(row.party == work.caller.party and row.signer == signer for row in collected):
        # The ledger would find the same signer twice in a row: maker and checker are two people.
        raise contract_refusal("PartiesSignersNotAscending", previous=signer, signer=signer)
    return signer


async def _send_when_complete(
    work: UnitOfWork,
    record: IntentRecord,
    required: Sequence[IntentRequirement],
    collected: Sequence[IntentSignature],
) -> None:
    if not all([await _is_met(work, row, collected) for row in required]):
        return
    operation = await outbox.enqueue(
        work,
        lane=Lane.RELAYER,
        kind=OperationKind(record.kind),
        call=call_of(record, required, collected, work.book),
        subject_ref=record.subject_ref,
        digest=Digest(record.digest),
        visible_to=[PartyAddress(row.party) for row in required],
    )
    record.state = IntentState.COMPLETE
    record.operation_id = operation.id


async def _is_met(
    reading: Reading, requirement: IntentRequirement, collected: Sequence[IntentSignature]
) -> bool:
    signed, need = await have_and_need(reading.mirror, requirement, collected, reading.now_s)
    return len(signed) >= need


async def _requirement_view(
    reading: Reading, requirement: IntentRequirement, collected: Sequence[IntentSignature]
) -> RequirementView:
    signed, need = await have_and_need(reading.mirror, requirement, collected, reading.now_s)
    power = power_of(requirement)
    return RequirementView(
        party=requirement.party,
        power=power.name.lower() if power is not None else "any",
        have=len(signed),
        need=need,
        signers=signed,
    )


def _powers_of(caller: Caller, required: Sequence[IntentRequirement]) -> list[Power]:
    powers = [power_of(row) for row in required if row.party == caller.party]
    if not powers:
        raise INTENT_NOT_YOURS("only the parties that an intent names sign it")
    return [power for power in powers if power is not None]


def _require_open(record: IntentRecord, now_s: int) -> None:
    state = state_of(record, now_s)
    if state is IntentState.EXPIRED:
        raise contract_refusal("IntentExpired", deadline=record.expires_s, now_=now_s)
    if state in (IntentState.COMPLETE, IntentState.WITHDRAWN):
        raise INTENT_NOT_OPEN(f"the intent is {state}", state=state)


def _check_deadline(deadline_s: int, now_s: int) -> None:
    if deadline_s < now_s:
        raise contract_refusal("IntentExpired", deadline=deadline_s, now_=now_s)
    if deadline_s > now_s + LIFETIME_MAX_S:
        raise contract_refusal("IntentDeadlineTooFar", deadline=deadline_s, latest=now_s + LIFETIME_MAX_S)
