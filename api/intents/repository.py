"""Reading intents with their requirements and signatures."""

from collections.abc import Sequence

from sqlmodel import col, select

from api.db import ReadSession, WriteSession
from api.http.problems import NOT_FOUND
from api.intents.models import IntentRecord, IntentRequirement, IntentSignature, IntentState
from domain.errors import MalformedHex
from domain.ids import Digest, PartyAddress, parse_digest


async def get(session: ReadSession, digest: str) -> IntentRecord:
    """The intent of a digest. Raises the problem `not-found`."""
    return _found(await session.get(IntentRecord, digest))


async def get_for_update(session: WriteSession, digest: str) -> IntentRecord:
    """The same, held against other commands until the transaction ends: two signers may come at once."""
    statement = select(IntentRecord).where(IntentRecord.digest == digest).with_for_update()
    return _found((await session.execute(statement)).scalar_one_or_none())


async def requirements(session: ReadSession, digest: str) -> Sequence[IntentRequirement]:
    """Who must sign, in the order of the call's arguments."""
    statement = select(IntentRequirement).where(IntentRequirement.digest == digest)
    return (await session.scalars(statement.order_by(col(IntentRequirement.position)))).all()


async def signatures(session: ReadSession, digest: str) -> Sequence[IntentSignature]:
    """The signatures collected so far, by party and signer."""
    statement = select(IntentSignature).where(IntentSignature.digest == digest)
    return (
        await session.scalars(statement.order_by(col(IntentSignature.party), col(IntentSignature.signer)))
    ).all()


async def parties_of(session: ReadSession, digest: str) -> list[PartyAddress]:
    """The parties that an intent concerns."""
    return [PartyAddress(row.party) for row in await requirements(session, digest)]


async def open_for(
    session: ReadSession, party: PartyAddress, *, now_s: int, after: str | None, limit: int
) -> Sequence[IntentRecord]:
    """Intents that name the party and still take signatures, by digest."""
    named = select(IntentRequirement.digest).where(IntentRequirement.party == party)
    statement = select(IntentRecord).where(
        col(IntentRecord.digest).in_(named),
        col(IntentRecord.state).in_([IntentState.PREPARED, IntentState.COLLECTING]),
        IntentRecord.expires_s > now_s,
    )
    if after is not None:
        statement = statement.where(IntentRecord.digest > after)
    return (await session.scalars(statement.order_by(col(IntentRecord.digest)).limit(limit))).all()


def to_digest(text: str) -> Digest:
    """The digest of a path; anything that is none names no intent."""
    try:
        return parse_digest(text.lower())
    except MalformedHex as error:
        raise NOT_FOUND("no such intent") from error


def _found(record: IntentRecord | None) -> IntentRecord:
    if record is None:
        raise NOT_FOUND("no such intent")
    return record
