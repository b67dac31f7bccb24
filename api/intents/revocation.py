"""A signature that is out in the world is taken back on the ledger, by any one key of the party."""

from api.http.translation import contract_refusal
from api.intents import repository, service
from api.intents.models import IntentRecord, IntentState
from api.intents.schemas import SummaryLine
from api.salt import new_salt
from api.work import UnitOfWork
from domain.ids import Digest
from domain.intents import Revoke
from indexer import queries


async def revoke_intent(work: UnitOfWork, digest: Digest) -> IntentRecord:
    """The `Revoke` of what the caller's party signed; until then the intent takes no more signatures here.

    Raises `not-found`, `intent-not-yours`, `intent-not-open` once it has taken effect, and
    `PartiesIntentRevoked`.
    """
    record = await repository.get_for_update(work.session, digest)
    if work.caller.party not in await repository.parties_of(work.session, digest):
        raise service.INTENT_NOT_YOURS("only the parties that an intent names revoke it")
    if await queries.intent_use(work.mirror, digest) is not None:
        raise service.INTENT_NOT_OPEN("it has taken effect", state=record.state)
    if record.state in (IntentState.PREPARED, IntentState.COLLECTING):
        record.state = IntentState.WITHDRAWN
    return await revoke(work, digest, f"revocation:{digest}", f"{record.kind} {digest}")


async def revoke(work: UnitOfWork, digest: Digest, subject_ref: str, what: str) -> IntentRecord:
    """The `Revoke` to sign by any one key of the caller's party. Raises `PartiesIntentRevoked`."""
    party = work.caller.party
    if digest in await queries.revoked_by(work.mirror, party, [digest]):
        raise contract_refusal("PartiesIntentRevoked", party=party, digest=digest)
    intent = Revoke(party=party, digest=digest, deadline=work.now_s + service.LIFETIME_MAX_S, salt=new_salt())
    return await service.prepare(
        work,
        intent=intent,
        required=[(party, None)],
        subject_ref=subject_ref,
        summary=[SummaryLine(label="Withdraw the signature of", label_zh="撤回签名", value=what)],
    )
